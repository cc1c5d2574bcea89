import { WEEKDAYS } from '../../config/budget.ts'
import type { PeriodRule } from '../../core/budget.ts'
import { localTime, zoneOf } from '../../core/local-time.ts'
import { DAY_MS } from '../../core/time.ts'

/** How far the months and weeks of the demo have come, whenever it begins, days. */
const MONTH_ELAPSED_DAYS = 24
const WEEK_ELAPSED_DAYS = 4
/** The last day that every month has. */
const LAST_COMMON_DAY = 28

/** A month that has come most of its way: one of the 1st would show nothing on the 2nd. */
export function advancedMonth(now: number, timeZone: string): PeriodRule {
  const day = localDate(now - MONTH_ELAPSED_DAYS * DAY_MS, timeZone).getUTCDate()
  return { kind: 'month', days: 0, weekStart: 1, billingDay: Math.min(day, LAST_COMMON_DAY), timeZone }
}

/** A week of which more than half has passed. */
export function advancedWeek(now: number, timeZone: string): PeriodRule {
  const weekday = localDate(now - WEEK_ELAPSED_DAYS * DAY_MS, timeZone).getUTCDay()
  return { kind: 'week', days: 0, weekStart: weekday === 0 ? 7 : weekday, billingDay: 1, timeZone }
}

export function day(timeZone: string): PeriodRule {
  return { kind: 'day', days: 0, weekStart: 1, billingDay: 1, timeZone }
}

export function rolling(days: number): PeriodRule {
  return { kind: 'rolling', days, weekStart: 1, billingDay: 1, timeZone: 'UTC' }
}

/** The keys of a budget that say the period. */
export function periodKeys({ kind, days, weekStart, billingDay }: PeriodRule): object {
  if (kind === 'rolling') return { period: `${days}d` }
  if (kind === 'week') return { period: kind, week_starts_on: WEEKDAYS[weekStart - 1] }
  return kind === 'month' ? { period: kind, billing_day: billingDay } : { period: kind }
}

/** The local date, in the fields of UTC. */
function localDate(instant: number, timeZone: string): Date {
  return new Date(localTime(zoneOf(timeZone), instant))
}
