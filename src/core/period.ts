import { DateTime } from 'luxon'

/** Start of the local day that holds the instant, epoch milliseconds. */
export function startOfDay(now: number, timeZone: string): number {
  return at(now, timeZone).startOf('day').toMillis()
}

/** Start of the local month that holds the instant, epoch milliseconds. */
export function startOfMonth(now: number, timeZone: string): number {
  return at(now, timeZone).startOf('month').toMillis()
}

/** Start of the local day `days` before the one that holds the instant; days of a clock change count as one. */
export function startOfDaysBefore(now: number, days: number, timeZone: string): number {
  return at(now, timeZone).startOf('day').minus({ days }).startOf('day').toMillis()
}

/** Starts of the local days from the one that holds `from` up to `to` (exclusive), ascending, epoch milliseconds. */
export function dayStarts(from: number, to: number, timeZone: string): number[] {
  const starts: number[] = []
  for (let day = at(from, timeZone).startOf('day'); day.toMillis() < to; day = day.plus({ days: 1 }).startOf('day')) {
    starts.push(day.toMillis())
  }
  return starts
}

/** `2026-05-04` in the zone. */
export function isoDate(instant: number, timeZone: string): string {
  return at(instant, timeZone).toFormat('yyyy-MM-dd')
}

/** RFC 3339 with the zone's offset and whole seconds: `2026-05-04T09:12:44+02:00`. */
export function isoTime(instant: number, timeZone: string): string {
  return at(instant, timeZone).toISO({ suppressMilliseconds: true }) ?? ''
}

/**
 * The instant a user's text names: a date (its local midnight), or a date and time, with the zone's offset unless it
 * brings its own. Null when it is neither.
 */
export function parseInstant(text: string, timeZone: string): number | null {
  const time = DateTime.fromISO(text, { zone: timeZone })
  return time.isValid ? time.toMillis() : null
}

function at(instant: number, timeZone: string): DateTime {
  return DateTime.fromMillis(instant, { zone: timeZone })
}
