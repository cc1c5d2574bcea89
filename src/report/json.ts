import { usdFromPico } from '../core/money.ts'
import { isoTime } from '../core/period.ts'
import { escapeControls } from '../lib/escape.ts'
import type { Freshness } from './freshness.ts'
import type { Period, PeriodContext } from './period.ts'
import {
  cacheGainPico,
  cacheHitRatio,
  count,
  estimatedPico,
  planPico,
  type Totals,
  tokensOf,
  totalTokens,
} from './totals.ts'

/** How usage looks wherever JSON shows it. Amounts are US dollars. */
export interface UsageJson {
  readonly tokens: {
    readonly input: number
    readonly cacheWrite5m: number
    readonly cacheWrite1h: number
    readonly cacheRead: number
    readonly output: number
    readonly total: number
  }
  readonly requests: number
  readonly webSearches: number
  /** Tokens at list price where use is paid per token; without those no price is known for. */
  readonly estimatedCostUsd: number
  /** The same for use that a flat-rate plan covers; never part of the estimated cost. */
  readonly planValueUsd: number
  readonly unpricedTokens: number
  /** Share of the prompt that was read from the cache, 0 to 1; null without a prompt. */
  readonly cacheHitRatio: number | null
  /** What reading the cache saved less what writing it cost on top; negative where it did not pay. */
  readonly cacheSavingsUsd: number
  /** The same for use that a flat-rate plan covers. */
  readonly cacheSavingsOfPlanUsd: number
}

export function usageJson(totals: Totals): UsageJson {
  return {
    tokens: {
      input: Number(tokensOf(totals, 'input')),
      cacheWrite5m: Number(tokensOf(totals, 'cache_write_5m')),
      cacheWrite1h: Number(tokensOf(totals, 'cache_write_1h')),
      cacheRead: Number(tokensOf(totals, 'cache_read')),
      output: Number(tokensOf(totals, 'output')),
      total: Number(totalTokens(totals)),
    },
    requests: Number(count(totals, 'requests')),
    webSearches: Number(count(totals, 'web_searches')),
    estimatedCostUsd: usdFromPico(estimatedPico(totals)),
    planValueUsd: usdFromPico(planPico(totals)),
    unpricedTokens: Number(count(totals, 'unpriced')),
    cacheHitRatio: cacheHitRatio(totals),
    cacheSavingsUsd: usdFromPico(cacheGainPico(totals, 'metered')),
    cacheSavingsOfPlanUsd: usdFromPico(cacheGainPico(totals, 'plan')),
  }
}

/** What every report begins with. */
export function jsonHead(report: string, { now, timeZone }: PeriodContext, freshness: Freshness) {
  return {
    schemaVersion: 1,
    report,
    generatedAt: isoTime(now, timeZone),
    timeZone,
    freshness: {
      origin: freshness.origin,
      readAt: timeOrNull(freshness.readAt, timeZone),
      newestResponse: timeOrNull(freshness.newest, timeZone),
      complete: freshness.isComplete,
    },
  }
}

/** A window with its first instant and the first one after it. */
export function periodJson({ from, to, kind }: Period, timeZone: string) {
  return { kind, from: isoTime(from, timeZone), to: isoTime(to, timeZone) }
}

/** Text of a document, safe to show on a terminal. */
export function jsonText(document: unknown): string {
  // JSON itself escapes less than a terminal obeys; an escape sequence more changes no string.
  return `${JSON.stringify(document, null, 2).split('\n').map(escapeControls).join('\n')}\n`
}

function timeOrNull(instant: number | null, timeZone: string): string | null {
  return instant === null ? null : isoTime(instant, timeZone)
}
