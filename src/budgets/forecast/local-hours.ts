import { zoneOf } from '../../core/local-time.ts'
import { DAY_MS, HOUR_MS } from '../../core/time.ts'

/** No clock changes between two of these. */
const QUARTER_MS = HOUR_MS / 4
/** No clock changes twice within this time so that it has the same offset as before. */
const PROBE_MS = 14 * DAY_MS

/** A piece of time within one hour of a local clock: all of it, unless it is cut by a bound or a clock change. */
export interface LocalHour {
  /** Epoch milliseconds, start inclusive, end exclusive. */
  readonly start: number
  readonly end: number
  /** Days since 1970-01-01 of the local date. */
  readonly day: number
  /** 0 to 23. */
  readonly hour: number
}

/**
 * Divides [from, to), epoch milliseconds, by the hours of the zone's clock, ascending. An hour that the clock skips is
 * missing, one that it repeats is there twice.
 */
export function localHours(from: number, to: number, timeZone: string): LocalHour[] {
  const hours: LocalHour[] = []
  for (const { start, end, offset } of offsets(from, to, timeZone)) {
    for (let at = start; at < end; ) {
      const local = at + offset
      const day = Math.floor(local / DAY_MS)
      const hour = Math.floor((local - day * DAY_MS) / HOUR_MS)
      const next = Math.min(day * DAY_MS + (hour + 1) * HOUR_MS - offset, end)
      hours.push({ start: at, end: next, day, hour })
      at = next
    }
  }
  return hours
}

/** 0 Monday to 6 Sunday. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

interface Stretch {
  readonly start: number
  readonly end: number
  /** What the local clock shows minus UTC, milliseconds. */
  readonly offset: number
}

/** Divides [from, to) where the clock changes. To ask a zone is slow, so it is asked once a fortnight and then more closely. */
function offsets(from: number, to: number, timeZone: string): Stretch[] {
  const zone = zoneOf(timeZone)
  const offsetAt = (instant: number) => Math.round(zone.offset(instant) * 60_000)
  const stretches: Stretch[] = []
  let start = from
  let offset = offsetAt(from)
  for (let at = from; at < to; ) {
    const probe = Math.min(at + PROBE_MS, to)
    at = probe
    if (offsetAt(probe) === offset) continue
    at = firstQuarter(start, probe, (instant) => offsetAt(instant) !== offset)
    stretches.push({ start, end: at, offset })
    start = at
    offset = offsetAt(at)
  }
  if (start < to) stretches.push({ start, end: to, offset })
  return stretches
}

/** The first quarter of an hour within (from, to] for which it is true, if it is for the last. */
function firstQuarter(from: number, to: number, isTrue: (instant: number) => boolean): number {
  let before = Math.floor(from / QUARTER_MS)
  let after = Math.ceil(to / QUARTER_MS)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (isTrue(middle * QUARTER_MS)) after = middle
    else before = middle
  }
  return Math.min(after * QUARTER_MS, to)
}
