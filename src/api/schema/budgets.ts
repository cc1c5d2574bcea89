import * as z from 'zod/mini'
import { BUDGET_BASES, BUDGET_STATES, UNKNOWN_REASONS } from '../../core/budget.ts'
import { count, head, ratio, time, usd } from './basics.ts'
import { about, component } from './component.ts'

export const state = component('BudgetState', 'How a budget stands.', z.enum(BUDGET_STATES))
export const unit = component('Unit', 'Of the amounts of a budget.', z.enum(['usd', 'tokens']))

const amount = z.nullable(z.number())

export const balance = component(
  'Balance',
  'What entered top-ups less the bill leave.',
  z.strictObject({
    organization: z.string(),
    balanceUsd: about('Negative where more was billed; null where the bill is not known.', z.nullable(usd)),
    toppedUpUsd: usd,
    runwayDays: about('How long it lasts at the mean of the last 7 days.', z.nullable(z.number())),
  }),
)

const budget = component(
  'Budget',
  'A budget in its present period. Amounts are in `unit`, ratios are never cut off.',
  z.strictObject({
    name: z.string(),
    origin: about('`official`: a limit that the provider itself enforces.', z.enum(['configured', 'official'])),
    basis: z.enum(BUDGET_BASES),
    unit,
    scope: z.record(z.string(), z.array(z.string())),
    owner: z.string(),
    severity: z.enum(['warning', 'critical']),
    thresholds: z.strictObject({ warning: ratio, critical: ratio }),
    period: z.strictObject({ name: z.string(), start: z.nullable(time), end: z.nullable(time), timeZone: z.string() }),
    state,
    unknownReason: z.nullable(z.enum(UNKNOWN_REASONS)),
    limit: amount,
    spent: amount,
    remaining: about('Negative when over.', amount),
    usedRatio: z.nullable(ratio),
    elapsedRatio: ratio,
    burnRate: about(
      'Spending as a multiple of even spending over the period.',
      z.strictObject({ '1h': amount, '6h': amount, '3d': amount }),
    ),
    forecast: z.nullable(z.strictObject({ expected: amount, low: amount, high: amount })),
    exhaustsAt: z.nullable(time),
    suggestedPerDay: amount,
    forecastErrors: z.array(z.strictObject({ elapsedRatio: ratio, errorRatio: z.number() })),
    unpricedTokens: count,
    dataTo: z.nullable(time),
  }),
)

export const budgetsDocument = component(
  'BudgetsDocument',
  'All budgets.',
  z.strictObject({
    ...head('budgets'),
    worstState: state,
    budgets: z.array(budget),
    balances: z.array(balance),
  }),
)
export type BudgetsDocument = z.infer<typeof budgetsDocument>
