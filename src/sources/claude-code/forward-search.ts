/**
 * Searches a block for the same bytes again and again, from ever higher positions. No byte is searched twice, so lines
 * that do not have what is searched for cost no more than others.
 */
export class ForwardSearch {
  readonly #needle: Buffer | number
  #block: Buffer = Buffer.alloc(0)
  #found = -1

  /** The bytes to search for, or a single one. */
  constructor(needle: Buffer | number) {
    this.#needle = needle
  }

  start(block: Buffer): void {
    this.#block = block
    this.#found = -1
  }

  /** The first position from `at` on, infinity where there is none. */
  from(at: number): number {
    if (this.#found < at) {
      const found = this.#block.indexOf(this.#needle, at)
      this.#found = found === -1 ? Number.POSITIVE_INFINITY : found
    }
    return this.#found
  }
}
