import { DateTime } from 'luxon'
import { firstInstant, localTime, zoneOf } from './local-time.ts'
import { DAY_MS } from './time.ts'

/**
 * Start of the local day that holds the instant, epoch milliseconds: the first instant at which its clock shows the day.
 */
export function startOfDay(now: number, timeZone: string): number {
  return startOfDaysBefore(now, 0, timeZone)
}

/** Start of the local month that holds the instant, epoch milliseconds. */
export function startOfMonth(now: number, timeZone: string): number {
  const zone = zoneOf(timeZone)
  const date = new Date(localTime(zone, now))
  return firstInstant(zone, Date.UTC(date.getUTCFullYear(), date.getUTCMonth()))
}

/** Start of the local day `days` before the one that holds the instant; days of a clock change count as one. */
export function startOfDaysBefore(now: number, days: number, timeZone: string): number {
  const zone = zoneOf(timeZone)
  return firstInstant(zone, midnightBefore(localTime(zone, now)) - days * DAY_MS)
}

/** Starts of the local days from the one that holds `from` up to `to` (exclusive), ascending, epoch milliseconds. */
export function dayStarts(from: number, to: number, timeZone: string): number[] {
  const zone = zoneOf(timeZone)
  const starts: number[] = []
  let midnight = midnightBefore(localTime(zone, from))
  for (let start = firstInstant(zone, midnight); start < to; start = firstInstant(zone, midnight)) {
    // A day that the zone left out begins with the next one.
    if (start !== starts.at(-1)) starts.push(start)
    midnight += DAY_MS
  }
  return starts
}

/** Of times as `localTime` gives them. */
function midnightBefore(local: number): number {
  return Math.floor(local / DAY_MS) * DAY_MS
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
