import type { KeyTable } from './key-table.ts'
import type { CountSlot, LineFields, TextReader, TextSlot } from './line-fields.ts'
import { isFixedText } from './line-fields.ts'
import type { Hole } from './line-template.ts'
import { countEnd, plainTextEnd, skipNumber, skipValue } from './skip-json.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b
const CLOSE_BRACKET = 0x5d
const CLOSE_BRACE = 0x7d
const FIRST_OF_NULL = 0x6e
const FIRST_OF_TRUE = 0x74
const FIRST_OF_FALSE = 0x66
const NESTING_LIMIT = 16
/** Shorter values that are not wanted are mostly the same words on every line. */
const HOLE_MIN_BYTES = 12

/** A key that the table does not have. */
export const OTHER_KEY = -1
export const END_OF_OBJECT = -2

/**
 * Reads JSON without white space forward, one value at a time, from bytes into the fields of a line. Whatever it is not
 * made for (an escape in a key or in a text that is wanted, a known key twice, a count that is no plain integer) makes
 * it `failed`, which lasts, so that callers need to look only once, at the end.
 */
export class JsonCursor {
  failed = false
  readonly #readers: readonly TextReader[]
  #fields: LineFields
  #holes: Hole[] = []
  #block: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  #isFirstKey = false
  /** Bits of the known keys seen so far, for each open object. */
  readonly #seen = new Int32Array(NESTING_LIMIT)
  #nesting = 0
