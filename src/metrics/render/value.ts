import { decimalFromPico } from '../../core/money.ts'

/** A sample value as text. Bigints are exact however large; `pico` writes them as 10^-12 of the unit. */
export function valueText(value: number | bigint, scale: 'one' | 'pico'): string {
  if (typeof value === 'number') return numberText(value)
  return scale === 'pico' ? decimalFromPico(value) : value.toString()
}

/** The shortest text that gives the same float again, with the special values as both formats spell them. */
export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return String(value)
}

/** A bucket bound. OpenMetrics wants `1.0` for 1; the same in both formats keeps the series the same. */
export function boundText(bound: number): string {
  const text = numberText(bound)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}
