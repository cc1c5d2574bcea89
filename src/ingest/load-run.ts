import { NO_CHANGES, type SyncCause } from '../core/sync-run.ts'
import { LedgerError } from '../ledger/ledger.ts'
import type { OrganizationLedger } from '../ledger/organization.ts'
import type { Clock } from '../lib/clock.ts'
import type { IngestSummary } from './ingest.ts'

/**
 * The entry of the run log for reading all session logs of a source once. Where the ledger is away there is none, or it
 * stays open until the next start ends it: reading goes on without. Rejects with LedgerError for all else.
 */
export class LoadRun {
  readonly #ledger: Pick<OrganizationLedger, 'startRun' | 'endRun'>
  readonly #source: string
  readonly #cause: SyncCause
  readonly #clock: Clock
  #id = 0

  constructor(ledger: Pick<OrganizationLedger, 'startRun' | 'endRun'>, source: string, cause: SyncCause, clock: Clock) {
    this.#ledger = ledger
    this.#source = source
    this.#cause = cause
    this.#clock = clock
  }

  async begin(): Promise<void> {
    const start = { source: this.#source, cause: this.#cause, startedAt: this.#clock.now() }
    this.#id = (await unlessAway(this.#ledger.startRun(start))) ?? 0
  }

  /** Rows are responses: those new to the ledger, and lines that told of one already known. */
  async end(read: IngestSummary | null, isInterrupted: boolean): Promise<void> {
    if (this.#id === 0) return
    const changes =
      read === null
        ? NO_CHANGES
        : {
            ...NO_CHANGES,
            fetched: read.responses + read.duplicates,
            added: read.responses,
            unchanged: read.duplicates,
          }
    const end = {
      endedAt: this.#clock.now(),
      result: isInterrupted ? 'interrupted' : 'ok',
      generation: null,
      from: null,
      to: null,
      attempts: 1,
      requests: 0,
      changes,
      reason: null,
      error: null,
    } as const
    await unlessAway(this.#ledger.endRun(this.#id, end))
  }
}

async function unlessAway<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof LedgerError && error.failure === 'away') return null
    throw error
  }
}
