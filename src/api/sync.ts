import { setTimeout as delay } from 'node:timers/promises'
import type { SyncRun } from '../core/sync-run.ts'
import type { OrganizationLedger } from '../ledger/organization.ts'
import { closest } from '../lib/suggest.ts'
import { runJson } from '../report/run-json.ts'
import type { ApiContext } from './context.ts'
import { documentHead } from './head.ts'
import { ApiProblem } from './problem.ts'
import type { SyncDocument } from './schema/lists.ts'

/** What reads sources. */
export interface SyncParts {
  /** Sources that can be read, as in the `source` label. */
  sources(): readonly string[]
  /** Reads one now, or joins a run that is under way. Resolves when that has ended; how it went is in the run log. */
  read(source: string): Promise<void>
}

const START_APART_MS = 10_000
/** A run that does not begin within this waits for its turn. */
const BEGIN_MS = 1_000
const LOOK_EVERY_MS = 10

type Started = { readonly source: string; readonly joined: boolean; readonly run: SyncRun | null }

/** Starts runs on request, for each source not more often than every 10 s. */
export class SyncStarter {
  readonly #sync: SyncParts
  readonly #ledger: Pick<OrganizationLedger, 'runs'>
  readonly #now: () => number
  readonly #pending = new Set<string>()
  readonly #startedAt = new Map<string, number>()

  constructor(sync: SyncParts, ledger: Pick<OrganizationLedger, 'runs'>, now: () => number) {
    this.#sync = sync
    this.#ledger = ledger
    this.#now = now
  }

  /** All reports of all organisations. Throws ApiProblem. */
  async startAnthropic(context: ApiContext): Promise<SyncDocument> {
    const sources = this.#sync.sources().filter((source) => source.startsWith('anthropic-'))
    if (sources.length === 0) {
      throw new ApiProblem(404, 'No organisation is read: set admin_api.key or one of its relatives.', {
        known: this.#sync.sources(),
      })
    }
    return this.#start(sources, context)
  }

  /** A source, or a report of every organisation. Throws ApiProblem. */
  async startSource(name: string, context: ApiContext): Promise<SyncDocument> {
    const known = this.#sync.sources()
    const sources = known.filter((source) => source === name || source.startsWith(`${name}:`))
    if (sources.length === 0) {
      const near = closest(name, known)
      throw new ApiProblem(
        404,
        `There is no source "${name.slice(0, 100)}" to read.${near === null ? '' : ` Did you mean ${near}?`}`,
        { known },
      )
    }
    return this.#start(sources, context)
  }

  async #start(sources: readonly string[], context: ApiContext): Promise<SyncDocument> {
    const { timeZone } = context
    const started = await Promise.all(sources.map((source) => this.#startOne(source)))
    if (started.every((one) => one === null)) throw this.#tooSoon(sources)
    return {
      ...documentHead('sync', context, timeZone),
      runs: started.flatMap((one) => (one === null ? [] : [{ ...one, run: one.run && runJson(one.run, timeZone) }])),
    }
  }

  /** Null where it was started a moment ago and has ended since. */
  async #startOne(source: string): Promise<Started | null> {
    const [running] = await this.#ledger.runs({ source, result: 'running', limit: 1 })
    if (running !== undefined || this.#pending.has(source)) return { source, joined: true, run: running ?? null }
    if (this.#waitMs(source) > 0) return null
    this.#startedAt.set(source, this.#now())
    this.#pending.add(source)
    const [before] = await this.#ledger.runs({ source, limit: 1 })
    let isOver = false
    const over = this.#sync.read(source).finally(() => {
      isOver = true
      this.#pending.delete(source)
    })
    // How it went is in the run log, and what went wrong in the log.
    over.catch(() => {})
    for (const end = performance.now() + BEGIN_MS; ; await Promise.race([over.catch(() => {}), delay(LOOK_EVERY_MS)])) {
      const wasOver = isOver
      const [newest] = await this.#ledger.runs({ source, limit: 1 })
      if (newest !== undefined && newest.id !== before?.id) return { source, joined: false, run: newest }
      if (wasOver || performance.now() > end) return { source, joined: false, run: null }
    }
  }

  #waitMs(source: string): number {
    const startedAt = this.#startedAt.get(source)
    if (startedAt === undefined) return 0
    const passed = this.#now() - startedAt
    // A clock that was put back does not make anybody wait for long.
    return passed < 0 ? 0 : START_APART_MS - passed
  }

  #tooSoon(sources: readonly string[]): ApiProblem {
    const waitMs = Math.min(...sources.map((source) => this.#waitMs(source)))
    return new ApiProblem(
      429,
      `It was read less than ${START_APART_MS / 1_000} s ago: ask again later. /api/runs tells how that went.`,
      { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) },
    )
  }
}
