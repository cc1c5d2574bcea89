import * as z from 'zod/mini'
import { SyncError } from '../../core/sync-run.ts'
import { picoFromCents } from './cents.ts'

/** A word of an open set, an id, a model. */
export const word = z.string().check(z.minLength(1), z.maxLength(200))
/** Free text. */
export const text = z.string().check(z.maxLength(1000))
export const count = z.int().check(z.nonnegative())

/** Decimal string of cents, as pico-dollars. */
export const cents = z.pipe(
  z.string().check(z.refine((value) => picoFromCents(value) !== null, { error: 'expected a decimal number of cents' })),
  z.transform((value) => picoFromCents(value) ?? 0n),
)

/** JSON number of cents, as pico-dollars. */
export const centsNumber = z.pipe(
  z.number().check(z.refine((value) => picoFromCents(String(value)) !== null, { error: 'expected a number of cents' })),
  z.transform((value) => picoFromCents(String(value)) ?? 0n),
)

export const usd = z.literal('USD', { error: 'expected the currency USD' })

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/** RFC 3339 time, as epoch milliseconds. */
export const time = z.pipe(
  z
    .string()
    .check(z.refine((value) => RFC3339.test(value) && !Number.isNaN(Date.parse(value)), { error: 'expected a time' })),
  z.transform((value) => Date.parse(value)),
)

/** Epoch milliseconds as the API wants them. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

export interface Buckets {
  readonly path: string
  readonly from: number
  readonly to: number
  readonly widthMs: number
}

/** Throws SyncError unless the bucket is a whole one of the range. */
export function checkBucket(start: number, end: number, { path, from, to, widthMs }: Buckets): void {
  const isWhole = start % widthMs === 0 && end > start && end <= start + widthMs
  if (isWhole && start >= from && start < to) return
  const range = `${rfc3339(start)} to ${rfc3339(end)}`
  throw new SyncError('invalid_response', `${path}: the bucket ${range} was not asked for`)
}

/** The sum of two counts; throws SyncError when it is no longer exact. */
export function addCounts(a: number, b: number): number {
  const sum = a + b
  if (!Number.isSafeInteger(sum)) throw new SyncError('invalid_response', 'a count beyond 2^53')
  return sum
}

/** Rows with equal keys made one. */
export function mergeRows<Row>(rows: Iterable<Row>, keyOf: (row: Row) => string, add: (a: Row, b: Row) => Row): Row[] {
  const merged = new Map<string, Row>()
  for (const row of rows) {
    const key = keyOf(row)
    const known = merged.get(key)
    merged.set(key, known === undefined ? row : add(known, row))
  }
  return [...merged.values()]
}
