import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { startOfDaysBefore } from '../../core/period.ts'
import type { SyncResult, SyncRun } from '../../core/sync-run.ts'
import { ledgerPlace } from '../../ledger-place.ts'
import { jsonText } from '../../report/json.ts'
import type { Io } from '../io.ts'
import { runsJson } from './json.ts'
import { runsLines } from './table.ts'

interface RunsOptions {
  readonly source?: string
  readonly failed?: boolean
  readonly days?: number
  readonly top?: number
  readonly json?: boolean
}

const DEFAULT_TOP = 20
const FAILED: readonly SyncResult[] = ['failed', 'partial']

/** Prints the newest runs. */
export async function runRuns(io: Io, command: Command): Promise<void> {
  const { source, failed = false, days, top = DEFAULT_TOP, json = false } = command.opts<RunsOptions>()
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const now = io.clock.now()
  const { timeZone } = config
  const ledger = await ledgerPlace(config, io.clock).openReader()
  try {
    const query = {
      limit: top,
      ...(source !== undefined && { source }),
      ...(days !== undefined && { since: startOfDaysBefore(now, days - 1, timeZone) }),
    }
    const lists = await Promise.all(
      failed ? FAILED.map((result) => ledger.runs({ ...query, result })) : [ledger.runs(query)],
    )
    const runs = lists.flat().sort(newestFirst).slice(0, top)
    const report = { runs, now, timeZone, isFiltered: failed || source !== undefined || days !== undefined }
    if (json) io.stdout.write(jsonText(runsJson(report)))
    else io.stdout.write(`${runsLines(report, io.stdout).join('\n')}\n`)
  } finally {
    await ledger.close()
  }
}

function newestFirst(a: SyncRun, b: SyncRun): number {
  return b.startedAt - a.startedAt || b.id - a.id
}
