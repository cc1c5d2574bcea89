import { COLORS } from '../../lib/colors.ts'
import { linkToAll, SESSION_FILTERS } from '../../lib/links.ts'
import { statPanel } from '../../lib/panels.ts'
import { overRange, type Select } from '../../lib/select.ts'
import { NONE_WANTED, OF_LIMIT } from '../../lib/thresholds.ts'
import { STAT } from './width.ts'

export function spent(select: Select, id: number, title: string, window: string, words: string) {
  return statPanel({
    ...STAT,
    id,
    title,
    link: linkToAll('projects', { title: 'Who spent it', keeps: SESSION_FILTERS }),
    description: `Estimated cost of metered use: ${words}. Not a bill, and without use that a plan covers.`,
    unit: 'usd',
    decimals: 2,
    color: COLORS.money,
    queries: [{ refId: 'A', expr: `sum(${select(`claude_estimated_cost_${window}_usd`)})` }],
  })
}

export function burn(select: Select) {
  return statPanel({
    ...STAT,
    id: 4,
    title: 'Burn, last hour',
    description: 'Estimated cost of the last 60 to 75 minutes of the agents chosen. Of all projects and models.',
    unit: 'usd',
    decimals: 2,
    color: COLORS.money,
    queries: [{ refId: 'A', expr: `sum(${select('claude_agent_cost_last_hour_usd')}) or vector(0)` }],
  })
}

export function billed(select: Select) {
  return statPanel({
    ...STAT,
    id: 8,
    link: linkToAll('billing', { title: 'Open billing', keeps: ['organization'] }),
    title: 'Billed, month UTC',
    description:
      'What the provider bills the organisations chosen for use since the first of the month, after discounts. Needs the ' +
      "organisation's API; the filters of sessions do not apply.",
    unit: 'usd',
    decimals: 2,
    color: COLORS.money,
    noValue: 'no organisation',
    queries: [{ refId: 'A', expr: `sum(${select('claude_billed_cost_month_to_date_usd')})` }],
  })
}

export function planValue(select: Select) {
  return statPanel({
    ...STAT,
    id: 14,
    title: 'Covered by a plan',
    description:
      'What use that a flat-rate plan covers would have cost over the time shown, at list prices. No money is spent by ' +
      'it, and no estimated cost has it.',
    unit: 'usd',
    decimals: 2,
    queries: [{ refId: 'A', expr: overRange(select('claude_plan_value_usd_total')) }],
  })
}

export function exceeded(select: Select) {
  return statPanel({
    ...STAT,
    id: 16,
    title: 'Budgets exceeded',
    link: linkToAll('budgets', { title: 'Open budgets' }),
    description: 'Budgets that are over their limit in the period that runs.',
    unit: 'count',
    thresholds: NONE_WANTED,
    noValue: 'no budgets',
    queries: [{ refId: 'A', expr: `sum(${select('claude_budget_state', 'state="exceeded"')})` }],
  })
}

export function forecast(select: Select) {
  return statPanel({
    ...STAT,
    id: 7,
    title: 'Worst forecast',
    link: linkToAll('budgets', { title: 'Open budgets' }),
    description:
      'What the budget with the worst outlook is expected to come to by the end of its period, as a share of its limit. ' +
      'Nothing is shown early in a period and without budgets.',
    unit: 'ratio',
    decimals: 0,
    thresholds: OF_LIMIT,
    noValue: 'none yet',
    queries: [{ refId: 'A', expr: `max(${select('claude_budget_forecast_ratio')})` }],
  })
}
