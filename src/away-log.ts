import { LedgerError } from './ledger/ledger.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'

const REMIND_MS = 60 * 60 * 1_000

/**
 * One line when the ledger's server goes away, one an hour while it stays away, and one when it is back, however many
 * attempts fail meanwhile.
 */
export class AwayLog {
  readonly #clock: Clock
  readonly #logger: Logger
  #since: number | null = null
  #told = 0

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock
    this.#logger = logger
  }

  /** Since when the server is away, epoch milliseconds; null while it is there. */
  get since(): number | null {
    return this.#since
  }

  /** True for a failure that this took care of. */
  failed(error: unknown): boolean {
    if (!(error instanceof LedgerError) || error.failure !== 'away') return false
    const now = this.#clock.now()
    if (this.#since === null) this.#since = now
    else if (now - this.#told < REMIND_MS) return true
    this.#told = now
    this.#logger.error('the ledger cannot be reached; nothing is lost while the logs are kept, trying again', {
      reason: error.message,
      awaySeconds: Math.round((now - this.#since) / 1_000),
    })
    return true
  }

  /** The ledger has answered. */
  answered(): void {
    if (this.#since === null) return
    this.#logger.info('the ledger can be reached again', {
      awaySeconds: Math.round((this.#clock.now() - this.#since) / 1_000),
    })
    this.#since = null
  }
}
