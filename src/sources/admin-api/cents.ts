import { picoFromDecimal } from '../../core/money.ts'

/**
 * A decimal number of cents (`123.78912`, `-0.5`, `1e-7`) as pico-dollars, rounded half to even beyond the tenth
 * place; null for anything else.
 */
export function picoFromCents(cents: string): bigint | null {
  const match = /^(-?\d{1,30}(?:\.\d{1,300})?)(?:[eE]([+-]?\d{1,3}))?$/.exec(cents)
  if (!match) return null
  const [, digits = '', exponent = '0'] = match
  return picoFromDecimal(`${digits}e${Number(exponent) - 2}`)
}
