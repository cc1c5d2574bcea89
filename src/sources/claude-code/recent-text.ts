import { equalViews, viewOf } from './bytes.ts'

/** Longer texts are decoded each time rather than kept. */
const KEPT_LIMIT_BYTES = 4096

/**
 * Decodes a text that is mostly the same from line to line (a model, a session, a folder): equal bytes give the string
 * made before, so that it costs neither time nor memory.
 */
export class RecentText {
  readonly #decode: (text: string) => string
  /** The text that was read last with its quotes. */
  #view: DataView | null = null
  /** What was made of the text that was read last. */
  text: string

  constructor(decode: (text: string) => string) {
    this.#decode = decode
    this.text = decode('')
  }

  /** The position behind the text at `at` (its opening quote) if it is the one that was read last, or -1. */
  skipSame(view: DataView, at: number, end: number): number {
    const last = this.#view
    if (last === null) return -1
    const next = at + last.byteLength
    return next <= end && equalViews(last, 0, last.byteLength, view, at) ? next : -1
  }

  /** Reads the text in `[start, end)` of UTF-8, which has no escapes and stands between quotes. */
  read(block: Buffer, start: number, end: number): string {
    this.text = this.#decode(block.toString('utf8', start, end))
    // A copy, because the block is reused.
    this.#view = end - start > KEPT_LIMIT_BYTES ? null : viewOf(Buffer.from(block.subarray(start - 1, end + 1)))
    return this.text
  }
}

/** Decodes nothing further. */
export function asIs(text: string): string {
  return text
}
