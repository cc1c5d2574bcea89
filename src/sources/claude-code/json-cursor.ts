import type { KeyTable } from './key-table.ts'
import { type CountSlot, isFixedText, LineFields, type TextReader, type TextSlot } from './line-fields.ts'
import type { Hole } from './line-template.ts'
import { countOf, plainStringEnd, skipPlainCount, skipPlainText } from './plain-json.ts'
import { skipNumber, skipValue } from './skip-json.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const FIRST_OF_NULL = 0x6e
const FIRST_OF_TRUE = 0x74
const FIRST_OF_FALSE = 0x66
const NESTING_LIMIT = 16
/** Values that are not wanted and shorter than this are mostly the same words on every line. */
const HOLE_MIN_BYTES = 12

/** A key that the table does not have. */
export const OTHER_KEY = -1
export const END_OF_OBJECT = -2

/**
 * Reads JSON without white space forward from bytes, one value at a time, into the fields of a line. Whatever it is not
 * made for (an escape in a key or in a text that is wanted, a known key twice, a count that is no plain integer) makes
 * it `failed`, which lasts, so that callers need to look only once, at the end.
 */
export class JsonCursor {
  failed = false
  /** Where lines of the same shape differ from this one. */
  holes: Hole[] = []
  readonly #readers: readonly TextReader[]
  #fields = new LineFields()
  #block: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  #isFirstKey = false
  /** Bits of the known keys seen so far, for each open object. */
  readonly #seen = new Int32Array(NESTING_LIMIT)
  #nesting = 0

  constructor(readers: readonly TextReader[]) {
    this.#readers = readers
  }

  /** Begins at the line in `[start, end)`; what is wanted of it goes to `fields`. */
  start(block: Buffer, start: number, end: number, fields: LineFields): void {
    this.failed = false
    this.holes = []
    this.#fields = fields
    this.#block = block
    this.#at = start
    this.#end = end
    this.#nesting = 0
  }

  get position(): number {
    return this.#at
  }

  /** For callers that find a value they are not made for. */
  fail(): false {
    this.failed = true
    this.#at = this.#end
    return false
  }

  /** Steps into an object; false for null. */
  enterObject(): boolean {
    if (this.#takeNull()) return false
    if (this.#peek() !== OPEN_BRACE || this.#nesting + 1 >= NESTING_LIMIT) return this.fail()
    this.#at++
    this.#nesting++
    this.#seen[this.#nesting] = 0
    this.#isFirstKey = true
    return true
  }

  /** Steps to the value of the next key and gives the key's code. Steps out at the end of the object. */
  nextKey(keys: KeyTable): number {
    let byte = this.#peek()
    if (byte === CLOSE_BRACE) {
      this.#at++
      this.#nesting--
      this.#isFirstKey = false
      return END_OF_OBJECT
    }
    if (!this.#isFirstKey) {
      if (byte !== COMMA) return this.#failKey()
      this.#at++
      byte = this.#peek()
    }
    this.#isFirstKey = false
    if (byte !== QUOTE) return this.#failKey()
    const start = this.#at + 1
    const close = plainStringEnd(this.#block, start, this.#end)
    if (close === -1 || close + 1 >= this.#end || this.#block[close + 1] !== COLON) return this.#failKey()
    this.#at = close + 2
    return this.#once(keys.find(this.#block, start, close))
  }

  /** Steps into an array; false for null. */
  enterArray(): boolean {
    if (this.#takeNull()) return false
    if (this.#peek() !== OPEN_BRACKET) return this.fail()
    this.#at++
    return true
  }

  /** Steps out of an array if it ends here. */
  leaveArray(): boolean {
    if (this.#peek() !== CLOSE_BRACKET) return false
    this.#at++
    return true
  }

  skip(): void {
    const start = this.#at
    this.#moveTo(skipValue(this.#block, start, this.#end))
    if (this.#at - start >= HOLE_MIN_BYTES) this.#hole('value', 0, start)
  }

  /** Takes a text; null is `''`. */
  text(slot: TextSlot): string {
    const start = this.#at
    this.#moveTo(skipPlainText(this.#block, start, this.#end))
    const isText = !this.failed && this.#block[start] === QUOTE
    const text = isText ? (this.#readers[slot]?.read(this.#block, start + 1, this.#at - 1) ?? '') : ''
    this.#fields.texts[slot] = text
    if (!isFixedText(slot)) this.#hole('text', slot, start)
    return text
  }

  /** Takes a count; null is as if it were missing. */
  count(slot: CountSlot): void {
    if (this.#takeNull()) return
    const start = this.#at
    this.#moveTo(skipPlainCount(this.#block, start, this.#end))
    if (this.failed) return
    this.#fields.counts[slot] = countOf(this.#block, start, this.#at)
    this.#hole('count', slot, start)
  }

  /** A number as JSON.parse gives it; null for null. */
  number(): number | null {
    if (this.#takeNull()) return null
    const start = this.#at
    this.#moveTo(skipNumber(this.#block, start, this.#end))
    return this.failed ? null : Number(this.#block.toString('latin1', start, this.#at))
  }

  /** True for true, false for false and null. Other values would leave a hole that hides a later true. */
  flag(): boolean {
    const first = this.#peek()
    if (first !== FIRST_OF_TRUE && first !== FIRST_OF_FALSE && first !== FIRST_OF_NULL) return this.fail()
    this.skip()
    return first === FIRST_OF_TRUE && !this.failed
  }

  #peek(): number {
    return this.#at < this.#end ? (this.#block[this.#at] ?? 0) : 0
  }

  #takeNull(): boolean {
    if (this.#peek() !== FIRST_OF_NULL) return false
    this.skip()
    return true
  }

  /** A known key may stand once in an object: of two, JSON.parse takes the last. */
  #once(code: number): number {
    if (code === OTHER_KEY) return code
    const seen = this.#seen[this.#nesting] ?? 0
    if ((seen & (1 << code)) !== 0) return this.#failKey()
    this.#seen[this.#nesting] = seen | (1 << code)
    return code
  }

  #moveTo(next: number): void {
    if (this.failed || next === -1) this.fail()
    else this.#at = next
  }

  #hole(kind: Hole['kind'], slot: number, start: number): void {
    if (!this.failed) this.holes.push({ kind, slot, start, end: this.#at })
  }

  #failKey(): number {
    this.fail()
    return END_OF_OBJECT
  }
}
