const LABEL_LIMIT_CHARS = 200
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu

/**
 * Text of a log that becomes part of a label or a key: one printable line of at most 200 characters, `''` where there is
 * none. Ids that were written as JSON numbers are their text.
 */
export function label(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return ''
  const short = value.length > LABEL_LIMIT_CHARS ? value.slice(0, LABEL_LIMIT_CHARS) : value
  return PLAIN.test(short) ? short : short.replace(UNPRINTABLE, ' ').trim()
}
