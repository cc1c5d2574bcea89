import type { KeyTable } from './key-table.ts'
import { skipNumber, skipValue } from './skip-json.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b
const CLOSE_BRACKET = 0x5d
const CLOSE_BRACE = 0x7d
const FIRST_PRINTABLE = 0x20
/** Up to this many digits every integer is exact. */
const EXACT_DIGITS = 15
const NESTING_LIMIT = 16

/** A key that the table does not have. */
export const OTHER_KEY = -1
/** No further key. */
export const END_OF_OBJECT = -2

/** Decodes the text in `[start, end)` of a block. */
export interface TextReader {
  read(block: Buffer, start: number, end: number): string
}

/**
 * Reads JSON without white space forward, one value at a time, from bytes. Whatever it is not made for (an escape in a
 * key or in a text that is wanted, a known key twice, a count that is no plain integer) makes it `failed`, which lasts;
 * every method then gives a neutral value, so that callers need to look only once, at the end.
 */
export class JsonCursor {
  failed = false
  #block: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  #isFirstKey = false
  /** Bits of the known keys seen so far, for each open object. */
  readonly #seen = new Int32Array(NESTING_LIMIT)
  #nesting = 0

  start(block: Buffer, start: number, end: number): void {
    this.#block = block
    this.#at = start
    this.#end = end
    this.#nesting = 0
    this.failed = false
  }

  /** For callers that find a value they are not made for. */
  fail(): false {
    this.failed = true
    this.#at = this.#end
    return false
  }

  get isAtEnd(): boolean {
    return this.#at === this.#end
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
    const close = this.#plainStringEnd(start)
    if (this.failed || close + 1 >= this.#end || this.#block[close + 1] !== COLON) return this.#failKey()
    this.#at = close + 2
    const code = keys.find(this.#block, start, close)
    if (code === OTHER_KEY) return code
    const seen = this.#seen[this.#nesting] ?? 0
    if ((seen & (1 << code)) !== 0) return this.#failKey()
    this.#seen[this.#nesting] = seen | (1 << code)
    return code
  }

  /** Steps into an array. */
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
    if (this.failed) return
    const next = skipValue(this.#block, this.#at, this.#end)
    if (next < 0) this.fail()
    else this.#at = next
  }

  /** A text; `''` for null. */
  text(reader: TextReader): string {
    if (this.#takeNull()) return ''
    if (this.#peek() !== QUOTE) {
      this.fail()
      return ''
    }
    const start = this.#at + 1
    const close = this.#plainStringEnd(start)
    if (this.failed) return ''
    this.#at = close + 1
    return reader.read(this.#block, start, close)
  }

  /** A count; `absent` for null. */
  count(absent: number): number {
    if (this.#takeNull()) return absent
    const start = this.#at
    let at = start
    let value = 0
    while (at < this.#end) {
      const digit = (this.#block[at] ?? 0) - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      at++
    }
    const digits = at - start
    const isPlain = digits > 0 && digits <= EXACT_DIGITS && (digits === 1 || this.#block[start] !== 0x30)
    const follower = at < this.#end ? this.#block[at] : 0
    if (!isPlain || (follower !== COMMA && follower !== CLOSE_BRACE)) this.fail()
    this.#at = at
    return value
  }

  /** A number as JSON.parse gives it; null for null. */
  number(): number | null {
    if (this.#takeNull()) return null
    const next = this.failed ? -1 : skipNumber(this.#block, this.#at, this.#end)
    if (next < 0) {
      this.fail()
      return null
    }
    const value = Number(this.#block.latin1Slice(this.#at, next))
    this.#at = next
    return value
  }

  /** True for true, false for false and null. */
  flag(): boolean {
    const isTrue = this.#peek() === 0x74
    if (isTrue || this.#peek() === 0x66 || this.#peek() === 0x6e) this.skip()
    else this.fail()
    return isTrue
  }

  #peek(): number {
    return this.#at < this.#end ? (this.#block[this.#at] ?? 0) : 0
  }

  #takeNull(): boolean {
    if (this.#peek() !== 0x6e) return false
    this.skip()
    return true
  }

  /** Where a string ends that has neither escapes nor control characters. */
  #plainStringEnd(start: number): number {
    for (let at = start; at < this.#end; at++) {
      const byte = this.#block[at] ?? 0
      if (byte === QUOTE) return at
      if (byte === BACKSLASH || byte < FIRST_PRINTABLE) break
    }
    this.fail()
    return start
  }

  #failKey(): number {
    this.fail()
    return END_OF_OBJECT
  }
}
