import { DAY_AT_MOST_SECONDS } from '../../../src/alerts/groups/budgets.ts'
import { COLORS } from '../../lib/colors.ts'
import { barsPanel, dashed, seriesPanel } from '../../lib/panels.ts'
import { atEnd, type Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'
import { OF_LIMIT } from '../../lib/thresholds.ts'
import { amount, plain } from './amount.ts'

const HEIGHT = 9
const EXPORTER_BUDGET = 'on (job, instance, budget)'

export function course(select: Select) {
  const even = (unit: string) =>
    `max by (instance, budget) (${select(`claude_budget_limit_${unit}`)} * ${EXPORTER_BUDGET} ${select('claude_budget_elapsed_ratio')})`
  const band = [
    { id: 'custom.lineWidth', value: 0 },
    { id: 'color', value: { mode: 'fixed', fixedColor: COLORS.expected } },
  ]
  return seriesPanel({
    id: 20,
    title: 'Spent against limit and even spending',
    description:
      'What is spent in the period, beside the limit and what even spending would have come to by then. The band is what ' +
      'the period is expected to end at, in about 8 of 10 periods: as was expected then, and before the exporter ran as ' +
      'it is now, for the period that runs.',
    unit: 'usd',
    min: 0,
    width: 14,
    height: HEIGHT,
    overrides: [
      {
        pattern: '/^spent/',
        properties: [
          { id: 'color', value: { mode: 'fixed', fixedColor: COLORS.money } },
          { id: 'custom.fillOpacity', value: 15 },
        ],
      },
      dashed('/^limit/', COLORS.limit),
      dashed('/^even spending/', COLORS.even),
      dashed('/^expected at the end/', COLORS.expected),
      { pattern: '/^at least/', properties: band },
      {
        pattern: '/^at most/',
        properties: [...band, { id: 'custom.fillBelowTo', value: 'at least' }, { id: 'custom.fillOpacity', value: 15 }],
      },
    ],
    queries: [
      ...amount(select, 'claude_budget_spent', ['A', 'B'], 'spent'),
      ...amount(select, 'claude_budget_limit', ['C', 'D'], 'limit'),
      { refId: 'E', expr: even('usd'), unit: 'usd', legend: 'even spending' },
      { refId: 'F', expr: even('tokens'), unit: 'tokens', legend: 'even spending' },
      ...amount(expected(select), 'claude_budget_forecast', ['G', 'H'], 'expected at the end'),
      ...amount(expected(select), 'claude_budget_forecast_low', ['I', 'J'], 'at least'),
      ...amount(expected(select), 'claude_budget_forecast_high', ['K', 'L'], 'at most'),
    ],
  })
}

/** History knows no forecasts: within the period that runs, that of now stands for those that are not known. */
function expected(select: Select): Select {
  const start = select('claude_budget_period_start_timestamp_seconds')
  return (family) => {
    const forecast = select(family)
    return `${forecast} or (${atEnd(forecast)} and ${EXPORTER_BUDGET} ${start} == ${atEnd(start)})`
  }
}

export function burnRates(select: Select) {
  const threshold = (name: string) => `max(${atEnd(select('claude_alert_threshold', `threshold="${name}"`))})`
  const seconds = `max(${select('claude_budget_period_end_timestamp_seconds')} - ${EXPORTER_BUDGET} ${select('claude_budget_period_start_timestamp_seconds')})`
  const ofLong = (name: string) => `${threshold(name)} and on () ${seconds} >= ${DAY_AT_MOST_SECONDS}`
  return seriesPanel({
    id: 21,
    title: 'Burn rate',
    description:
      'How many times faster than even spending money or tokens went, over the last hour, 6 hours and 3 days. At 1 the ' +
      'limit is used up exactly at the end of the period. The dashed lines are where alerts begin now; the slow one is ' +
      'for budgets of more than a day.',
    unit: 'multiple',
    decimals: 1,
    min: 0,
    width: 10,
    height: HEIGHT,
    colors: [
      { pattern: '/^1 hour/', color: 'light-orange' },
      { pattern: '/^6 hours/', color: 'blue' },
      { pattern: '/^3 days/', color: 'purple' },
    ],
    overrides: [dashed('/^alert, fast/', COLORS.bad), dashed('/^alert, slow/', COLORS.warning)],
    queries: [
      { refId: 'A', expr: plain(select, 'claude_budget_burn_rate_1h'), legend: '1 hour' },
      { refId: 'B', expr: plain(select, 'claude_budget_burn_rate_6h'), legend: '6 hours' },
      { refId: 'C', expr: plain(select, 'claude_budget_burn_rate_3d'), legend: '3 days' },
      {
        refId: 'D',
        expr: `(${ofLong('burn_fast_ratio')}) or ${threshold('burn_fast_day_ratio')}`,
        legend: 'alert, fast',
      },
      { refId: 'E', expr: ofLong('burn_slow_ratio'), legend: 'alert, slow' },
    ],
  })
}

/**
 * The start of a period becomes a label, so that each period is a series, whose last value is what it came to. Rolling
 * budgets have no periods that end, but would make a series at every step.
 */
export function periods(select: Select) {
  const start = `(
    ${select('claude_budget_period_start_timestamp_seconds')}
    unless ${EXPORTER_BUDGET} ${select('claude_budget_info', 'period=~"rolling.*"')}
  )`
  const ofPeriods = `count_values by (job, instance, budget) ("period_start", ${start} * 1000)`
  const ended = (family: string) => {
    const values = `${select(family)} * ${EXPORTER_BUDGET} group_right () ${ofPeriods}`
    return `max by (instance, budget, period_start) (
  ${values}
  or last_over_time((${values})[$__range:15m])
)`
  }
  return tablePanel({
    id: 22,
    title: 'Periods so far',
    description:
      'What each period within the time shown came to, seen every quarter of an hour; the newest is the one that runs. ' +
      'Rolling budgets have no periods.',
    unit: 'count',
    width: 14,
    height: 7,
    noValue: 'No period in the time shown, or a rolling budget, which has none.',
    columns: [
      { from: 'period_start', title: 'Began', unit: 'date', width: 170 },
      { from: 'A', title: 'Used', unit: 'ratio', decimals: 0, bar: true, thresholds: OF_LIMIT },
      { from: 'B', title: 'Spent, $', unit: 'usd', decimals: 2 },
      { from: 'C', title: 'Spent, tokens', unit: 'tokens' },
    ],
    sortBy: { title: 'Began', descending: true },
    numbers: ['period_start'],
    queries: [
      { refId: 'A', expr: ended('claude_budget_used_ratio') },
      { refId: 'B', expr: ended('claude_budget_spent_usd') },
      { refId: 'C', expr: ended('claude_budget_spent_tokens') },
    ],
  })
}

export function forecastErrors(select: Select) {
  return barsPanel({
    id: 23,
    title: 'How wrong the last forecasts were',
    description:
      'Forecasts of the last complete period, by how much of it had passed when they were made: 10 % is a tenth too high. ' +
      'Nothing before the first complete period.',
    unit: 'ratio',
    decimals: 0,
    width: 10,
    height: 7,
    color: COLORS.expected,
    noValue: 'no complete period yet',
    queries: [
      {
        refId: 'A',
        expr: `sort(max by (elapsed) (${select('claude_budget_forecast_error_ratio')}))`,
        legend: 'at {{elapsed}} of the period',
      },
    ],
  })
}
