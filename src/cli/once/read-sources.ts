import type { App } from '../../app.ts'
import { enabledSources } from '../../config/enabled-sources.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { REPORTS } from '../../core/organization.ts'
import type { RootStatus } from '../../core/status.ts'
import type { SyncRun } from '../../core/sync-run.ts'
import type { Io } from '../io.ts'
import { readLogs } from '../sync/read-logs.ts'
import { syncOrganizations } from '../sync/sync-organizations.ts'
import { difference, readTotals, type SourceTotals } from '../sync/sync-result.ts'
import { formatBytes, formatCount } from '../terminal/figures.ts'
import type { Step, StepLog } from './steps.ts'

/**
 * Reads what is new in logs and organisations, tells of each, and hands over what is known then. Rejects with
 * OperatorError where the ledger cannot be had, and with LedgerError where nothing can be stored in it.
 */
export async function readSources<Result>(
  io: Io,
  loaded: LoadedConfig,
  log: StepLog,
  use: (app: App) => Promise<Result>,
): Promise<Result> {
  const { config } = loaded
  let before: readonly SourceTotals[] = []
  const { app, seconds } = await readLogs(io, loaded, {
    isCommand: true,
    before: async ({ ledger }) => {
      before = await readTotals(ledger)
    },
  })
  try {
    const after = await readTotals(app.ledger)
    const roots = new Map(app.snapshot().sources.map((source) => [source.source as string, source.roots]))
    for (const source of enabledSources(config)) {
      log.add(logStep(difference(source, before, after), seconds.get(source) ?? 0, roots.get(source) ?? []))
    }
    const runs = await syncOrganizations(io, app, config, {
      type: 'all',
      reports: REPORTS,
      logs: false,
      range: null,
      dryRun: false,
      json: false,
    })
    for (const run of runs) log.add(runStep(run))
    // Resolves once what the runs brought is in the figures.
    await app.configure(config)
    return await use(app)
  } finally {
    await app.stop()
  }
}

function logStep(totals: SourceTotals, seconds: number, roots: readonly RootStatus[]): Step {
  const { source, responses, duplicates, linesRead, bytesRead } = totals
  const rejected = Object.values(totals.rejected).reduce((sum, count) => sum + count, 0)
  const problems = roots.flatMap(({ path, problem }) => (problem === null ? [] : [`${path}: ${problem}`]))
  const isNothing = roots.every(({ state }) => state !== 'ok') && problems.length === 0
  const read = isNothing
    ? 'no logs found'
    : `${formatCount(responses)} new responses, ${formatBytes(bytesRead)} read${rejected === 0 ? '' : `, ${formatCount(rejected)} lines rejected`}`
  return {
    step: 'read logs',
    about: source,
    seconds,
    result: problems.length === 0 ? 'ok' : 'failed',
    text: [...problems, read].join('; '),
    fix:
      problems.length === 0
        ? null
        : 'Make these folders readable for this user, or take them out of the configuration.',
    figures: { responses, duplicates, linesRead, bytesRead, rejected },
  }
}

function runStep({ source, startedAt, endedAt, result, reason, error, changes, requests }: SyncRun): Step {
  const { fetched, added, changed, removed } = changes
  const counts = `${formatCount(fetched)} rows fetched: ${formatCount(added)} new, ${formatCount(changed)} changed, ${formatCount(removed)} removed; ${formatCount(requests)} requests`
  const isOk = result === 'ok'
  return {
    step: 'read organisation',
    about: source,
    seconds: ((endedAt ?? startedAt) - startedAt) / 1_000,
    result: isOk ? 'ok' : 'failed',
    text: isOk ? counts : `${reason ?? result}: ${error ?? 'no more is known'}; ${counts}`,
    fix: isOk ? null : 'The command runs tells more; the next time reads what is missing.',
    figures: { fetched, added, changed, removed, requests },
  }
}
