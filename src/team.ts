import type { SourceName } from './core/usage.ts'
import type { Delta, Ledger } from './ledger/ledger.ts'
import type { MachineRow } from './ledger/machines.ts'
import type { Clock } from './lib/clock.ts'

const BEAT_MS = 60_000
/** How often it is looked what others gave. */
const LOOK_MS = 15_000
/** How long a program that ended without a word still counts as running. */
const ALIVE_MS = 3 * 60_000

export interface TeamOptions {
  readonly ledger: Ledger
  readonly clock: Clock
  /** Whose logs this machine reads. */
  readonly sources: readonly SourceName[]
}

/** What several programs on one ledger tell each other: signs of life, and what others committed. */
export class Team {
  readonly #options: TeamOptions
  readonly #read = new Set<SourceName>()
  #lastBeat = Number.NEGATIVE_INFINITY
  #lastLook = Number.NEGATIVE_INFINITY
  #machines: readonly MachineRow[] = []

  constructor(options: TeamOptions) {
    this.#options = options
  }

  /** As they were at the last `tick` that looked. */
  get machines(): readonly MachineRow[] {
    return this.#machines
  }

  /** A source was read as a whole. */
  noteRead(source: SourceName): void {
    this.#read.add(source)
  }

  /**
   * Gives a sign of life where one is due: once a minute, and as soon as all logs were read as a whole, because others
   * wait for that. Now and then looks at what the others gave. True when `machines` is another. Rejects with LedgerError.
   */
  async tick(): Promise<boolean> {
    const { ledger, clock, sources } = this.#options
    const now = clock.now()
    const read = sources.length > 0 && sources.every((source) => this.#read.has(source))
    const isDue = read || hasPassed(BEAT_MS, this.#lastBeat, now)
    if (isDue && ledger.isShared) {
      await ledger.beat({ now, read })
      await ledger.follow(ALIVE_MS)
    }
    if (isDue) this.#lastBeat = now
    if (read) this.#read.clear()
    if (!isDue && !hasPassed(LOOK_MS, this.#lastLook, now)) return false
    this.#machines = await ledger.machines()
    this.#lastLook = now
    return true
  }

  /** Hands over what others committed. Rejects with LedgerError. */
  async listen(tell: {
    readonly committed: (delta: Delta) => void
    readonly organizations: () => Promise<void>
    readonly reload: () => Promise<void>
  }): Promise<void> {
    const { ledger } = this.#options
    if (!ledger.isShared) return
    const { deltas, organizations, reload } = await ledger.news()
    if (reload) await tell.reload()
    for (const delta of deltas) tell.committed(delta)
    if (organizations || reload) await tell.organizations()
  }
}

/** Also when the clock was put back. */
function hasPassed(ms: number, since: number, now: number): boolean {
  return now < since || now - since >= ms
}
