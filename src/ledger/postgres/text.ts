/**
 * Text as PostgreSQL takes it: without NUL, which it refuses, and with U+FFFD for halves of surrogate pairs, which UTF-8
 * cannot say.
 */
export function storable(text: string): string {
  return text.replace(UNSTORABLE, (character) => (character === '\0' ? '' : '\ufffd'))
}

/** NUL, and halves of surrogate pairs that stand alone. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu

/** The same for whatever is given as a parameter. */
export function storableParameter(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableParameter)
  return value
}
