import { statPanel } from '../../lib/panels.ts'
import { overRange, type Select } from '../../lib/select.ts'
import { NONE_WANTED } from '../../lib/thresholds.ts'

const STAT = { width: 6, height: 3 } as const

/** What is in no estimated cost, over the time shown. */
export function planValue(select: Select) {
  return statPanel({
    ...STAT,
    id: 3,
    title: 'Covered by a plan, at list prices',
    description:
      'What use that a flat-rate plan covers would have cost over the time shown. No money is spent by it, and no other ' +
      'panel here counts it.',
    unit: 'usd',
    decimals: 2,
    queries: [{ refId: 'A', expr: overRange(select('claude_plan_value_usd_total')) }],
  })
}

export function unlogged(select: Select) {
  return statPanel({
    ...STAT,
    id: 4,
    title: 'On no log line, estimated',
    description:
      "Cost over the time shown, by the agent's own estimate, of calls that stand on no log line, such as titles. No other " +
      'panel here counts it.',
    unit: 'usd',
    decimals: 2,
    queries: [{ refId: 'A', expr: overRange(select('claude_unlogged_cost_usd_total')) }],
  })
}

export function unpriced(select: Select) {
  return statPanel({
    ...STAT,
    id: 5,
    title: 'Tokens without a price',
    description:
      'Tokens over the time shown that no price is known for, so that they are in no cost. Of all agents and projects. ' +
      'Prices can be configured.',
    unit: 'tokens',
    thresholds: NONE_WANTED,
    queries: [{ refId: 'A', expr: overRange(select('claude_unpriced_tokens_total')) }],
  })
}

export function searches(select: Select) {
  return statPanel({
    ...STAT,
    id: 6,
    title: 'Web searches',
    description: 'Web searches over the time shown, which are billed beside the tokens. The estimated cost has them.',
    unit: 'whole',
    decimals: 0,
    queries: [{ refId: 'A', expr: overRange(select('claude_web_search_requests_total')) }],
  })
}
