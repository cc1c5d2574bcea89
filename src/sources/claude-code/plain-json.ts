import { skipValue } from './skip-json.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const FIRST_OF_NULL = 0x6e
const FIRST_PRINTABLE = 0x20
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
/** Up to this many digits every integer is exact. */
const EXACT_DIGITS = 15

/** Where a string ends (at its closing quote) that has neither escapes nor control characters; -1 for others. */
export function plainStringEnd(block: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = block[at] ?? 0
    if (byte === QUOTE) return at
    if (byte === BACKSLASH || byte < FIRST_PRINTABLE) return -1
  }
  return -1
}

/** The position behind a plain string or null at `at`, or -1. */
export function skipPlainText(block: Buffer, at: number, end: number): number {
  if (at >= end) return -1
  if (block[at] === FIRST_OF_NULL) return skipValue(block, at, end)
  if (block[at] !== QUOTE) return -1
  const close = plainStringEnd(block, at + 1, end)
  return close === -1 ? -1 : close + 1
}

/** The position behind the digits of an exact integer at `at`, or -1. What may follow them is for the caller to see. */
export function skipPlainCount(block: Buffer, at: number, end: number): number {
  let next = at
  while (next < end && isDigit(block[next] ?? 0)) next++
  const digits = next - at
  return digits === 0 || digits > EXACT_DIGITS || (digits > 1 && block[at] === DIGIT_0) ? -1 : next
}

/** The number that the digits in `[start, end)` stand for. */
export function countOf(block: Buffer, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + (block[at] ?? 0) - DIGIT_0
  return value
}

function isDigit(byte: number): boolean {
  return byte >= DIGIT_0 && byte <= DIGIT_9
}
