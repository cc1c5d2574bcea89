import type { Clock } from './clock.ts'

const WINDOW_MS = 60_000
const MAX_KEYS = 1_000

interface Recent {
  readonly since: number
  held: number
  /** Prints the newest of the lines held back. */
  print: (repeated: number) => void
}

/**
 * Lets a line with the same key through once a minute. The next line after that, or whatever is logged next, tells how
 * many were held back. Remembers a bounded number of keys, the newest.
 */
export class RepeatLimit {
  readonly #clock: Clock
  /** In order of `since`. */
  readonly #recent = new Map<string, Recent>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `print` with the number of lines held back since the last one, or keeps it for later. */
  offer(key: string, print: (repeated: number) => void): void {
    const now = this.#clock.now()
    const last = this.#recent.get(key)
    if (last && !isOver(last, now)) {
      last.held++
      last.print = print
      return
    }
    this.#recent.delete(key)
    this.settle()
    this.#recent.set(key, { since: now, held: 0, print })
    print(last?.held ?? 0)
  }

  /** Prints what was held back and has not come again within its minute. */
  settle(): void {
    const now = this.#clock.now()
    for (const [key, entry] of this.#recent) {
      if (!isOver(entry, now) && this.#recent.size < MAX_KEYS) return
      this.#recent.delete(key)
      if (entry.held > 0) entry.print(entry.held)
    }
  }
}

/** A clock that was set back ends the minute too, or a key could stay quiet for as long as it was set back. */
function isOver(entry: Recent, now: number): boolean {
  return now < entry.since || now - entry.since >= WINDOW_MS
}
