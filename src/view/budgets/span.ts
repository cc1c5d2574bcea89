import { periodAt, periodBefore } from '../../budgets/period.ts'
import type { Budget } from '../../core/budget.ts'
import { DAY_MS } from '../../core/time.ts'

/** The longest burn rate. */
export const BURN_MS = 3 * DAY_MS
/** What a forecast learns from. */
const FORECAST_HISTORY_MS = 8 * 7 * DAY_MS
/** A quarter and the one before it. */
export const PERIODS_MS = 190 * DAY_MS

/** The oldest instant whose amounts a budget needs, epoch milliseconds. */
export function neededFrom({ period: rule }: Budget, now: number): number {
  const period = periodAt(rule, now)
  if (rule.kind === 'rolling') return Math.min(period.start, now - BURN_MS)
  // The period before it tells how wrong its forecasts were.
  const before = Math.max(periodBefore(rule, period).start, now - PERIODS_MS)
  return Math.min(period.start, before, now - FORECAST_HISTORY_MS)
}

/** The oldest instant that any of the budgets needs which are or will be in force; now without any. */
export function oldestNeeded(budgets: readonly Budget[], now: number): number {
  return Math.min(now, ...budgets.filter(({ until }) => until > now).map((budget) => neededFrom(budget, now)))
}
