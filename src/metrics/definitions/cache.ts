import type { Snapshot, TokenTotals, UsageLabels, WindowRow } from '../../view/snapshot.ts'
import { type MetricDefinition, metric } from '../definition.ts'
import { USAGE_LABELS } from './labels.ts'
import { LAST_7_DAYS, MONTH_TO_DATE, TODAY } from './windows.ts'

/** What the prompt cache brings and costs. */
export const cacheDefinitions = [
  metric({
    name: 'claude_cache_read_savings_usd_total',
    type: 'counter',
    help:
      'US dollars saved since the ledger began because tokens were read from the cache instead of being sent as ' +
      'input, at list prices and for use that a plan covers too. What writing them costs is in ' +
      'claude_cache_write_premium_usd_total.',
    unit: 'usd',
    labels: USAGE_LABELS,
    collector: 'cache',
    scale: 'pico',
    read: (snapshot) => snapshot.counters.map((row) => [row.labels, row.cacheReadSavingsPico] as const),
  }),
  metric({
    name: 'claude_cache_write_premium_usd_total',
    type: 'counter',
    help:
      'US dollars paid since the ledger began for writing tokens to the cache, above what they cost as input, at ' +
      'list prices and for use that a plan covers too. Contained in the estimated cost or the plan value.',
    unit: 'usd',
    labels: USAGE_LABELS,
    collector: 'cache',
    scale: 'pico',
    read: (snapshot) => snapshot.counters.map((row) => [row.labels, row.cacheWritePremiumPico] as const),
  }),
  hitRatio('claude_cache_hit_ratio_today', TODAY, (snapshot) => snapshot.today),
  hitRatio('claude_cache_hit_ratio_7d', LAST_7_DAYS, (snapshot) => snapshot.last7Days),
  hitRatio('claude_cache_hit_ratio_month_to_date', MONTH_TO_DATE, (snapshot) => snapshot.monthToDate),
]

function hitRatio(name: string, window: string, rows: (snapshot: Snapshot) => readonly WindowRow[]): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help:
      `Share of all input tokens that came from the cache ${window}, 0 to ` +
      '1: cache_read / (cache_read + both cache writes + input). Absent where there was no input.',
    unit: 'ratio',
    labels: USAGE_LABELS,
    collector: 'cache',
    read: (snapshot) => rows(snapshot).flatMap(hitRatioSample),
  })
}

function hitRatioSample({ labels, tokens }: WindowRow): [UsageLabels, number][] {
  const all = inputSide(tokens)
  return all === 0n ? [] : [[labels, Number(tokens[3]) / Number(all)]]
}

function inputSide([input, cacheWrite5m, cacheWrite1h, cacheRead]: TokenTotals): bigint {
  return input + cacheWrite5m + cacheWrite1h + cacheRead
}
