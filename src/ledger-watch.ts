import { AwayLog } from './away-log.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import type { HealthView } from './view/health-view.ts'

export interface LedgerWatchOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly health: Pick<HealthView, 'setAwaySince' | 'ledgerUp'>
  /** What is shown of the ledger is another. */
  readonly changed: () => void
}

/** What is shown and logged of a ledger that fails while something is read or written. */
export class LedgerWatch {
  readonly #options: LedgerWatchOptions
  readonly #away: AwayLog

  constructor(options: LedgerWatchOptions) {
    this.#options = options
    this.#away = new AwayLog(options.clock, options.logger)
  }

  /** To be called after each success. */
  answered(): void {
    if (this.#away.since === null) return
    const { health, changed } = this.#options
    this.#away.answered()
    health.setAwaySince(null)
    health.ledgerUp = true
    changed()
  }

  warn(what: string, error: unknown): void {
    const { health, logger, changed } = this.#options
    if (this.isAway(error)) health.ledgerUp = false
    else logger.warn(what, { err: error })
    changed()
  }

  /** True for a ledger that cannot be reached, which is told of once and not for every attempt. */
  isAway(error: unknown): boolean {
    const isAway = this.#away.failed(error)
    this.#options.health.setAwaySince(this.#away.since)
    return isAway
  }
}
