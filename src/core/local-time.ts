import { Info, type Zone } from 'luxon'
import { DAY_MS, MINUTE_MS } from './time.ts'

/** The zone of a name; throws RangeError for a name that is none. */
export function zoneOf(timeZone: string): Zone {
  const zone = Info.normalizeZone(timeZone)
  if (!zone.isValid) throw new RangeError(`not a time zone: ${timeZone}`)
  return zone
}

/** What the zone's clock shows at the instant, as epoch milliseconds of the same fields in UTC. */
export function localTime(zone: Zone, instant: number): number {
  return instant + offsetAt(zone, instant)
}

/**
 * The first instant at which the zone's clock shows `local` or later; `local` as `localTime` gives it. Where the clock is
 * put forward across it, that is the instant of the change; where the clock is put back across it, the first pass counts.
 * It never falls as `local` grows, so that instants found this way divide time whatever the clock does.
 */
export function firstInstant(zone: Zone, local: number): number {
  // No zone is a day from UTC, so that its clock shows less than `local` here.
  let from = local - DAY_MS
  let offset = offsetAt(zone, from)
  for (;;) {
    const instant = local - offset
    if (offsetAt(zone, instant) === offset) return instant
    from = firstChange(zone, from, instant)
    offset = offsetAt(zone, from)
    if (from + offset >= local) return from
  }
}

/** The instant of the one change of the offset within (from, to]. */
function firstChange(zone: Zone, from: number, to: number): number {
  const offset = offsetAt(zone, from)
  let before = from
  let after = to
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(zone, middle) === offset) before = middle
    else after = middle
  }
  return after
}

function offsetAt(zone: Zone, instant: number): number {
  return Math.round(zone.offset(instant) * MINUTE_MS)
}
