import { equalBytes } from './key-table.ts'

/** Longer texts are decoded each time rather than kept. */
const KEPT_LIMIT_BYTES = 4096

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
    const length = end - start
    if (this.#bytes.length === length && equalBytes(this.#bytes, block, start)) return this.#text
    const text = this.#decode(block.toString('utf8', start, end))
    if (length <= KEPT_LIMIT_BYTES) {
      // A copy, because the block is reused.
      this.#bytes = Buffer.from(block.subarray(start, end))
      this.#text = text
    }
    return text
  }
}

/** Decodes nothing further. */
export function asIs(text: string): string {
  return text
}
