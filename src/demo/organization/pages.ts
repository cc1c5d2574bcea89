import { setImmediate as nextTurn } from 'node:timers/promises'
import { WIDTH_MS } from '../../core/organization.ts'
import { SyncError } from '../../core/sync-run.ts'
import { DAY_MS } from '../../core/time.ts'
import type { RangeQuery, ReadEvents } from '../../sources/admin-api/admin-api.ts'
import { reach } from '../../sources/admin-api/reach.ts'

/**
 * The rows of a range, a UTC day to the page, so that other work gets a turn in between. Rejects with SyncError for what
 * the real API refuses, and with the reason of the signal.
 */
export async function readPages<Row>(
  query: RangeQuery,
  now: number,
  events: ReadEvents,
  signal: AbortSignal,
  rowsBetween: (from: number, to: number) => readonly Row[],
): Promise<Row[]> {
  const rows: Row[] = []
  for (const [from, to] of daysOf(checked(query, now))) {
    rows.push(...(await answer(events, signal, () => rowsBetween(from, to))))
  }
  return rows
}

/** One page. */
export async function answer<Row>(
  events: ReadEvents,
  signal: AbortSignal,
  rows: () => readonly Row[],
): Promise<readonly Row[]> {
  signal.throwIfAborted()
  events.request()
  await nextTurn()
  signal.throwIfAborted()
  const page = rows()
  events.page(page.length)
  return page
}

function checked(query: RangeQuery, now: number): RangeQuery {
  const { generation, width, from, to } = query
  if (generation !== 'analytics') {
    throw new SyncError('unsupported', `The organisation of the demo has no ${generation} endpoints, only analytics`)
  }
  const { maxRangeMs, earliest } = reach(generation, width, now)
  const range = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`
  const refuse = (why: string) => new SyncError('bad_request', `Invalid date range: ${why}: ${range}`, { status: 400 })
  if (from % WIDTH_MS[width] !== 0 || to % WIDTH_MS[width] !== 0) throw refuse(`not whole buckets of ${width}`)
  if (from >= to) throw refuse('ending date must be after starting date')
  if (to - from > maxRangeMs) throw refuse(`at most ${maxRangeMs / DAY_MS} days with buckets of ${width}`)
  if (from < earliest) throw refuse(`nothing is kept from before ${new Date(earliest).toISOString()}`)
  return query
}

function* daysOf({ from, to }: RangeQuery): Generator<readonly [from: number, to: number]> {
  for (let start = from; start < to; ) {
    const end = Math.min(to, (Math.floor(start / DAY_MS) + 1) * DAY_MS)
    yield [start, end]
    start = end
  }
}
