import { AwayLog } from './away-log.ts'
import type { Config } from './config/config.ts'
import { configuredSources } from './configured-sources.ts'
import type { SourceName } from './core/usage.ts'
import { type Ledger, LedgerError } from './ledger/ledger.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import type { Pricing } from './pricing/pricing.ts'
import { SessionLogs } from './session-logs.ts'
import type { Machine } from './sources/create-sources.ts'
import type { Source } from './sources/source.ts'
import { Team } from './team.ts'

/** How often it is looked whether a sign of life is due. */
const TICK_MS = 5_000

export interface IngesterOptions {
  readonly config: Config
  /** Open for writing, or opened when it is asked; the ingester closes it. */
  readonly ledger: Ledger
  readonly pricing: Pricing
  readonly machine: Machine
  readonly clock: Clock
  readonly logger: Logger
  /** Told when nothing can be done any more. */
  readonly onFatal: (error: unknown) => void
}

/**
 * The part of the exporter that brings this machine's logs into a ledger that others show: no sums in memory, no
 * listener, no budgets and no organisations.
 */
export class Ingester {
  readonly #options: IngesterOptions
  readonly #sources: readonly Source[]
  readonly #logs: SessionLogs
  readonly #team: Team
  readonly #away: AwayLog
  #ticker: NodeJS.Timeout | undefined
  #ticking: Promise<void> | null = null

  constructor(options: IngesterOptions) {
    const { config, ledger, clock, logger, machine, pricing } = options
    this.#options = options
    this.#away = new AwayLog(clock, logger)
    this.#sources = configuredSources(config, machine)
    this.#team = new Team({ ledger, clock, sources: this.#sources.map(({ name }) => name) })
    this.#logs = new SessionLogs({
      config,
      sources: this.#sources,
      pricing,
      ledger,
      clock,
      logger,
      health: { syncStarted: () => {}, syncFinished: () => {} },
      loadCause: 'start',
      events: {
        committed: () => this.#away.answered(),
        succeeded: (source) => {
          this.#away.answered()
          this.#team.noteRead(source)
        },
        failed: (source, log, error) => this.#failed(source, log, error),
      },
    })
  }

  /** Reads what there is, then follows it until `stop`. Resolves with false when `stop` came before that. */
  async run(): Promise<boolean> {
    this.#tick()
    this.#ticker = setInterval(() => this.#tick(), TICK_MS)
    if (!(await this.#logs.load())) return false
    await this.#logs.follow()
    return true
  }

  /** Bytes read and to be read, over all sources, while history is loaded. */
  progress(): { readonly done: number; readonly total: number } {
    return this.#logs.progress()
  }

  async stop(): Promise<void> {
    clearInterval(this.#ticker)
    await this.#logs.stop()
    await this.#ticking
    // Where it fails it ends by itself.
    await this.#options.ledger.releaseLeases().catch(() => {})
    await this.#options.ledger.close()
  }

  #tick(): void {
    this.#ticking ??= this.#team
      .tick()
      .then(
        (hasAsked) => {
          if (hasAsked) this.#away.answered()
        },
        (error) => {
          if (!this.#away.failed(error)) this.#options.logger.warn('cannot give a sign of life', { err: error })
        },
      )
      .finally(() => {
        this.#ticking = null
      })
  }

  #failed(source: SourceName, log: Logger, error: unknown): void {
    const failure = error instanceof LedgerError ? error.failure : 'other'
    if (failure === 'corrupt') this.#options.onFatal(error)
    else if (!this.#away.failed(error)) {
      log.error('cannot store what was read; trying again', { err: error, failure, source })
    }
  }
}
