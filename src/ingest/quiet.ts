/**
 * Remembers which streams may hold responses whose last line is not certain, and tells when a stream has been quiet for
 * long enough to take what it has. Times are those of a monotonic clock, in milliseconds.
 */
export class QuietStreams {
  readonly #quietMs: number
  readonly #lastGrowth = new Map<string, number>()

  constructor(quietMs: number) {
    this.#quietMs = quietMs
  }

  /** A stream grew and some of what it brought is not settled. */
  grew(stream: string, at: number): void {
    this.#lastGrowth.set(stream, at)
  }

  /** Takes out the streams that have been quiet for the quiet time. */
  takeQuiet(now: number): readonly string[] {
    const quiet: string[] = []
    for (const [stream, at] of this.#lastGrowth) {
      if (now - at < this.#quietMs) continue
      quiet.push(stream)
      this.#lastGrowth.delete(stream)
    }
    return quiet
  }

  get size(): number {
    return this.#lastGrowth.size
  }
}
