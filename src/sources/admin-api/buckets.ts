import * as z from 'zod/mini'
import { WIDTH_MS } from '../../core/organization.ts'
import { SyncError } from '../../core/sync-run.ts'
import { MINUTE_MS } from '../../core/time.ts'
import type { RangeQuery, ReadEvents, Reading } from './admin-api.ts'
import { type AdminApiOptions, pageLimit } from './options.ts'
import { pageOf, readPages } from './pages.ts'
import { LEGACY_VERSION, type Query, type Transport } from './transport.ts'
import { checkBucket, rfc3339, time } from './wire.ts'

/** Typical delay of the old endpoints. */
const LEGACY_DELAY_MS = 5 * MINUTE_MS
const LEGACY_BUCKETS = { '1m': 1440, '1h': 168, '1d': 31 } as const
const ANALYTICS_ROWS = 1000
export const ANALYTICS_BETA = { 'anthropic-beta': 'analytics-usage-cost-2026-08-24' }

export interface Source {
  readonly transport: Transport
  readonly options: AdminApiOptions
  readonly events: ReadEvents
  readonly signal: AbortSignal
}

/** A row of the API and the start of its bucket, epoch milliseconds. */
export interface Timed<Wire> {
  readonly start: number
  readonly row: Wire
}

/** All rows of one of the old endpoints. Rejects with SyncError. */
export async function readLegacy<Wire>(
  source: Source,
  query: RangeQuery,
  report: { readonly path: string; readonly groupBy: readonly string[]; readonly row: z.ZodMiniType<Wire> },
): Promise<Reading<Timed<Wire>>> {
  const { path, groupBy, row } = report
  const { transport, options, events, signal } = source
  const bucket = z.object({ starting_at: time, ending_at: time, results: z.array(row) })
  const endpoint = {
    path,
    query: {
      ...range(query),
      bucket_width: query.width,
      group_by: groupBy,
      limit: pageLimit(options.pageSize, LEGACY_BUCKETS[query.width]),
    },
    headers: LEGACY_VERSION,
    body: pageOf(bucket),
  }
  const rows: Timed<Wire>[] = []
  const seen = new Set<number>()
  for await (const page of readPages(transport, endpoint, 'page', events, signal)) {
    for (const { starting_at: start, ending_at: end, results } of page.data) {
      checkBucket(start, end, { path, from: query.from, to: query.to, widthMs: WIDTH_MS[query.width] })
      // Its rows would count twice.
      if (seen.has(start)) throw new SyncError('invalid_response', `${path}: the bucket ${rfc3339(start)} came twice`)
      seen.add(start)
      for (const result of results) rows.push({ start, row: result })
    }
  }
  return { rows, completeTo: Math.min(query.to, Math.max(0, options.now() - LEGACY_DELAY_MS)) }
}

/** All rows of one of the analytics endpoints. Rejects with SyncError. */
export async function readAnalytics<Wire extends { readonly starting_at: number; readonly ending_at: number }>(
  source: Source,
  query: RangeQuery,
  report: { readonly path: string; readonly groupBy: readonly string[]; readonly row: z.ZodMiniType<Wire> },
): Promise<Reading<Timed<Wire>>> {
  const { path, groupBy, row } = report
  const { transport, options, events, signal } = source
  const limit = pageLimit(options.pageSize, ANALYTICS_ROWS)
  const endpoint = {
    path,
    query: {
      ...range(query),
      time_bucket_width: query.width,
      group_by: groupBy,
      order_by: 'time',
      order: 'asc',
      limit,
    } satisfies Query,
    headers: ANALYTICS_BETA,
    body: pageOf(row),
  }
  const rows: Timed<Wire>[] = []
  let completeTo = query.to
  for await (const page of readPages(transport, endpoint, 'page', events, signal)) {
    for (const result of page.data) {
      const { starting_at: start, ending_at: end } = result
      checkBucket(start, end, { path, from: query.from, to: query.to, widthMs: WIDTH_MS[query.width] })
      rows.push({ start, row: result })
    }
    completeTo = Math.min(completeTo, Math.max(query.from, page.data_refreshed_at ?? query.from))
  }
  return { rows, completeTo }
}

function range({ from, to }: RangeQuery) {
  return { starting_at: rfc3339(from), ending_at: rfc3339(to) }
}
