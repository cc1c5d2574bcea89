import type { BalanceFigures, BudgetFigures } from '../budgets/figures.ts'
import { periodName } from '../budgets/period.ts'
import { type Budget, type BudgetState, unitOf } from '../core/budget.ts'
import { usdFromPico } from '../core/money.ts'
import { isoTime } from '../core/period.ts'

/** The most serious first. Unknown may hide anything below critical. */
const BY_SERIOUSNESS = ['exceeded', 'critical', 'unknown', 'warning', 'ok'] as const satisfies readonly BudgetState[]

/** The most serious state of all; `ok` where there is no budget. */
export function worstState(budgets: readonly Pick<BudgetFigures, 'state'>[]): BudgetState {
  return BY_SERIOUSNESS.find((state) => budgets.some((budget) => budget.state === state)) ?? 'ok'
}

/** A budget as JSON shows it. Amounts are in `unit`; times are in the zone of the budget. */
export function budgetJson(figures: BudgetFigures) {
  const { budget, period, forecast } = figures
  const amount = (value: bigint | null) => (value === null ? null : amountOf(budget, value))
  const time = (instant: number | null) => (instant === null ? null : isoTime(instant, budget.period.timeZone))
  return {
    name: budget.name,
    origin: budget.origin,
    basis: budget.basis,
    unit: unitOf(budget.basis),
    scope: budget.scope,
    owner: budget.owner,
    severity: budget.severity,
    thresholds: { warning: budget.warningRatio, critical: budget.criticalRatio },
    period: {
      name: periodName(budget.period),
      start: time(period.start),
      end: time(period.end),
      timeZone: budget.period.timeZone,
    },
    state: figures.state,
    unknownReason: figures.unknownReason,
    limit: amount(budget.limit),
    spent: amount(figures.spent),
    remaining: amount(figures.remaining),
    usedRatio: figures.usedRatio,
    elapsedRatio: figures.elapsedRatio,
    burnRate: { '1h': figures.burnRate1h, '6h': figures.burnRate6h, '3d': figures.burnRate3d },
    forecast: forecast && {
      expected: amount(forecast.expected),
      low: amount(forecast.low),
      high: amount(forecast.high),
    },
    exhaustsAt: time(figures.exhaustsAt),
    suggestedPerDay: amount(figures.suggestedPerDay),
    forecastErrors: figures.forecastErrors.map(({ step, ratio }) => ({ elapsedRatio: step, errorRatio: ratio })),
    unpricedTokens: Number(figures.unpricedTokens),
    dataTo: time(figures.dataTo),
  }
}

export function balanceJson({ organization, balancePico, toppedUpPico, runwayMs }: BalanceFigures) {
  return {
    organization,
    balanceUsd: balancePico === null ? null : usdFromPico(balancePico),
    toppedUpUsd: usdFromPico(toppedUpPico),
    runwayDays: runwayMs === null ? null : runwayMs / 86_400_000,
  }
}

/** Dollars or tokens. */
export function amountOf(budget: Budget, value: bigint): number {
  return unitOf(budget.basis) === 'usd' ? usdFromPico(value) : Number(value)
}
