import type { PeriodRule } from '../core/budget.ts'
import { DAY_MS, HOUR_MS } from '../core/time.ts'

const WEEK_MS = 7 * DAY_MS
const EPOCH_YEAR = 1970
/** ISO weekday of 1970-01-01, a Thursday. */
const EPOCH_WEEKDAY = 4

/*
 * Periods of a calendar without clock changes, numbered. Times are local: epoch milliseconds of the same fields in UTC.
 */

/** The number of the period that holds the local time. */
export function ordinalAt(rule: PeriodRule, local: number): number {
  switch (rule.kind) {
    case 'hour':
      return Math.floor(local / HOUR_MS)
    case 'week':
      return Math.floor((local - firstWeek(rule)) / WEEK_MS)
    case 'month':
      return monthsOrdinal(rule, local, 1)
    case 'quarter':
      return monthsOrdinal(rule, local, 3)
    default:
      return Math.floor(local / DAY_MS)
  }
}

/** The local time at which a period begins. */
export function localStart(rule: PeriodRule, ordinal: number): number {
  switch (rule.kind) {
    case 'hour':
      return ordinal * HOUR_MS
    case 'week':
      return firstWeek(rule) + ordinal * WEEK_MS
    case 'month':
      return startOfBilling(ordinal, rule.billingDay)
    case 'quarter':
      return startOfBilling(ordinal * 3, rule.billingDay)
    default:
      return ordinal * DAY_MS
  }
}

function firstWeek(rule: PeriodRule): number {
  return (rule.weekStart - EPOCH_WEEKDAY) * DAY_MS
}

function monthsOrdinal(rule: PeriodRule, local: number, months: number): number {
  const date = new Date(local)
  const ordinal = Math.floor(((date.getUTCFullYear() - EPOCH_YEAR) * 12 + date.getUTCMonth()) / months)
  return local < localStart(rule, ordinal) ? ordinal - 1 : ordinal
}

/** The billing day of a month, counted from January 1970; the last day of a month that has no such day. */
function startOfBilling(month: number, billingDay: number): number {
  const lastDay = new Date(Date.UTC(EPOCH_YEAR, month + 1, 0)).getUTCDate()
  return Date.UTC(EPOCH_YEAR, month, Math.min(billingDay, lastDay))
}
