import * as z from 'zod/mini'
import type { ApiUsageRow } from '../../core/organization.ts'
import type { TokenCounts } from '../../core/usage.ts'
import type { RangeQuery, Reading } from './admin-api.ts'
import { readAnalytics, readLegacy, type Source } from './buckets.ts'
import { DIMENSIONS, labelKey, labelsOf } from './labels.ts'
import { addCounts, count, mergeRows, time, word } from './wire.ts'

const counts = {
  uncached_input_tokens: count,
  cache_creation: z.object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
  cache_read_input_tokens: count,
  output_tokens: count,
  server_tool_use: z.nullish(z.object({ web_search_requests: z.nullish(count) })),
}

export const wireLabels = {
  model: z.nullish(word),
  workspace_id: z.nullish(word),
  api_key_id: z.nullish(word),
  service_tier: z.nullish(word),
  context_window: z.nullish(word),
}

const legacyRow = z.object({ ...counts, ...wireLabels })

const analyticsRow = z.object({
  starting_at: time,
  ending_at: time,
  group: z.object(wireLabels),
  usage: z.object({ ...counts, requests: z.nullish(count) }),
})

/** Tokens of a range, all pages. Rejects with SyncError. */
export async function readUsage(source: Source, query: RangeQuery): Promise<Reading<ApiUsageRow>> {
  const { rows, completeTo } =
    query.generation === 'legacy' ? await legacy(source, query) : await analytics(source, query)
  return { rows: mergeRows(rows, (row) => JSON.stringify([row.start, ...labelKey(row)]), add), completeTo }
}

async function legacy(source: Source, query: RangeQuery): Promise<Reading<ApiUsageRow>> {
  const report = { path: 'usage_report/messages', groupBy: DIMENSIONS, row: legacyRow }
  const { rows, completeTo } = await readLegacy(source, query, report)
  return {
    rows: rows.map(({ start, row }) => ({ start, ...labelsOf(row, 'legacy'), ...countsOf(row), requests: null })),
    completeTo,
  }
}

async function analytics(source: Source, query: RangeQuery): Promise<Reading<ApiUsageRow>> {
  const report = { path: 'analytics/usage', groupBy: DIMENSIONS, row: analyticsRow }
  const { rows, completeTo } = await readAnalytics(source, query, report)
  return {
    rows: rows.map(({ start, row: { group, usage } }) => ({
      start,
      ...labelsOf(group, 'analytics'),
      ...countsOf(usage),
      requests: usage.requests ?? null,
    })),
    completeTo,
  }
}

type WireCounts = Omit<z.infer<typeof legacyRow>, keyof typeof wireLabels>

function countsOf(row: WireCounts): { readonly tokens: TokenCounts; readonly webSearches: number } {
  return {
    tokens: {
      input: row.uncached_input_tokens,
      cacheWrite5m: row.cache_creation.ephemeral_5m_input_tokens,
      cacheWrite1h: row.cache_creation.ephemeral_1h_input_tokens,
      cacheRead: row.cache_read_input_tokens,
      output: row.output_tokens,
    },
    webSearches: row.server_tool_use?.web_search_requests ?? 0,
  }
}

function add(a: ApiUsageRow, b: ApiUsageRow): ApiUsageRow {
  return {
    ...a,
    tokens: {
      input: addCounts(a.tokens.input, b.tokens.input),
      cacheWrite5m: addCounts(a.tokens.cacheWrite5m, b.tokens.cacheWrite5m),
      cacheWrite1h: addCounts(a.tokens.cacheWrite1h, b.tokens.cacheWrite1h),
      cacheRead: addCounts(a.tokens.cacheRead, b.tokens.cacheRead),
      output: addCounts(a.tokens.output, b.tokens.output),
    },
    webSearches: addCounts(a.webSearches, b.webSearches),
    requests: a.requests === null || b.requests === null ? null : addCounts(a.requests, b.requests),
  }
}
