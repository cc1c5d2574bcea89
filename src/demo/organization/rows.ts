import type { ApiLabels, ApiUsageRow, BilledCostRow } from '../../core/organization.ts'
import { HOUR_MS } from '../../core/time.ts'
import type { TokenCounts } from '../../core/usage.ts'
import type { DemoCost } from './costs.ts'
import type { DemoRequest } from './requests.ts'

/** One row per bucket and label set, in the order of time. `widthMs`: of the buckets. */
export function usageRows(requests: Iterable<DemoRequest>, widthMs: number): ApiUsageRow[] {
  const rows = new Map<string, ApiUsageRow>()
  for (const { time, labels, tokens, webSearches } of requests) {
    const start = Math.floor(time / widthMs) * widthMs
    const key = `${start} ${labelKey(labels)}`
    const known = rows.get(key)
    rows.set(
      key,
      known === undefined
        ? { start, ...labels, tokens, webSearches, requests: 1 }
        : {
            ...known,
            tokens: addTokens(known.tokens, tokens),
            webSearches: known.webSearches + webSearches,
            requests: (known.requests ?? 0) + 1,
          },
    )
  }
  return inOrder(rows)
}

/** One row per bucket and label set, in the order of time. `widthMs`: of the buckets. */
export function costRows(costs: Iterable<DemoCost>, widthMs: number): BilledCostRow[] {
  const rows = new Map<string, BilledCostRow>()
  for (const { time, labels, costType, tokenType, amountPico, listPico } of costs) {
    const start = Math.floor(time / widthMs) * widthMs
    const key = `${start} ${labelKey(labels)} ${costType} ${tokenType}`
    const known = rows.get(key)
    rows.set(key, {
      start,
      ...labels,
      costType,
      tokenType,
      description: '',
      amountPico: (known?.amountPico ?? 0n) + amountPico,
      listPico: (known?.listPico ?? 0n) + listPico,
    })
  }
  return inOrder(rows)
}

/** The same rows in wider buckets. `widthMs`: of these, whole hours. */
export function billedRows(rows: readonly BilledCostRow[], widthMs: number): readonly BilledCostRow[] {
  if (widthMs <= HOUR_MS) return rows
  return costRows(
    rows.map(({ start, costType, tokenType, description: _, amountPico, listPico, ...labels }) => ({
      time: start,
      labels,
      costType,
      tokenType,
      amountPico,
      listPico: listPico ?? 0n,
    })),
    widthMs,
  )
}

function labelKey({ workspaceId, apiKeyId, model, serviceTier, contextWindow }: ApiLabels): string {
  return `${workspaceId} ${apiKeyId} ${model} ${serviceTier} ${contextWindow}`
}

function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    input: a.input + b.input,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    cacheRead: a.cacheRead + b.cacheRead,
    output: a.output + b.output,
  }
}

function inOrder<Row extends { readonly start: number }>(rows: ReadonlyMap<string, Row>): Row[] {
  return [...rows.values()].sort((a, b) => a.start - b.start)
}
