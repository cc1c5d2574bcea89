import { type Int, shrinkInt } from '../../core/integer.ts'

/** An integer as a database gives it: exact, and as decimal text where it is a sum that was not cast. */
export function toInt(value: unknown): Int {
  if (typeof value === 'number') return value
  return shrinkInt(toBigInt(value))
}

export function toBigInt(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number' || typeof value === 'string') return BigInt(value)
  throw new TypeError(`an integer column holds ${typeof value}`)
}

/** Null where the database has none. */
export function toNumberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
}

/** An instant that every database can compare with: without bounds is as far as a number is exact. */
export function bound(at: number): number {
  return Math.min(Math.max(at, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
}

/** The same range with ends that every database can compare with. */
export function bounded<T extends { readonly from: number; readonly to: number }>(range: T): T {
  return { ...range, from: bound(range.from), to: bound(range.to) }
}
