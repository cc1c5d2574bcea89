import { COLORS } from '../../lib/colors.ts'
import { statPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { steps } from '../../lib/thresholds.ts'
import { NO_ORGANIZATION } from './absence.ts'

export function billedToday(select: Select) {
  return billed(select, 1, 'Billed today (UTC)', 'claude_billed_cost_today_usd', 'on the present UTC day, so far')
}

export function billedMonth(select: Select) {
  const words = 'since the first of the month in UTC'
  return billed(select, 2, 'Billed this month (UTC)', 'claude_billed_cost_month_to_date_usd', words)
}

export function previousMonth(select: Select) {
  const words = 'in the previous calendar month in UTC'
  return billed(select, 3, 'Billed last month (UTC)', 'claude_billed_cost_previous_month_usd', words)
}

export function balance(select: Select) {
  return statPanel({
    id: 4,
    title: 'Prepaid balance',
    description:
      'Top-ups of the configuration less what was billed since. Computed, not told by the provider; nothing without top-ups.',
    unit: 'usd',
    decimals: 2,
    width: 3,
    height: 3,
    thresholds: [
      { value: null, color: COLORS.bad },
      { value: 0.01, color: COLORS.good },
    ],
    noValue: 'no top-ups',
    queries: [{ refId: 'A', expr: `sum(${select('claude_balance_usd')})` }],
  })
}

export function runway(select: Select) {
  return statPanel({
    id: 5,
    title: 'Balance lasts',
    description:
      'How long the balance lasts at the mean of the last 7 complete UTC days; of the organisation where it ends first.',
    unit: 'seconds',
    decimals: 0,
    width: 3,
    height: 3,
    noValue: 'no top-ups',
    queries: [{ refId: 'A', expr: `min(${select('claude_balance_runway_seconds')})` }],
  })
}

export function complete(select: Select) {
  return statPanel({
    id: 6,
    title: 'Bill known until',
    description: 'Age of the newest cost that the provider told completely. An hour or so is normal.',
    unit: 'seconds',
    decimals: 0,
    width: 3,
    height: 3,
    thresholds: steps([21_600, COLORS.warning], [93_600, COLORS.bad]),
    noValue: NO_ORGANIZATION,
    queries: [
      {
        refId: 'A',
        expr: `time() - min(${select('claude_exporter_data_watermark_timestamp_seconds', 'source=~"anthropic-cost.*"')})`,
      },
    ],
  })
}

export function settled(select: Select) {
  return statPanel({
    id: 7,
    title: 'Settled until',
    description: 'Days before this are not expected to be restated any more. Newer ones may still change.',
    unit: 'date',
    width: 3,
    height: 3,
    noValue: 'not yet',
    queries: [
      {
        refId: 'A',
        expr: `min(${select('claude_exporter_data_settled_timestamp_seconds', 'source=~"anthropic-cost.*"')}) * 1000`,
      },
    ],
  })
}

function billed(select: Select, id: number, title: string, family: string, words: string) {
  return statPanel({
    id,
    title,
    description: `What the provider bills for use ${words}, after discounts and before credits. It may restate past days.`,
    unit: 'usd',
    decimals: 2,
    width: 4,
    height: 3,
    color: COLORS.money,
    noValue: NO_ORGANIZATION,
    queries: [{ refId: 'A', expr: `sum(${select(family)})` }],
  })
}
