import { divideHalfEven } from '../core/money.ts'

/**
 * Divides an amount in proportion to weights, in whole numbers that add up to it exactly: what is left after rounding
 * down goes to the largest remainders, of equal ones to the first. Weights below 0 count as 0. Null where there is no
 * weight at all.
 */
export function apportion(amount: bigint, weights: readonly bigint[]): bigint[] | null {
  const counted = weights.map((weight) => (weight > 0n ? weight : 0n))
  const sum = counted.reduce((all, weight) => all + weight, 0n)
  if (sum === 0n) return null
  const sign = amount < 0n ? -1n : 1n
  const magnitude = amount * sign
  const shares = counted.map((weight) => ({ whole: (magnitude * weight) / sum, rest: (magnitude * weight) % sum }))
  const left = magnitude - shares.reduce((all, { whole }) => all + whole, 0n)
  return withLargest(shares, left).map((share) => share * sign)
}

/** Amounts in whole units that add up to their sum in whole units (half to even): each off by less than a unit. */
export function roundTogether(amounts: readonly bigint[], unit: bigint): bigint[] {
  const sum = amounts.reduce((all, amount) => all + amount, 0n)
  const total = sum < 0n ? -divideHalfEven(-sum, unit) : divideHalfEven(sum, unit)
  const parts = amounts.map((amount) => {
    const rest = ((amount % unit) + unit) % unit
    return { whole: (amount - rest) / unit, rest }
  })
  return withLargest(parts, total - parts.reduce((all, { whole }) => all + whole, 0n))
}

interface Part {
  readonly whole: bigint
  readonly rest: bigint
}

function withLargest(parts: readonly Part[], left: bigint): bigint[] {
  const order = parts
    .map((_, index) => index)
    .sort((a, b) => compare(parts[b]?.rest ?? 0n, parts[a]?.rest ?? 0n) || a - b)
  const raised = new Set(order.slice(0, Number(left)))
  return parts.map(({ whole }, index) => (raised.has(index) ? whole + 1n : whole))
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
