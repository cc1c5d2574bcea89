import { existsSync } from 'node:fs'
import type { LoadedConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import type { RootStatus } from '../../core/status.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { openSqliteReader } from '../../ledger/sqlite/ledger.ts'
import { isLocked } from '../../ledger/sqlite/lock.ts'
import { sqliteLedgerPath } from '../../ledger/sqlite/path.ts'
import type { Freshness } from '../../report/freshness.ts'
import type { SourceHealth } from '../../view/snapshot.ts'
import type { Io } from '../io.ts'

export interface ReportLedger {
  readonly ledger: Ledger
  readonly origin: Freshness['origin']
  /** Folders that were read; empty unless the logs were read now. */
  readonly roots: readonly RootStatus[]
  /** How reading the logs went; null unless they were read now. */
  readonly sources: readonly SourceHealth[] | null
  close(): Promise<void>
}

/**
 * Opens the ledger to read from it: beside a running exporter as it is, else after reading the logs into it, unless
 * that is not wanted.
 */
export async function openForReport(io: Io, loaded: LoadedConfig, sync: boolean): Promise<ReportLedger> {
  const path = sqliteLedgerPath(loaded.config.storage.path)
  if (!sync) return openBeside(path, 'saved')
  if (isInUse(path)) return openBeside(path, 'exporter')
  // Sources, prices and all that come with them are needed only where logs are read.
  const { readLogs } = await import('../sync/read-logs.ts')
  try {
    const { app } = await readLogs(io, loaded)
    const { sources } = app.snapshot()
    const roots = sources.flatMap((source) => source.roots)
    return { ledger: app.ledger, origin: 'synced', roots, sources, close: () => app.stop() }
  } catch (error) {
    // An exporter may have started since.
    if (error instanceof OperatorError && isInUse(path)) return openBeside(path, 'exporter')
    throw error
  }
}

/** True when another process writes the ledger now. */
export function isInUse(path: string): boolean {
  return existsSync(path) && isLocked(path)
}

function openBeside(path: string, origin: Freshness['origin']): ReportLedger {
  const ledger = openSqliteReader(path)
  return { ledger, origin, roots: [], sources: null, close: () => ledger.close() }
}
