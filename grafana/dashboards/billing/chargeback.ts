import { COLORS } from '../../lib/colors.ts'
import { barsPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { tablePanel } from '../../lib/tables.ts'

const NO_RULES = 'no rules of owners configured'
const RULES = 'By the rules under `owners` of the configuration; "unallocated" is what no rule takes.'
const SHOWN = 10

export function estimatedByOwner(select: Select) {
  return ownerBars(70, 'Estimated by owner, this month', select('claude_owner_estimated_cost_month_to_date_usd'), {
    what: 'Session logs at list price, of use that is paid per token, since the first of the month',
    color: COLORS.money,
  })
}

export function billedByOwner(select: Select) {
  return ownerBars(71, 'Billed by owner, this month (UTC)', select('claude_owner_billed_cost_month_to_date_usd'), {
    what: 'What the provider billed since the first of the month in UTC: another view of partly the same use',
    color: COLORS.money,
  })
}

export function ownerTable(select: Select) {
  const sum = (family: string) => `sum by (owner, team, cost_center) (${select(family)})`
  return tablePanel({
    id: 72,
    title: 'Who is charged for what, this month',
    description: `${RULES} Estimate, plan value and bill are three views of partly the same use, never to be added up; the bill is of the UTC month.`,
    unit: 'usd',
    width: 12,
    height: 9,
    noValue: 'No rules of owners are configured.',
    sortBy: { title: 'Owner', descending: false },
    columns: [
      { from: 'owner', title: 'Owner' },
      { from: 'team', title: 'Team', width: 110 },
      { from: 'cost_center', title: 'Cost centre', width: 110 },
      { from: 'A', title: 'Estimated', unit: 'usd', decimals: 2, width: 100 },
      { from: 'B', title: 'Plan value', unit: 'usd', decimals: 2, width: 100 },
      { from: 'C', title: 'Billed', unit: 'usd', decimals: 2, width: 100 },
      { from: 'D', title: 'Tokens', unit: 'count', width: 90 },
    ],
    queries: [
      { refId: 'A', expr: sum('claude_owner_estimated_cost_month_to_date_usd') },
      { refId: 'B', expr: sum('claude_owner_plan_value_month_to_date_usd') },
      { refId: 'C', expr: sum('claude_owner_billed_cost_month_to_date_usd') },
      { refId: 'D', expr: sum('claude_owner_tokens_month_to_date') },
    ],
  })
}

function ownerBars(
  id: number,
  title: string,
  family: string,
  { what, color }: { readonly what: string; readonly color: string },
) {
  return barsPanel({
    id,
    title,
    description: `${what}; the largest ${SHOWN}. ${RULES}`,
    unit: 'usd',
    decimals: 2,
    min: 0,
    width: 6,
    height: 9,
    noValue: NO_RULES,
    names: 'above',
    color,
    queries: [{ refId: 'A', expr: `topk(${SHOWN}, sum by (owner) (${family}))`, legend: '{{owner}}' }],
  })
}
