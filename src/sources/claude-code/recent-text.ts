import { equalBytes } from './key-table.ts'

/**
 * Decodes a text that is mostly the same from line to line (a model, a session, a folder): equal bytes give the string
 * made before, so that it costs neither time nor memory.
 */
export class RecentText {
  readonly #decode: (text: string) => string
  #bytes: Buffer = Buffer.alloc(0)
  #text: string

  constructor(decode: (text: string) => string) {
    this.#decode = decode
    this.#text = decode('')
  }

  /** The text in `[start, end)` of UTF-8. */
  read(block: Buffer, start: number, end: number): string {
    if (this.#bytes.length !== end - start || !equalBytes(this.#bytes, block, start)) {
      // A copy, because the block is reused.
      this.#bytes = Buffer.from(block.subarray(start, end))
      this.#text = this.#decode(block.toString('utf8', start, end))
    }
    return this.#text
  }
}
