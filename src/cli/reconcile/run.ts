import type { Command } from 'commander'
import { enabledSources } from '../../config/enabled-sources.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { organizationsOf } from '../../config/organizations.ts'
import { pricingOf } from '../../configured-pricing.ts'
import { reconcile } from '../../reconcile/reconcile.ts'
import { readFreshness } from '../../report/freshness.ts'
import { jsonText } from '../../report/json.ts'
import type { Io } from '../io.ts'
import { openForReport } from '../ledger/open-for-report.ts'
import { reconcileJson } from './json.ts'
import { readInput } from './read-input.ts'
import { reconcileLines } from './table.ts'
import { chooseUtcDays, type DayOptions } from './utc-days.ts'

interface ReconcileOptions extends DayOptions {
  readonly by?: 'workspace'
  readonly json?: boolean
  readonly sync: boolean
}

/** Prints the reconciliation of the UTC days asked for. */
export async function runReconcile(io: Io, command: Command): Promise<void> {
  const options = command.opts<ReconcileOptions>()
  const now = io.clock.now()
  const days = chooseUtcDays(options, now)
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const { config } = loaded
  const opened = await openForReport(io, loaded, options.sync)
  try {
    const { ledger, origin, roots } = opened
    const configured = organizationsOf(config).map(({ name }) => name)
    const input = await readInput(ledger, days, configured, config.adminApi.settleAfterMs)
    const report = {
      reconciled: reconcile(input, pricingOf(config)),
      costCoverage: input.costCoverage,
      usageCoverage: input.usageCoverage,
      isConfigured: configured.length > 0,
      byWorkspace: options.by === 'workspace',
      workspaceNames: await workspaceNames(ledger),
      context: { now, timeZone: 'UTC', span: await ledger.span() },
      freshness: await readFreshness(ledger, enabledSources(config), { origin, roots, now }),
    }
    if (options.json) io.stdout.write(jsonText(reconcileJson(report)))
    else io.stdout.write(`${reconcileLines(report, io.stdout).join('\n')}\n`)
  } finally {
    await opened.close()
  }
}

/** Names by id, of every organisation. */
async function workspaceNames(ledger: Awaited<ReturnType<typeof openForReport>>['ledger']) {
  const directories = await ledger.directories()
  return new Map(directories.flatMap(({ workspaces }) => workspaces.map(({ id, name }) => [id, name] as const)))
}
