/** How a figure that is not known is shown. */
export const UNKNOWN = 'unknown'

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const SMALL = new Intl.NumberFormat('en-US', { minimumFractionDigits: 4, maximumFractionDigits: 4 })

/** Dollars to the cent, amounts under ten cents to a hundredth of a cent: `$1,234.56`, `$0.0042`. */
export function usdText(usd: number | null): string {
  if (usd === null) return UNKNOWN
  const size = Math.abs(usd)
  const sign = usd < 0 ? '-' : ''
  if (size === 0) return '$0.00'
  if (size < 0.00005) return `${sign}<$0.0001`
  return `${sign}$${(size < 0.09995 ? SMALL : CENTS).format(size)}`
}

/** `1,234,567` */
export function countText(count: number | null): string {
  return count === null ? UNKNOWN : WHOLE.format(count)
}

const SCALES = ['', 'k', 'M', 'B', 'T'] as const

/** Three digits and a scale: `1.23M`. Counts below a thousand stay as they are. */
export function compactText(count: number | null): string {
  if (count === null) return UNKNOWN
  if (Math.abs(count) < 1_000) return String(Math.round(count))
  let value = count
  for (const scale of SCALES) {
    if (Math.abs(Number(value.toPrecision(3))) < 1_000) return `${value.toPrecision(3)}${scale}`
    value /= 1_000
  }
  return countText(count)
}

/** A share as it is, more than all of it too: `82 %`, `4.2 %`, `134 %`. */
export function percentText(ratio: number | null): string {
  if (ratio === null) return UNKNOWN
  const percent = ratio * 100
  const size = Math.abs(percent)
  if (size > 0 && size < 0.05) return percent < 0 ? '-<0.1 %' : '<0.1 %'
  if (size < 9.95 && size > 0) return `${percent.toFixed(1)} %`
  // Almost everything is not everything.
  if (percent < 100 && percent >= 99.5) return `${Math.min(percent, 99.9).toFixed(1)} %`
  return `${WHOLE.format(percent)} %`
}

/** An amount of a budget in its unit. */
export function amountText(amount: number | null, unit: 'usd' | 'tokens'): string {
  return unit === 'usd' ? usdText(amount) : compactText(amount)
}

/** `1 alert`, `3 alerts` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

/** A sum of dollars without the last digits that adding floats brings. */
export function sumUsd(amounts: readonly number[]): number {
  return Number(amounts.reduce((sum, usd) => sum + usd, 0).toPrecision(15))
}
