const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** Up to here a loop beats a native search, which pays off once a string is long. */
const NEAR_BYTES = 16
/** Tool inputs nest a few levels. */
const DEPTH_LIMIT = 64
const FIRST_OF_NULL = 0x6e
const FIRST_OF_TRUE = 0x74
const FIRST_OF_FALSE = 0x66

// Each function takes the position of what it skips and gives the position behind it, or -1 where the bytes before `end`
// are not that, in JSON without white space. Strings are passed over whatever they hold, as the parser of damaged lines
// does: a backslash takes the next byte with it.

export function skipValue(block: Buffer, at: number, end: number, depth = 0): number {
  if (at >= end) return -1
  switch (block[at]) {
    case QUOTE:
      return skipString(block, at + 1, end)
    case OPEN_BRACE:
      return depth < DEPTH_LIMIT ? skipObject(block, at + 1, end, depth + 1) : -1
    case OPEN_BRACKET:
      return depth < DEPTH_LIMIT ? skipArray(block, at + 1, end, depth + 1) : -1
    case FIRST_OF_NULL:
      return skipWord(block, at, end, NULL)
    case FIRST_OF_TRUE:
      return skipWord(block, at, end, TRUE)
    case FIRST_OF_FALSE:
      return skipWord(block, at, end, FALSE)
    default:
      return skipNumber(block, at, end)
  }
}

/** Skips the rest of a string; `at` is behind the opening quote. */
function skipString(block: Buffer, at: number, end: number): number {
  const near = Math.min(at + NEAR_BYTES, end)
  let next = at
  while (next < near) {
    const byte = block[next]
    if (byte === QUOTE) return next + 1
    next += byte === BACKSLASH ? 2 : 1
  }
  return skipLongString(block, next, end)
}

function skipLongString(block: Buffer, at: number, end: number): number {
  let from = at
  while (from < end) {
    const quote = block.indexOf(QUOTE, from)
    if (quote < 0 || quote >= end) return -1
    if (!isEscaped(block, from, quote)) return quote + 1
    from = quote + 1
  }
  return -1
}

/** Whether an odd number of backslashes stands before the quote. `from` is at the start of a character. */
function isEscaped(block: Buffer, from: number, quote: number): boolean {
  let at = quote
  while (at > from && block[at - 1] === BACKSLASH) at--
  return (quote - at) % 2 === 1
}

function skipObject(block: Buffer, at: number, end: number, depth: number): number {
  if (at < end && block[at] === CLOSE_BRACE) return at + 1
  let next = at
  while (next < end && block[next] === QUOTE) {
    next = skipString(block, next + 1, end)
    if (next < 0 || next >= end || block[next] !== COLON) return -1
    next = skipValue(block, next + 1, end, depth)
    if (next < 0 || next >= end) return -1
    if (block[next] === CLOSE_BRACE) return next + 1
    if (block[next] !== COMMA) return -1
    next++
  }
  return -1
}

function skipArray(block: Buffer, at: number, end: number, depth: number): number {
  if (at < end && block[at] === CLOSE_BRACKET) return at + 1
  let next = at
  while (next < end) {
    next = skipValue(block, next, end, depth)
    if (next < 0 || next >= end) return -1
    if (block[next] === CLOSE_BRACKET) return next + 1
    if (block[next] !== COMMA) return -1
    next++
  }
  return -1
}

const NULL = Buffer.from('null')
const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')

function skipWord(block: Buffer, at: number, end: number, word: Buffer): number {
  if (at + word.length > end) return -1
  for (let index = 1; index < word.length; index++) if (block[at + index] !== word[index]) return -1
  return at + word.length
}

/** https://datatracker.ietf.org/doc/html/rfc8259#section-6 */
export function skipNumber(block: Buffer, at: number, end: number): number {
  const whole = block[at] === 0x2d ? at + 1 : at
  let next = skipDigits(block, whole, end)
  if (next === whole || (block[whole] === 0x30 && next > whole + 1)) return -1
  if (next < end && block[next] === 0x2e) {
    const fraction = next + 1
    next = skipDigits(block, fraction, end)
    if (next === fraction) return -1
  }
  const exponentMark = next < end ? block[next] : 0
  if (exponentMark !== 0x65 && exponentMark !== 0x45) return next
  const sign = next + 1 < end ? block[next + 1] : 0
  const exponent = sign === 0x2b || sign === 0x2d ? next + 2 : next + 1
  next = skipDigits(block, exponent, end)
  return next === exponent ? -1 : next
}

function skipDigits(block: Buffer, at: number, end: number): number {
  let next = at
  while (next < end) {
    const digit = block[next] ?? 0
    if (digit < 0x30 || digit > 0x39) break
    next++
  }
  return next
}
