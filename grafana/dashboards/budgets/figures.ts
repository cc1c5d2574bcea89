import { statPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { NONE_WANTED, OF_LIMIT } from '../../lib/thresholds.ts'
import { amount, instant, plain } from './amount.ts'

const HEIGHT = 3

export function used(select: Select) {
  return statPanel({
    id: 10,
    title: 'Used',
    description: 'Spent divided by limit, in the period that runs. Nothing where it is not known.',
    unit: 'ratio',
    decimals: 0,
    width: 3,
    height: HEIGHT,
    thresholds: OF_LIMIT,
    noValue: 'unknown',
    queries: [{ refId: 'A', expr: plain(select, 'claude_budget_used_ratio') }],
  })
}

export function forecastRatio(select: Select) {
  return statPanel({
    id: 11,
    title: 'Forecast for the end',
    description:
      'What the period is expected to come to, as a share of the limit. Withheld early in a period; rolling budgets ' +
      'have none.',
    unit: 'ratio',
    decimals: 0,
    width: 4,
    height: HEIGHT,
    thresholds: OF_LIMIT,
    noValue: 'none yet',
    queries: [{ refId: 'A', expr: plain(select, 'claude_budget_forecast_ratio') }],
  })
}

export function remaining(select: Select) {
  return statPanel({
    id: 12,
    title: 'Remaining',
    description: 'Limit less what is spent; negative when over.',
    unit: 'usd',
    width: 4,
    height: HEIGHT,
    noValue: 'unknown',
    queries: amount(select, 'claude_budget_remaining', ['A', 'B']),
  })
}

export function advice(select: Select) {
  return statPanel({
    id: 13,
    title: 'Suggested per day',
    description:
      'What may be spent per day of 24 hours until the period ends. Nothing in the last day, and for rolling budgets.',
    unit: 'usd',
    width: 4,
    height: HEIGHT,
    queries: amount(select, 'claude_budget_suggested_per_day', ['A', 'B']),
  })
}

export function exhaustion(select: Select) {
  return statPanel({
    id: 14,
    title: 'Used up',
    description: 'When the limit was or is expected to be reached within the period. Nothing where it will not be.',
    unit: 'fromNow',
    width: 3,
    height: HEIGHT,
    noValue: 'not expected',
    queries: [{ refId: 'A', expr: instant(select, 'claude_budget_exhaustion_timestamp_seconds') }],
  })
}

export function resets(select: Select) {
  return statPanel({
    id: 15,
    title: 'Next period',
    description: 'When the next period begins. For rolling budgets that is always now.',
    unit: 'fromNow',
    width: 3,
    height: HEIGHT,
    queries: [{ refId: 'A', expr: instant(select, 'claude_budget_period_end_timestamp_seconds') }],
  })
}

export function unpriced(select: Select) {
  return statPanel({
    id: 16,
    title: 'Without a price',
    description:
      'Tokens in the scope and period that no price is known for, so that they are missing from what is spent. Only of budgets of session cost.',
    unit: 'tokens',
    width: 3,
    height: HEIGHT,
    thresholds: NONE_WANTED,
    noValue: 'not of cost',
    queries: [{ refId: 'A', expr: plain(select, 'claude_budget_unpriced_tokens') }],
  })
}
