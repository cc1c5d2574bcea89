import { setTimeout as delay } from 'node:timers/promises'
import type { Delta, Ledger } from '../ledger/ledger.ts'
import { LedgerError } from '../ledger/ledger.ts'
import type { Pricing } from '../pricing/pricing.ts'
import type { Source } from '../sources/source.ts'
import { type IngestSummary, ingest, isOverflow } from './ingest.ts'
import { QuietStreams } from './quiet.ts'

const TICK_MS = 1_000
const LIMIT_CHECK_MS = 15_000
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = 60_000

export interface FollowerOptions {
  readonly source: Source
  readonly ledger: Ledger
  readonly pricing: Pricing
  /** How long a file must be still before its last response counts as complete, milliseconds. */
  readonly quietMs: number
  /** The longest a response is held back, milliseconds. */
  readonly holdLimitMs: number
  readonly zeroFirstMs: number
  readonly now: () => number
  readonly events: FollowerEvents
}

export interface FollowerEvents {
  committed(delta: Delta): void
  /** A full look at the source began; `done` tells how it went. */
  started(): void
  finished(seconds: number, summary: IngestSummary): void
  failed(error: unknown): void
}

/**
 * Keeps one source and the ledger together: loads what is there, then follows it. Never two reads of the source at once;
 * when the ledger refuses, waits, goes back to what is saved and tries again.
 */
export class Follower {
  readonly #options: FollowerOptions
  readonly #quiet: QuietStreams
  readonly #abort = new AbortController()
  /** Paths to look at; null: everything. */
  #wanted: Set<string> | null | undefined
  #wake: (() => void) | undefined
  #running: Promise<void> = Promise.resolve()
  #stopWatching: (() => Promise<void>) | undefined
  #ticker: NodeJS.Timeout | undefined
  #nextLimitCheck = 0
  /** Set while something is read again that the ledger refused in part. */
  #isCareful = false
  /** When an agent's own total was last stored and not yet compared; monotonic clock. */
  #lastClaim: number | null = null
  /** Who waits for the next look at everything. */
  readonly #looks: ((summary: IngestSummary | null) => void)[] = []

  constructor(options: FollowerOptions) {
    this.#options = options
    this.#quiet = new QuietStreams(options.quietMs)
  }

  /** Reads everything there is. History found on the first occasion is the baseline of the counters, not an increase. */
  async load(): Promise<void> {
    await this.#retrying(() => this.#load())
  }

