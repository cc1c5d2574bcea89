import type { LoadedConfig } from '../../config/load.ts'
import type { Overview } from '../../overview/overview.ts'
import type { Io } from '../io.ts'

export interface OpenOverview {
  /** As of now. Rejects with LedgerError. */
  read(): Promise<Overview>
  close(): Promise<void>
}

/**
 * What the page of an exporter would show now, without asking one: out of the ledger beside a running exporter, else
 * after reading the logs into it, unless that is not wanted.
 */
export async function openOverview(_io: Io, _loaded: LoadedConfig, _sync: boolean): Promise<OpenOverview> {
  throw new Error('being written')
}
