import type { Config } from './config/config.ts'
import type { SyncCause } from './core/sync-run.ts'
import type { SourceName } from './core/usage.ts'
import { Follower } from './ingest/follow.ts'
import type { IngestSummary } from './ingest/ingest.ts'
import { LoadRun } from './ingest/load-run.ts'
import type { Delta, Ledger } from './ledger/ledger.ts'
import type { Clock } from './lib/clock.ts'
import type { Logger } from './lib/logger.ts'
import type { Health } from './metrics/health.ts'
import type { Pricing } from './pricing/pricing.ts'
import type { Source } from './sources/source.ts'

export interface SessionLogsOptions {
  readonly config: Config
  readonly sources: readonly Source[]
  readonly pricing: Pricing
  readonly ledger: Ledger
  readonly clock: Clock
  readonly logger: Logger
  readonly health: Pick<Health, 'syncStarted' | 'syncFinished'>
  /** What the run log is to say of loading; null: nothing. */
  readonly loadCause: Extract<SyncCause, 'start' | 'command'> | null
  readonly events: SessionLogsEvents
}

export interface SessionLogsEvents {
  committed(delta: Delta): void
  /** A source was read as a whole. */
  succeeded(source: SourceName): void
  failed(source: SourceName, log: Logger, error: unknown): void
}

/** The logs of all sources and the way they go into the ledger: what is there first, then what is added. */
export class SessionLogs {
  readonly #options: SessionLogsOptions
  readonly #followers = new Map<SourceName, Follower>()
  #isStopping = false
  #isFollowing = false

  constructor(options: SessionLogsOptions) {
    this.#options = options
  }

  /** True when every source has been loaded as a whole before. Rejects with LedgerError. */
  async isLoadedBefore(): Promise<boolean> {
    const { sources, ledger } = this.#options
    for (const { name } of sources) if ((await ledger.loadedRoots(name)).length === 0) return false
    return true
  }

  /** Reads what the ledger does not have, source by source; false when `stop` ended that. */
  async load(): Promise<boolean> {
    for (const source of this.#options.sources) {
      await this.#load(source)
      if (this.#isStopping) return false
    }
    return true
  }

  /** Keeps following what was loaded until `stop`. */
  async follow(): Promise<void> {
    for (const follower of this.#followers.values()) await follower.follow()
    this.#isFollowing = true
  }

  /**
   * Looks at all logs of a source now, and enters that into the run log. While history is loaded there is nothing to do:
   * that is a look at all of them.
   */
  async look(source: SourceName): Promise<void> {
    const { ledger, clock } = this.#options
    const follower = this.#followers.get(source)
    if (follower === undefined || !this.#isFollowing) return
    const run = new LoadRun(ledger, source, 'request', clock)
    await run.begin()
    const read = await follower.look()
    await run.end(read, read === null)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all([...this.#followers.values()].map((follower) => follower.stop()))
  }

  /** Bytes read and to be read, over all sources, while history is loaded. */
  progress(): { readonly done: number; readonly total: number } {
    const states = this.#options.sources.map((source) => source.status())
    return {
      done: states.reduce((sum, { bytesDone }) => sum + bytesDone, 0),
      total: states.reduce((sum, { bytesTotal }) => sum + bytesTotal, 0),
    }
  }

  async #load(source: Source): Promise<void> {
    const { ledger, pricing, config, clock, health, logger, loadCause, events } = this.#options
    const log = logger.child({ source: source.name })
    const run = loadCause && new LoadRun(ledger, source.name, loadCause, clock)
    let read: IngestSummary | null = null
    const follower = new Follower({
      source,
      ledger,
      pricing,
      quietMs: config.tail.quietTimeMs,
      holdLimitMs: config.tail.holdLimitMs,
      zeroFirstMs: config.metrics.zeroFirstMs,
      now: () => clock.now(),
      events: {
        committed: (delta) => events.committed(delta),
        started: () => health.syncStarted(source.name),
        finished: (seconds, summary) => {
          health.syncFinished(source.name, seconds)
          events.succeeded(source.name)
          logRoots(source, log)
          read ??= summary
          log.debug('read everything new', { ...summary, seconds })
        },
        failed: (error) => events.failed(source.name, log, error),
      },
    })
    this.#followers.set(source.name, follower)
    await run?.begin()
    await follower.load()
    await run?.end(read, this.#isStopping)
  }
}

function logRoots(source: Source, log: Logger): void {
  for (const { path, state, problem } of source.status().roots) {
    if (problem !== null) log.warn('a folder cannot be read', { path, state, problem })
  }
}