  /** Whatever of it was done before, doing it again changes nothing. */
  async #load(): Promise<void> {
    const { source, ledger, now } = this.#options
    const loaded = new Set(await ledger.loadedRoots(source.name))
    await this.#restore()
    await this.#read(undefined, () => loaded.size > 0 && this.#roots().every((root) => loaded.has(root)))
    if (this.#abort.signal.aborted) return
    const settledBefore = now() - this.#options.quietMs
    this.#commit(
      await ledger.settleHeld({ writtenBefore: settledBefore, heldBefore: now() - this.#options.holdLimitMs }),
    )
    await ledger.reconcileClaims({ storedBefore: now(), zeroUntil: 0 })
    const roots = [...new Set([...loaded, ...this.#roots()])]
    this.#commit(await ledger.expose({ source: source.name, roots: roots.length === 0 ? ['none'] : roots }))
  }

  /** Follows the source until `stop`. */
  async follow(): Promise<void> {
    const { source, ledger } = this.#options
    this.#stopWatching = await source.follow((paths) => this.#want(paths))
    await this.#retrying(async () => {
      for (const stream of await ledger.heldStreams(source.name)) this.#quiet.grew(stream, performance.now())
    })
    this.#running = this.#run()
    this.#ticker = setInterval(() => this.#want([]), TICK_MS)
    this.#ticker.unref()
  }

  /** Looks at everything now, once it is followed. Resolves with what was read; null when `stop` came before that. */
  look(): Promise<IngestSummary | null> {
    if (this.#abort.signal.aborted) return Promise.resolve(null)
    return new Promise((resolve) => {
      this.#looks.push(resolve)
      this.#want(null)
    })
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    clearInterval(this.#ticker)
    this.#wake?.()
    await this.#stopWatching?.()
    await this.#running
    for (const tell of this.#looks.splice(0)) tell(null)
  }

  #want(paths: readonly string[] | null): void {
    if (paths === null) this.#wanted = null
    else if (this.#wanted === undefined) this.#wanted = new Set(paths)
    else if (this.#wanted !== null) for (const path of paths) this.#wanted.add(path)
    this.#wake?.()
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      if (this.#wanted === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = undefined
        continue
      }
      const wanted = this.#wanted
      this.#wanted = undefined
      await this.#retrying(async () => {
        if (wanted === null) await this.#read(undefined, () => true)
        else if (wanted.size > 0) await this.#read([...wanted], () => true)
        await this.#settleQuiet()
      })
    }
  }

  async #read(paths: readonly string[] | undefined, live: () => boolean): Promise<void> {
    const { source, ledger, pricing, zeroFirstMs, now, events } = this.#options
    const isFull = paths === undefined
    const start = performance.now()
    const looks = isFull ? this.#looks.length : 0
    if (isFull) events.started()
    const summary = await ingest(source, {
      ledger,
      pricing,
      live,
      zeroFirstMs,
      isCareful: this.#isCareful,
      now,
      signal: this.#abort.signal,
      ...(paths === undefined ? {} : { paths }),
      committed: (delta, held) => {
        this.#commit(delta)
        for (const stream of held) this.#quiet.grew(stream, performance.now())
      },
    })
    if (!isFull || this.#abort.signal.aborted) return
    const gone = source.gone()
    if (gone.length > 0) await ledger.markGone(source.name, gone, now())
    events.finished((performance.now() - start) / 1000, summary)
    for (const tell of this.#looks.splice(0, looks)) tell(summary)
  }

  async #settleQuiet(): Promise<void> {
    const { source, ledger, quietMs, holdLimitMs, zeroFirstMs, now } = this.#options
    const instant = performance.now()
    const ids = this.#quiet.takeQuiet(instant)
    if (ids.length > 0) this.#commit(await ledger.settleHeld({ streams: { source: source.name, ids } }))
    if (this.#quiet.size > 0 && instant >= this.#nextLimitCheck) {
      this.#nextLimitCheck = instant + LIMIT_CHECK_MS
      this.#commit(await ledger.settleHeld({ heldBefore: now() - holdLimitMs }))
    }
    // A total is compared once everything of its session has surely been read.
    if (this.#lastClaim !== null && instant >= this.#lastClaim + quietMs) {
      this.#lastClaim = null
      const changed = await ledger.reconcileClaims({ storedBefore: now(), zeroUntil: now() + zeroFirstMs })
      if (changed) this.#options.events.committed({ ...NOTHING, claims: true })
    }
  }

  /** Repeats work until it succeeds, from what the ledger has saved, with growing pauses. */
  async #retrying(work: () => Promise<void>): Promise<void> {
    // What was read and not stored must be read again: nothing is tried before that is sure, however often it fails.
    let isRestored = true
    for (let pause = FIRST_RETRY_MS; !this.#abort.signal.aborted; pause = Math.min(pause * 2, LAST_RETRY_MS)) {
      try {
        if (!isRestored) await this.#restore()
        isRestored = true
        await work()
        this.#isCareful = false
        return
      } catch (error) {
        isRestored = false
        if (isOverflow(error) && !this.#isCareful) {
          this.#isCareful = true
          continue
        }
        this.#options.events.failed(error)
        if (error instanceof LedgerError && error.failure === 'corrupt') throw error
        // Aborting ends the pause: there is nothing to report then.
        await delay(pause, undefined, { signal: this.#abort.signal, ref: false }).catch(() => {})
      }
    }
  }

  async #restore(): Promise<void> {
    const { source, ledger } = this.#options
    source.restore(await ledger.streams(source.name))
  }

  #roots(): readonly string[] {
    return this.#options.source
      .status()
      .roots.filter(({ state }) => state === 'ok')
      .map(({ path }) => path)
  }

  #commit(delta: Delta): void {
    if (delta.claims) this.#lastClaim = performance.now()
    this.#options.events.committed(delta)
  }
}

const NOTHING: Delta = {
  labels: [],
  rollup: [],
  counters: [],
  sessions: [],
  tallies: [],
  claims: false,
  revision: 0,
}
