import type { Budget, Period } from '../core/budget.ts'
import { DAY_MS, HOUR_MS } from '../core/time.ts'
import type { Amounts } from './amounts.ts'
import { burnRate } from './burn.ts'
import { type DataState, isKnownSince, unknownReason } from './data-state.ts'
import { reachedAt } from './exhaustion.ts'
import type { BudgetFigures, Forecast, ForecastError } from './figures.ts'
import { periodAt, periodLength } from './period.ts'
import { ratioOf } from './ratio.ts'
import { stateOf } from './state.ts'

const QUARTER_OF_HOUR_MS = HOUR_MS / 4

export interface AssessInput {
  readonly budget: Budget
  /** Epoch milliseconds. */
  readonly now: number
  /** What counts towards the budget, in its unit. */
  readonly amounts: Amounts
  /** Width of the slots of `amounts`, milliseconds; a quarter of an hour unless told. */
  readonly slotMs?: number
  readonly data: DataState
  readonly unpricedTokens: bigint
  readonly forecast: Forecast | null
  readonly forecastErrors: readonly ForecastError[]
}

/** The version among those of one budget that is in force at the instant; null where none is. */
export function budgetInForce(versions: readonly Budget[], instant: number): Budget | null {
  return versions.find((budget) => budget.since <= instant && instant < budget.until) ?? null
}

/**
 * Everything that is shown of a budget at one instant. The budget given counts for the whole of the period that runs,
 * also when it came into force, or will go out of it, in the middle: a limit that was raised is raised at once.
 */
export function assess(input: AssessInput): BudgetFigures {
  const { budget, amounts, data } = input
  const now = Math.floor(input.now)
  const slotMs = input.slotMs ?? QUARTER_OF_HOUR_MS
  const period = periodAt(budget.period, now)
  const isRolling = budget.period.kind === 'rolling'
  // Slots are added to while they run, so that the one which begins now counts.
  const spent = isKnownSince(data, period.start, now) ? amounts.sum(period.start, now + 1) : null
  const remaining = spent === null ? null : budget.limit - spent
  const reason = unknownReason(data, budget, period, now)
  const forecast = isRolling || spent === null ? null : input.forecast
  const burn = { amounts, data, now, limit: budget.limit, periodMs: periodLength(budget.period, period), slotMs }
  return {
    budget,
    period,
    spent,
    remaining,
    usedRatio: spent === null ? null : ratioOf(spent, budget.limit),
    elapsedRatio: isRolling ? 1 : (now - period.start) / (period.end - period.start),
    state: reason !== null || spent === null ? 'unknown' : stateOf(budget, spent),
    unknownReason: reason,
    burnRate1h: burnRate(burn, HOUR_MS),
    burnRate6h: burnRate(burn, 6 * HOUR_MS),
    burnRate3d: burnRate(burn, 3 * DAY_MS),
    forecast,
    exhaustsAt:
      spent !== null && spent >= budget.limit
        ? reachedAt(amounts, period.start, now, budget.limit, slotMs)
        : exhaustsWithin(period, forecast),
    suggestedPerDay: isRolling ? null : perDayLeft(remaining, period, now),
    forecastErrors: input.forecastErrors,
    unpricedTokens: input.unpricedTokens,
    dataTo: data.to,
  }
}

function exhaustsWithin(period: Period, forecast: Forecast | null): number | null {
  const at = forecast?.exhaustsAt ?? null
  return at !== null && at < period.end ? at : null
}

function perDayLeft(remaining: bigint | null, period: Period, now: number): bigint | null {
  const left = period.end - now
  if (remaining === null || left < DAY_MS) return null
  return remaining <= 0n ? 0n : (remaining * BigInt(DAY_MS)) / BigInt(left)
}
