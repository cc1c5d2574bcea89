import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { enabledSources } from '../../config/enabled-sources.ts'
import { flagsFrom } from '../../config/flags.ts'
import { type LoadedConfig, loadConfig } from '../../config/load.ts'
import { organizationsOf } from '../../config/organizations.ts'
import { durationText } from '../../core/duration-text.ts'
import { OperatorError } from '../../core/errors.ts'
import { isoTime } from '../../core/period.ts'
import type { SyncRun } from '../../core/sync-run.ts'
import { type LedgerPlace, ledgerPlace } from '../../ledger-place.ts'
import { jsonText } from '../../report/json.ts'
import { localTime } from '../../report/period.ts'
import type { Io } from '../io.ts'
import { type SyncRequest, syncRequest } from './options.ts'
import { readLogs } from './read-logs.ts'
import { runLines, syncOrganizations } from './sync-organizations.ts'
import { difference, readTotals, type SourceTotals, syncLines } from './sync-result.ts'

/**
 * Reads what is new into the ledger and tells what it was. Returns the exit code: 1 when a report of an organisation
 * could not be read. Where an exporter is running there is nothing to do, which is no failure: it has the logs in the
 * ledger within a second, and organisations by its schedule.
 */
export async function sync(io: Io, command: Command): Promise<number> {
  const request = syncRequest(command, io.clock.now())
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  requireOrganization(request, loaded)
  const place = ledgerPlace(loaded.config, io.clock)
  const { text: path } = place
  if (await place.isInUse()) {
    await tellOfExporter(io, place, loaded.config, request)
    return 0
  }
  const start = performance.now()
  let before: readonly SourceTotals[] = []
  const { app, seconds } = await readLogs(io, loaded, {
    logs: request.logs,
    isCommand: true,
    before: async ({ ledger }) => {
      before = await readTotals(ledger)
    },
  })
  try {
    const after = await readTotals(app.ledger)
    const results = enabledSources(loaded.config)
      .filter(() => request.logs)
      .map((source) => ({ ...difference(source, before, after), seconds: seconds.get(source) ?? 0 }))
    const roots = request.logs ? app.snapshot().sources.flatMap((source) => source.roots) : []
    const runs = await syncOrganizations(io, app, loaded.config, request)
    if (request.json) {
      const { type, dryRun } = request
      io.stdout.write(
        jsonText({
          schemaVersion: 1,
          command: 'sync',
          type,
          dryRun,
          ledger: path,
          exporterRunning: false,
          sources: results,
          roots,
          runs: runs.map(jsonRun),
        }),
      )
    } else {
      const elapsed = durationText(performance.now() - start)
      const lines = [
        ...(runs.length === 0 ? [] : runLines(runs, request.dryRun, io.stdout)),
        ...(request.logs ? syncLines({ results, roots, path, elapsed }, io.stdout) : []),
      ]
      io.stdout.write(`${lines.join('\n')}\n`)
    }
    return runs.every(({ result }) => result === 'ok') ? 0 : 1
  } finally {
    await app.stop()
  }
}

/** A run as it stands in JSON: times RFC 3339 in UTC. */
function jsonRun(run: SyncRun) {
  const time = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString())
  return {
    ...run,
    startedAt: time(run.startedAt),
    endedAt: time(run.endedAt),
    from: time(run.from),
    to: time(run.to),
  }
}

function requireOrganization({ type }: SyncRequest, { config }: LoadedConfig): void {
  if (type === 'sessions' || type === 'all' || organizationsOf(config).length > 0) return
  throw new OperatorError('No key of an organisation is configured', {
    fix: 'Set ANTHROPIC_ADMIN_KEY or ANTHROPIC_ADMIN_KEY_FILE (the README says how to make a key), or use --type sessions.',
  })
}

async function tellOfExporter(io: Io, place: LedgerPlace, config: Config, request: SyncRequest): Promise<void> {
  const { text: path } = place
  const { timeZone } = config
  if (request.range !== null || request.dryRun) {
    throw new OperatorError('An exporter is running and keeps the ledger for itself', {
      seen: path,
      fix: 'Stop it, run this command again and start it: it goes on where it was.',
    })
  }
  const ledger = await place.openReader()
  try {
    const newest = Math.max(0, ...(await ledger.tallies()).map((tally) => tally.newest))
    const response = newest === 0 ? null : newest
    if (request.json) {
      const newestResponse = response === null ? null : isoTime(response, timeZone)
      io.stdout.write(
        jsonText({
          schemaVersion: 1,
          command: 'sync',
          type: request.type,
          ledger: path,
          exporterRunning: true,
          newestResponse,
        }),
      )
      return
    }
    const known =
      response === null ? 'no response yet' : `newest response ${localTime(response, timeZone)} (${timeZone})`
    const schedule =
      organizationsOf(config).length === 0 ? '' : ' It reads organisations by its schedule: see the command runs.'
    io.stdout.write(
      `Nothing to do: an exporter is running and follows the logs itself.${schedule}\nIn the ledger: ${known}.\n`,
    )
  } finally {
    await ledger.close()
  }
}
