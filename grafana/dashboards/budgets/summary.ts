import { BUDGET_STATES } from '../../../src/core/budget.ts'
import { rowLinkTo } from '../../lib/links.ts'
import { statesPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { type Column, tablePanel } from '../../lib/tables.ts'
import { OF_LIMIT, STATE_NAMES, STATE_NUMBERS } from '../../lib/thresholds.ts'
import { amount, instant, plain } from './amount.ts'

const COLUMNS: readonly Column[] = [
  {
    from: 'budget',
    title: 'Budget',
    link: rowLinkTo('budgets', 'budget', { title: 'Show only this budget' }),
  },
  { from: 'state', title: 'State', width: 90, mappings: [STATE_NAMES] },
  { from: 'period', title: 'Period', width: 100 },
  { from: 'B', title: 'Used', unit: 'ratio', decimals: 0, width: 160, bar: true, thresholds: OF_LIMIT },
  { from: 'C', title: 'Elapsed', unit: 'ratio', decimals: 0, width: 80 },
  { from: 'D', title: 'Forecast', unit: 'ratio', decimals: 0, width: 90, thresholds: OF_LIMIT },
  { from: 'E', title: 'Spent, $', unit: 'usd', decimals: 2, width: 100 },
  { from: 'F', title: 'Spent, tokens', unit: 'tokens', width: 110 },
  { from: 'G', title: 'Limit, $', unit: 'usd', decimals: 2, width: 100 },
  { from: 'H', title: 'Limit, tokens', unit: 'tokens', width: 110 },
  { from: 'I', title: 'Used up', unit: 'fromNow', width: 135 },
  { from: 'scope', title: 'Counts', width: 205 },
  { from: 'owner', title: 'Owner', width: 90 },
]

export function table(select: Select) {
  const info = select('claude_budget_info')
  return tablePanel({
    id: 1,
    title: 'Budgets now',
    description:
      'Every budget in the period that runs. A budget is of dollars or of tokens. "unknown": the data behind it are ' +
      'missing or too old, and what is spent is a lower bound.',
    unit: 'count',
    width: 24,
    height: 9,
    noValue: 'No budgets are configured.',
    columns: COLUMNS,
    sortBy: { title: 'Used', descending: true },
    queries: [
      { refId: 'A', expr: `max by (instance, budget, state) (${select('claude_budget_state')} == 1)` },
      { refId: 'B', expr: plain(select, 'claude_budget_used_ratio') },
      { refId: 'C', expr: plain(select, 'claude_budget_elapsed_ratio') },
      { refId: 'D', expr: plain(select, 'claude_budget_forecast_ratio') },
      ...amount(select, 'claude_budget_spent', ['E', 'F']),
      ...amount(select, 'claude_budget_limit', ['G', 'H']),
      { refId: 'I', expr: instant(select, 'claude_budget_exhaustion_timestamp_seconds') },
      { refId: 'J', expr: `max by (instance, budget, period, scope, owner) (${info})` },
    ],
  })
}

export function states(select: Select) {
  const states = BUDGET_STATES.map((state, index) => {
    const inState = `max by (budget) (${select('claude_budget_state', `state="${state}"`)} == 1)`
    return `${inState} * ${index}`
  })
  return statesPanel({
    id: 2,
    title: 'States over time',
    description: 'In which state each budget was when.',
    unit: 'state',
    width: 24,
    height: 8,
    mappings: [STATE_NUMBERS],
    queries: [{ refId: 'A', expr: states.join('\nor\n'), legend: '{{budget}}' }],
  })
}
