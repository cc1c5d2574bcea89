/** How long the page may be given again although something has changed. */
const MOMENT_MS = 1_000
/** Ages and forecasts change with time alone: how long the page may be given again although nothing has changed. */
const MAX_AGE_MS = 30_000

interface Kept<T> {
  readonly version: number
  /** When it was begun, which is what it is as of. */
  readonly at: number
  readonly made: Promise<T>
  isMade: boolean
}

/** Gives again what was made a moment ago. Whoever asks while it is being made gets that one. */
export class Keeper<T> {
  readonly #make: () => Promise<T>
  #kept: Kept<T> | null = null

  constructor(make: () => Promise<T>) {
    this.#make = make
  }

  /** `version`: of what it is made from. `now`: milliseconds by a clock that never goes back. Rejects as `make` does. */
  get(version: number, now: number): Promise<T> {
    const known = this.#kept
    if (known !== null && isGood(known, version, now)) return known.made
    const kept: Kept<T> = { version, at: now, made: this.#make(), isMade: false }
    this.#kept = kept
    kept.made.then(
      () => {
        kept.isMade = true
      },
      () => {
        if (this.#kept === kept) this.#kept = null
      },
    )
    return kept.made
  }
}

function isGood({ version, at, isMade }: Kept<unknown>, current: number, now: number): boolean {
  if (!isMade) return true
  return now - at < (version === current ? MAX_AGE_MS : MOMENT_MS)
}
