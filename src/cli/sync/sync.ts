import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import { isoTime } from '../../core/period.ts'
import { openSqliteReader } from '../../ledger/sqlite/ledger.ts'
import { sqliteLedgerPath } from '../../ledger/sqlite/path.ts'
import type { Io } from '../io.ts'
import { isInUse } from '../ledger/open-for-report.ts'
import { enabledSources } from '../report/freshness.ts'
import { jsonText } from '../report/json.ts'
import { localTime } from '../report/period.ts'
import { formatDuration } from '../terminal/figures.ts'
import { readLogs } from './read-logs.ts'
import { difference, readTotals, type SourceTotals, syncLines } from './sync-result.ts'

export interface SyncOptions {
  readonly type: string
  readonly json?: boolean
}

/**
 * Reads what is new in the logs into the ledger and tells what it was. Where an exporter is running there is nothing to
 * do, which is no failure: it has the logs in the ledger within a second.
 */
export async function sync(io: Io, command: Command): Promise<void> {
  const { type, json = false } = command.opts<SyncOptions>()
  requireSessions(type)
  const loaded = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  const { config } = loaded
  const path = sqliteLedgerPath(config.storage.path)
  if (isInUse(path)) {
    await tellOfExporter(io, path, config.timeZone, json)
    return
  }
  const start = performance.now()
  let before: readonly SourceTotals[] = []
  const { app, seconds } = await readLogs(io, loaded, async ({ ledger }) => {
    before = await readTotals(ledger)
  })
  try {
    const after = await readTotals(app.ledger)
    const results = enabledSources(config).map((source) => ({
      ...difference(source, before, after),
      seconds: seconds.get(source) ?? 0,
    }))
    const roots = app.snapshot().sources.flatMap((source) => source.roots)
    if (json) {
      io.stdout.write(
        jsonText({
          schemaVersion: 1,
          command: 'sync',
          type,
          ledger: path,
          exporterRunning: false,
          sources: results,
          roots,
        }),
      )
    } else {
      const elapsed = formatDuration(performance.now() - start)
      io.stdout.write(`${syncLines({ results, roots, path, elapsed }, io.stdout).join('\n')}\n`)
    }
  } finally {
    await app.stop()
  }
}

function requireSessions(type: string): void {
  if (type === 'sessions') return
  throw new OperatorError('This version can sync session logs only', {
    seen: `--type ${type}`,
    fix: 'Use --type sessions, or leave --type out.',
  })
}

async function tellOfExporter(io: Io, path: string, timeZone: string, json: boolean): Promise<void> {
  const ledger = openSqliteReader(path)
  try {
    const newest = Math.max(0, ...(await ledger.tallies()).map((tally) => tally.newest))
    const response = newest === 0 ? null : newest
    if (json) {
      const newestResponse = response === null ? null : isoTime(response, timeZone)
      io.stdout.write(
        jsonText({
          schemaVersion: 1,
          command: 'sync',
          type: 'sessions',
          ledger: path,
          exporterRunning: true,
          newestResponse,
        }),
      )
      return
    }
    const known =
      response === null ? 'no response yet' : `newest response ${localTime(response, timeZone)} (${timeZone})`
    io.stdout.write(`Nothing to do: an exporter is running and follows the logs itself.\nIn the ledger: ${known}.\n`)
  } finally {
    await ledger.close()
  }
}
