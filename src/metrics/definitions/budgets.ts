import { BUDGET_STATES, unitOf } from '../../core/budget.ts'
import { budgetInfo } from '../../view/budget-info.ts'
import { metric } from '../definition.ts'
import { amounts, type BudgetRow, budgetLabels, numbers, WHEN_UNKNOWN, ZONE } from './budget-samples.ts'

/** Budgets as they stand: what may be spent, what is, and what follows from it. */
export const budgetDefinitions = [
  ...amounts('claude_budget_limit', `that may be spent in the period that runs, ${ZONE}.`, (row) => row.budget.limit),
  ...amounts(
    'claude_budget_spent',
    'spent in the period that runs: estimated cost, plan value, billed cost or tokens, as the budget names it. Without ' +
      'claude_budget_unpriced_tokens, and a lower bound while the state is "unknown". ' +
      'Absent where nothing can be said, also while history is loaded.',
    (row) => row.spent,
  ),
  ...amounts(
    'claude_budget_remaining',
    `left of the limit: limit - spent, negative when over. ${WHEN_UNKNOWN}`,
    (row) => row.remaining,
  ),
  ...amounts(
    'claude_budget_suggested_per_day',
    'that may be spent per day of 24 hours until the period ends: remaining / days left, 0 when over. Absent in the last ' +
      'day, for rolling periods, and where the remaining amount is.',
    (row) => row.suggestedPerDay,
  ),
  numbers(
    {
      name: 'claude_budget_used_ratio',
      help: `Spent divided by limit, not clamped: 1.37 is 37 % over. ${WHEN_UNKNOWN}`,
      unit: 'ratio',
    },
    (row) => row.usedRatio,
  ),
  numbers(
    {
      name: 'claude_budget_elapsed_ratio',
      help: 'Share of the period that has passed, 0 to 1; always 1 for rolling periods.',
      unit: 'ratio',
    },
    (row) => row.elapsedRatio,
  ),
  burnRate('1h', 'hour', (row) => row.burnRate1h),
  burnRate('6h', '6 hours', (row) => row.burnRate6h),
  burnRate('3d', '3 days', (row) => row.burnRate3d),
  metric({
    name: 'claude_budget_threshold_ratio',
    type: 'gauge',
    help:
      'Used ratio from which on the state is "warning" and "critical". Without severity "critical" for budgets that ' +
      'may only warn.',
    unit: 'ratio',
    labels: ['budget', 'severity'],
    collector: 'budgets',
    read: (snapshot) =>
      snapshot.budgets.flatMap((row) => {
        const { severity, warningRatio, criticalRatio } = row.budget
        const warning = [{ ...budgetLabels(row), severity: 'warning' }, warningRatio] as const
        const critical = [{ ...budgetLabels(row), severity: 'critical' }, criticalRatio] as const
        return severity === 'warning' ? [warning] : [warning, critical]
      }),
  }),
  numbers(
    {
      name: 'claude_budget_period_start_timestamp_seconds',
      help: `When the period that runs began, seconds since 1970, at a boundary ${ZONE}; rolling ones in steps of 15 minutes.`,
      unit: 'seconds',
    },
    (row) => row.period.start / 1000,
  ),
  numbers(
    {
      name: 'claude_budget_period_end_timestamp_seconds',
      help: `When the next period begins, seconds since 1970, at a boundary ${ZONE}; for rolling ones always now.`,
      unit: 'seconds',
    },
    (row) => row.period.end / 1000,
  ),
  numbers(
    {
      name: 'claude_budget_exhaustion_timestamp_seconds',
      help:
        'When the limit was reached or is forecast to be reached within the period, seconds since 1970. Absent where it ' +
        'will not be, and while the forecast is withheld.',
      unit: 'seconds',
    },
    (row) => (row.exhaustsAt === null ? null : row.exhaustsAt / 1000),
  ),
  metric({
    name: 'claude_budget_state',
    type: 'gauge',
    help:
      'Exactly one state of each budget is 1. "unknown": the data behind it are missing, too old, or being loaded; ' +
      'what is spent may then be more than is shown.',
    unit: '',
    labels: ['budget', 'state'],
    collector: 'budgets',
    read: (snapshot) =>
      snapshot.budgets.flatMap((row) =>
        BUDGET_STATES.map((state) => [{ ...budgetLabels(row), state }, row.state === state ? 1 : 0] as const),
      ),
  }),
  metric({
    name: 'claude_budget_info',
    type: 'gauge',
    help:
      'Always 1: what a budget counts (unit, scope), its period and time zone, whether it was configured or is a limit ' +
      'the provider enforces ("official"), and who answers for it.',
    unit: '',
    labels: ['budget', 'unit', 'period', 'scope', 'time_zone', 'origin', 'owner'],
    collector: 'budgets',
    read: (snapshot) => snapshot.budgets.map(({ budget }) => [budgetInfo(budget), 1] as const),
  }),
  numbers(
    {
      name: 'claude_budget_unpriced_tokens',
      help:
        'Tokens in the scope and period of a budget of session cost that no price is known for, so that they are missing ' +
        'from what is spent. Absent for other budgets, and where the amount spent is.',
      unit: 'tokens',
    },
    (row) => (unitOf(row.budget.basis) === 'tokens' || isBilled(row) || row.spent === null ? null : row.unpricedTokens),
  ),
]

function burnRate(window: string, words: string, value: (row: BudgetRow) => number | null) {
  return numbers(
    {
      name: `claude_budget_burn_rate_${window}`,
      help:
        `Spending of the last ${words} before the data end, as a multiple of even spending over the period: 1 uses up ` +
        'exactly the limit. Absent where the data do not reach back so far.',
      unit: 'ratio',
    },
    value,
  )
}

function isBilled({ budget }: BudgetRow): boolean {
  return budget.basis === 'billed_cost'
}
