import type { LoadedConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import type { RootStatus } from '../../core/status.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { type LedgerPlace, ledgerPlace } from '../../ledger-place.ts'
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
  const place = ledgerPlace(loaded.config, io.clock)
  if (!sync) return openBeside(place, 'saved')
  if (await place.isInUse()) return openBeside(place, 'exporter')
  // Sources, prices and all that come with them are needed only where logs are read.
  const { readLogs } = await import('../sync/read-logs.ts')
  try {
    const { app } = await readLogs(io, loaded)
    const { sources } = app.snapshot()
    const roots = sources.flatMap((source) => source.roots)
    return { ledger: app.ledger, origin: 'synced', roots, sources, close: () => app.stop() }
  } catch (error) {
    // An exporter may have started since.
    if (error instanceof OperatorError && (await place.isInUse())) return openBeside(place, 'exporter')
    throw error
  }
}

async function openBeside(place: LedgerPlace, origin: Freshness['origin']): Promise<ReportLedger> {
  const ledger = await place.openReader()
  return { ledger, origin, roots: [], sources: null, close: () => ledger.close() }
}
