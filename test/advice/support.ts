import type { AdviceInput, AdviceUsage } from '../../src/advice/advice.ts'
import type { BudgetFigures } from '../../src/budgets/figures.ts'
import { DEFAULT_THRESHOLDS } from '../../src/core/alert-thresholds.ts'
import type { Budget } from '../../src/core/budget.ts'
import { MEASURE, type Measures, setAmount, zeroMeasures } from '../../src/core/measures.ts'
import { PICO_PER_USD, picoFromDecimal } from '../../src/core/money.ts'
import { type Billing, TOKEN_CLASSES, type TokenClass } from '../../src/core/usage.ts'

const AT = Date.parse('2026-05-14T12:00:00Z')
export const DAY_MS = 86_400_000

export const usd = (text: string) => picoFromDecimal(text) ?? 0n

/** Dollars per million tokens, in the order of TOKEN_CLASSES. */
const USD_PER_MILLION: Readonly<Record<string, readonly number[]>> = {
  'claude-opus-5-5': [4, 5, 8, 0.2, 20],
  'claude-opus-4-8': [5, 6.25, 10, 0.5, 25],
  'claude-sonnet-5-5': [2, 2.5, 4, 0.1, 10],
  'claude-haiku-5-5': [0.1, 0.125, 0.2, 0.01, 0.5],
  'house-model': [50, 60, 100, 5, 250],
}
export const MODELS = Object.keys(USD_PER_MILLION)

export const PRICES: AdviceInput['prices'] = Object.entries(USD_PER_MILLION).flatMap(([model, prices]) =>
  TOKEN_CLASSES.map((tokenClass, index) => ({ model, tokenClass, pico: picoOf(prices[index] ?? 0) })),
)

export interface Used extends Partial<Record<TokenClass, number>> {
  readonly requests?: number
  readonly unpriced?: number
  /** What was paid of each four dollars at list prices; 4 unless told. */
  readonly paidOfFour?: number
}

export function usageRow(names: Partial<AdviceUsage>, used: Used, billing: Billing = 'metered'): AdviceUsage {
  const model = names.model ?? 'claude-opus-5-5'
  const totals = { metered: zeroMeasures(), plan: zeroMeasures(), [billing]: measuresOf(model, used) }
  return {
    source: 'claude-code',
    agent: 'reviewer',
    project: 'shop',
    provider: 'anthropic',
    model,
    daysAgo: 0,
    ...names,
    totals,
  }
}

/** Priced with the list above; models that are not in it cost nothing. */
export function measuresOf(model: string, used: Used): Measures {
  const { requests = 1, unpriced = 0, paidOfFour = 4 } = used
  const values = zeroMeasures()
  const price = (name: TokenClass) => BigInt(picoOf(USD_PER_MILLION[model]?.[TOKEN_CLASSES.indexOf(name)] ?? 0))
  const count = (name: TokenClass) => BigInt(used[name] ?? 0)
  for (const name of TOKEN_CLASSES) values[MEASURE[name]] = used[name] ?? 0
  values[MEASURE.requests] = requests
  values[MEASURE.unpriced] = unpriced
  const cost = TOKEN_CLASSES.reduce((sum, name) => sum + count(name) * price(name), 0n)
  const input = price('input')
  const premium = (['cache_write_5m', 'cache_write_1h'] as const).map((name) => count(name) * (price(name) - input))
  setAmount(values, 'cost_usd', (cost * BigInt(paidOfFour)) / 4n)
  setAmount(values, 'saved_usd', count('cache_read') * (input - price('cache_read')))
  setAmount(values, 'premium_usd', (premium[0] ?? 0n) + (premium[1] ?? 0n))
  return values
}

export function adviceInput(more: Partial<AdviceInput> = {}): AdviceInput {
  return {
    at: AT,
    timeZone: 'UTC',
    historyMs: 30 * DAY_MS,
    thresholds: DEFAULT_THRESHOLDS,
    prices: PRICES,
    active: [],
    habits: [],
    unpriced: [],
    modelInUse: [],
    planWindows: [],
    budgets: [],
    last7Days: [],
    before: [],
    sessions: [],
    ...more,
  }
}

const BUDGET: Budget = {
  name: 'team',
  origin: 'configured',
  basis: 'estimated_cost',
  limit: usd('100'),
  tokenClasses: [],
  period: { kind: 'month', days: 0, weekStart: 1, billingDay: 1, timeZone: 'UTC' },
  scope: {},
  warningRatio: 0.75,
  criticalRatio: 0.9,
  severity: 'critical',
  owner: 'none',
  since: Number.NEGATIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
  maxDataAgeMs: DAY_MS,
}

/** A budget of May, of which this much is spent; nothing is forecast unless given. */
export function budgetFigures(
  spent: bigint,
  { budget: fields = {}, ...more }: Partial<Omit<BudgetFigures, 'budget'>> & { budget?: Partial<Budget> } = {},
): BudgetFigures {
  const budget = { ...BUDGET, ...fields }
  const period = { start: Date.parse('2026-05-01T00:00:00Z'), end: Date.parse('2026-06-01T00:00:00Z') }
  const remaining = budget.limit - spent
  return {
    budget,
    period,
    spent,
    remaining,
    usedRatio: Number(spent) / Number(budget.limit),
    elapsedRatio: (AT - period.start) / (period.end - period.start),
    state: 'ok',
    unknownReason: null,
    burnRate1h: null,
    burnRate6h: null,
    burnRate3d: null,
    forecast: null,
    exhaustsAt: null,
    suggestedPerDay: remaining <= 0n ? 0n : (remaining * BigInt(DAY_MS)) / BigInt(period.end - AT),
    forecastErrors: [],
    unpricedTokens: 0n,
    dataTo: AT,
    ...more,
  }
}

/** Dollars per million tokens as pico-dollars per token. */
function picoOf(usdPerMillion: number): number {
  return Math.round((usdPerMillion * Number(PICO_PER_USD)) / 1_000_000)
}
