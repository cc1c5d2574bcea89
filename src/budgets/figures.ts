import type { Budget, BudgetState, Period, UnknownReason } from '../core/budget.ts'

/** What is expected for the whole period, in the unit of the budget. */
export interface Forecast {
  readonly expected: bigint
  /** About eight of ten periods end between `low` and `high`. */
  readonly low: bigint
  readonly high: bigint
  /** When the limit will be reached within the period, epoch milliseconds; null if it will not be. */
  readonly exhaustsAt: number | null
}

/** By how much the forecast made at a step of the last complete period was wrong: (forecast - actual) / actual. */
export interface ForecastError {
  readonly step: number
  readonly ratio: number
}

/** Everything that is shown of a budget. Amounts are in its unit: pico-dollars or tokens. */
export interface BudgetFigures {
  readonly budget: Budget
  readonly period: Period
  /** Null where nothing can be said. May be a lower bound when the state is `unknown`, and where tokens are unpriced. */
  readonly spent: bigint | null
  /** limit - spent: negative when over. */
  readonly remaining: bigint | null
  /** spent / limit, never clamped. */
  readonly usedRatio: number | null
  /** Share of the period that has passed, 0 to 1; 1 for rolling ones. */
  readonly elapsedRatio: number
  readonly state: BudgetState
  /** Set when the state is `unknown`. */
  readonly unknownReason: UnknownReason | null
  /** Spending as a multiple of even spending over the period; null where the data do not reach back so far. */
  readonly burnRate1h: number | null
  readonly burnRate6h: number | null
  readonly burnRate3d: number | null
  /** Null while withheld, and for rolling budgets. */
  readonly forecast: Forecast | null
  /** When the limit was or will be reached within the period, epoch milliseconds; null if it will not be. */
  readonly exhaustsAt: number | null
  /** What may be spent per day of 24 hours until the period ends: max(remaining, 0) / days left. Null within the last day. */
  readonly suggestedPerDay: bigint | null
  readonly forecastErrors: readonly ForecastError[]
  /** Tokens in its scope and period that no price is known for, so that they are missing from `spent`. */
  readonly unpricedTokens: bigint
  /** Until when its data are complete, epoch milliseconds; null where there are none. */
  readonly dataTo: number | null
}

/** What entered top-ups minus the bill leaves. */
export interface BalanceFigures {
  readonly organization: string
  /** Null where the bill is not known from the first top-up on. Pico-dollars; negative when more was billed. */
  readonly balancePico: bigint | null
  readonly toppedUpPico: bigint
  /** How long it lasts at the mean of the last 7 complete UTC days, milliseconds; null if unknown or nothing is spent. */
  readonly runwayMs: number | null
}
