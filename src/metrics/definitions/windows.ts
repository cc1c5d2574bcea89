import type { Snapshot, WindowRow } from '../../view/snapshot.ts'
import { type MetricDefinition, metric } from '../definition.ts'
import { USAGE_LABELS, usageTokens } from './labels.ts'

type Rows = (snapshot: Snapshot) => readonly WindowRow[]

const today: Rows = (snapshot) => snapshot.today
const last7Days: Rows = (snapshot) => snapshot.last7Days
const monthToDate: Rows = (snapshot) => snapshot.monthToDate

/** How the help of a family names its window. */
export const TODAY = 'today (calendar day, zone in claude_exporter_time_zone_info)'
export const LAST_7_DAYS = 'in the last 7 days (rolling, in steps of 15 minutes)'
export const MONTH_TO_DATE = 'since the first of the month (calendar month, zone in claude_exporter_time_zone_info)'

/** Use within a window that moves with the clock: gauges, because they fall when the window moves on. */
export const windowDefinitions = [
  tokens('claude_tokens_today', TODAY, today),
  tokens('claude_tokens_7d', LAST_7_DAYS, last7Days),
  tokens('claude_tokens_month_to_date', MONTH_TO_DATE, monthToDate),
  cost('claude_estimated_cost_today_usd', TODAY, today),
  cost('claude_estimated_cost_7d_usd', LAST_7_DAYS, last7Days),
  cost('claude_estimated_cost_month_to_date_usd', MONTH_TO_DATE, monthToDate),
]

function tokens(name: string, window: string, rows: Rows): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `Tokens in the session logs ${window}, by the time of the response.`,
    unit: 'tokens',
    labels: [...USAGE_LABELS, 'token_type'],
    collector: 'windows',
    read: (snapshot) => usageTokens(rows(snapshot).map((row) => [row.labels, row.tokens])),
  })
}

function cost(name: string, window: string, rows: Rows): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help:
      `Estimated cost of metered use in US dollars ${window}. Not a bill, ` +
      'and without use that a plan covers and unpriced tokens.',
    unit: 'usd',
    labels: USAGE_LABELS,
    collector: 'windows',
    scale: 'pico',
    read: (snapshot) => rows(snapshot).map((row) => [row.labels, row.estimatedPico] as const),
  })
}
