/**
 * A whole number that is exact whatever its size: a `number` while it is a safe integer, else a `bigint`. Counts and
 * amounts are nearly always small; this keeps the common case free of BigInt without ever rounding.
 */
export type Int = number | bigint

export function addInt(a: Int, b: Int): Int {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return shrinkInt(BigInt(a) + BigInt(b))
}

export function negateInt(a: Int): Int {
  return typeof a === 'number' ? 0 - a : shrinkInt(-a)
}

export function compareInt(a: Int, b: Int): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The same value, as a `number` when that is exact. */
export function shrinkInt(value: Int): Int {
  if (typeof value === 'number') return value
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
