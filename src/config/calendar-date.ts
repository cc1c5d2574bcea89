import { firstInstant, zoneOf } from '../core/local-time.ts'
import { accepting } from './value-type.ts'

/** A day of the calendar as `YYYY-MM-DD`. */
export const calendarDate = accepting('a date such as 2026-03-13', (value) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined
  const midnight = utcMidnight(value)
  return !Number.isNaN(midnight) && dateOf(midnight) === value ? value : undefined
})

/** Start of a day in UTC, epoch milliseconds. */
export function utcMidnight(date: string): number {
  return Date.parse(`${date}T00:00:00Z`)
}

/**
 * The first instant of a day in a zone, epoch milliseconds: midnight, or later where the clock skips it. Where the clock
 * shows midnight twice, the first time counts, as it does for the periods of budgets.
 */
export function startOfDate(date: string, timeZone: string): number {
  return firstInstant(zoneOf(timeZone), utcMidnight(date))
}

/** The day after: `2026-03-01` for `2026-02-28`. */
export function nextDate(date: string): string {
  return dateOf(utcMidnight(date) + 86_400_000)
}

function dateOf(midnight: number): string {
  return new Date(midnight).toISOString().replace(/T.*/, '')
}
