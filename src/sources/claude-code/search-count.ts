import { equalBytes } from './bytes.ts'
import { ForwardSearch } from './forward-search.ts'

const START = Buffer.from('"search')
/**
 * The end of `"searchCount"`. Native search looks for the first byte of so short a text with vector instructions, and a
 * capital C is rare: four times as fast as a search for the whole.
 */
const END = Buffer.from('Count"')

/** Tells the lines of a block that hold the key `searchCount`, asked in ascending order. */
export class SearchCountFinder {
  readonly #ends = new ForwardSearch(END)
  #block: Buffer = Buffer.alloc(0)

  start(block: Buffer): void {
    this.#block = block
    this.#ends.start(block)
  }

  /** Whether the key stands in `[start, end)`. */
  isIn(start: number, end: number): boolean {
    for (let found = this.#ends.from(start); found < end; found = this.#ends.from(found + 1)) {
      if (equalBytes(START, this.#block, found - START.length)) return true
    }
    return false
  }
}
