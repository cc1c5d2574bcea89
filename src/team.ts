import type { SourceName } from './core/usage.ts'
import type { Delta, Ledger } from './ledger/ledger.ts'
import type { MachineRow } from './ledger/machines.ts'
import type { Clock } from './lib/clock.ts'

const BEAT_MS = 60_000
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
  #machines: readonly MachineRow[] = []

  constructor(options: TeamOptions) {
    this.#options = options
  }

  /** As of the last sign of life. */
  get machines(): readonly MachineRow[] {
    return this.#machines
  }

  /** A source was read as a whole. */
  noteRead(source: SourceName): void {
    this.#read.add(source)
  }

  /**
   * A sign of life, at most one a minute. True when one was given. Rejects with LedgerError.
   */
  async beat(): Promise<boolean> {
    const { ledger, clock, sources } = this.#options
    const now = clock.now()
    if (now >= this.#lastBeat && now - this.#lastBeat < BEAT_MS) return false
    const read = sources.length > 0 && sources.every((source) => this.#read.has(source))
    if (ledger.isShared) {
      await ledger.beat({ now, read })
      await ledger.follow(ALIVE_MS)
    }
    this.#lastBeat = now
    if (read) this.#read.clear()
    this.#machines = await ledger.machines()
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
