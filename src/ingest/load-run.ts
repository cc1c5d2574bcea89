import { NO_CHANGES, type SyncCause } from '../core/sync-run.ts'
import type { OrganizationLedger } from '../ledger/organization.ts'
import type { Clock } from '../lib/clock.ts'
import type { IngestSummary } from './ingest.ts'

/** The entry of the run log for reading all session logs of a source once. */
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
    this.#id = await this.#ledger.startRun({
      source: this.#source,
      cause: this.#cause,
      startedAt: this.#clock.now(),
    })
  }

  /** Rows are responses: those new to the ledger, and lines that told of one already known. */
  async end(read: IngestSummary | null, isInterrupted: boolean): Promise<void> {
    const changes =
      read === null
        ? NO_CHANGES
        : {
            ...NO_CHANGES,
            fetched: read.responses + read.duplicates,
            added: read.responses,
            unchanged: read.duplicates,
          }
    await this.#ledger.endRun(this.#id, {
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
    })
  }
}
