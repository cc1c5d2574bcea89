import type { BudgetFigures } from '../../src/budgets/figures.ts'
import type { Budget } from '../../src/core/budget.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'

const MONTH = { start: Date.parse('2025-05-31T22:00:00Z'), end: Date.parse('2025-06-30T22:00:00Z') }

export function sampleBudget(fields: Partial<Budget> = {}): Budget {
  return {
    name: 'monthly',
    origin: 'configured',
    basis: 'estimated_cost',
    limit: 200_000_000_000_000n,
    tokenClasses: [],
    period: { kind: 'month', days: 0, weekStart: 1, billingDay: 1, timeZone: 'Europe/Berlin' },
    scope: {},
    warningRatio: 0.75,
    criticalRatio: 0.9,
    severity: 'critical',
    owner: 'none',
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    maxDataAgeMs: 900_000,
    ...fields,
  }
}

/** Figures of a budget of which nothing is known, with parts of their own. */
export function budgetFigures(budget: Budget, fields: Partial<BudgetFigures> = {}): BudgetFigures {
  return {
    budget,
    period: MONTH,
    spent: null,
    remaining: null,
    usedRatio: null,
    elapsedRatio: 0.4826388888888889,
    state: 'unknown',
    unknownReason: 'loading',
    burnRate1h: null,
    burnRate6h: null,
    burnRate3d: null,
    forecast: null,
    exhaustsAt: null,
    suggestedPerDay: null,
    forecastErrors: [],
    unpricedTokens: 0n,
    dataTo: null,
    ...fields,
  }
}

/** One budget of dollars that is over, one of tokens, a rolling one that may only warn, and one that is not known. */
export const sampleBudgets: Snapshot['budgets'] = [
  budgetFigures(sampleBudget({ owner: 'Ada', scope: { agent: ['none', 'Explore'], project: ['shop*'] } }), {
    spent: 274_000_000_000_001n,
    remaining: -74_000_000_000_001n,
    usedRatio: 1.37,
    state: 'exceeded',
    unknownReason: null,
    burnRate1h: 14.4,
    burnRate6h: 6,
    burnRate3d: 2.5,
    forecast: {
      expected: 550_000_000_000_000n,
      low: 400_000_000_000_000n,
      high: 700_000_000_000_000n,
      exhaustsAt: null,
    },
    exhaustsAt: Date.parse('2025-06-14T12:15:00Z'),
    suggestedPerDay: 0n,
    forecastErrors: [
      { step: 0.25, ratio: -0.125 },
      { step: 0.5, ratio: 0.03 },
    ],
    unpricedTokens: 30n,
    dataTo: Date.UTC(2025, 5, 15, 12),
  }),
  budgetFigures(
    sampleBudget({
      name: 'weekly-tokens',
      basis: 'session_tokens',
      limit: 9_007_199_254_740_993n,
      tokenClasses: ['input', 'output'],
      period: { kind: 'week', days: 0, weekStart: 7, billingDay: 1, timeZone: 'UTC' },
    }),
    {
      spent: 12n,
      remaining: 9_007_199_254_740_981n,
      usedRatio: 1.3322676295501878e-15,
      state: 'ok',
      unknownReason: null,
      burnRate1h: 0,
      forecast: { expected: 100n, low: 50n, high: 200n, exhaustsAt: null },
      suggestedPerDay: 3_000_000_000_000_000n,
    },
  ),
  budgetFigures(
    sampleBudget({
      name: 'plan-30d',
      basis: 'plan_value',
      severity: 'warning',
      period: { kind: 'rolling', days: 30, weekStart: 1, billingDay: 1, timeZone: 'Europe/Berlin' },
    }),
    { spent: 1n, remaining: 199_999_999_999_999n, usedRatio: 5e-15, elapsedRatio: 1, state: 'ok', unknownReason: null },
  ),
  budgetFigures(
    sampleBudget({
      name: 'official/default/organization/monthly',
      origin: 'official',
      basis: 'billed_cost',
      scope: { organization: ['default'] },
    }),
    { unknownReason: 'not_covered' },
  ),
]

export const sampleBalances: Snapshot['balances'] = [
  { organization: 'acme', balancePico: -1n, toppedUpPico: 100n, runwayMs: 0 },
  { organization: 'default', balancePico: 41_500_000_000_000n, toppedUpPico: 100n, runwayMs: 777_600_500 },
  { organization: 'new', balancePico: null, toppedUpPico: 100n, runwayMs: null },
]

export const sampleHabits: Snapshot['habits'] = [
  {
    kind: 'agent',
    source: 'claude-code',
    name: 'none',
    costLastHourPico: 6_250_000_000_000n,
    usualHourCostPico: 1_250_000_000_000n,
    tokensPerMinute: 1_200.5,
    usualTokensPerMinute: 400,
  },
  {
    kind: 'agent',
    source: 'pi',
    name: 'none',
    costLastHourPico: 0n,
    usualHourCostPico: null,
    tokensPerMinute: 0,
    usualTokensPerMinute: null,
  },
  {
    kind: 'project',
    source: '',
    name: 'shop',
    costLastHourPico: 6_250_000_000_000n,
    usualHourCostPico: 0n,
    tokensPerMinute: 1_200.5,
    usualTokensPerMinute: 400,
  },
]
