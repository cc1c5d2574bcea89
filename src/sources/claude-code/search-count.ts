import { equalBytes } from './key-table.ts'

const START = Buffer.from('"search')
/**
 * The end of `"searchCount"`. Native search looks for the first byte of so short a text with vector instructions, and a
 * capital C is rare: four times as fast as a search for the whole.
 */
const END = Buffer.from('Count"')

/** Tells the lines of a block that hold the key `searchCount`, asked in ascending order. */
export class SearchCountFinder {
  #block: Buffer = Buffer.alloc(0)
  #next = -1

  start(block: Buffer): void {
    this.#block = block
    this.#next = -1
  }

  /** Whether the key stands in `[start, end)`. */
  isIn(start: number, end: number): boolean {
    if (this.#next < start) this.#seek(start)
    while (this.#next < end) {
      if (equalBytes(START, this.#block, this.#next - START.length)) return true
      this.#seek(this.#next + 1)
    }
    return false
  }

  #seek(from: number): void {
    const found = this.#block.indexOf(END, from)
    this.#next = found === -1 ? Number.POSITIVE_INFINITY : found
  }
}
