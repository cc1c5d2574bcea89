import { firstInstant, localTime, zoneOf } from '../../core/local-time.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/time.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import type { DemoWorldOptions } from '../world.ts'
import type { LocalHour } from './rhythm.ts'
import type { HistoryShare } from './role.ts'

/** Days before somebody begins to look: where the cache stops to help, and where an agent ran all night. */
const CACHE_LOSS_DAYS = 3
const BAD_NIGHT_DAYS = 11
/** Around the moment somebody begins to look. */
const FIRST_LOOK_BEFORE_MS = 10 * MINUTE_MS
const FIRST_LOOK_AFTER_MS = HOUR_MS
/** From that moment. */
const RUNAWAY_AFTER_MS = 3 * MINUTE_MS
const RUNAWAY_LENGTH_MS = 12 * MINUTE_MS
const RUNAWAY_EVERY_MS = 2 * HOUR_MS
/** The night job begins at ten past one in UTC; this once it does not end. */
const BAD_NIGHT_BEGIN_MS = HOUR_MS + 12 * MINUTE_MS
const BAD_NIGHT_LENGTH_MS = 2 * HOUR_MS

/** A span of time, epoch milliseconds: `from` inclusive, `until` exclusive. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** What happens when. Times are epoch milliseconds. */
export interface Story {
  /** Midnight with which history begins. */
  readonly from: number
  readonly cacheLossFrom: number
  /** Null where history is too short for it. */
  readonly badNight: Span | null
  /** While somebody looks for the first time, and is to see something move at once. */
  readonly firstLook: Span
  shareAt(time: number): HistoryShare
  localHour(time: number): LocalHour
  /** Runaways after the start that overlap a span, with their numbers. */
  runawaysIn(span: Span): readonly (Span & { readonly number: number })[]
}

/** Throws RangeError for a time zone that is none. */
export function createStory({ start, days, timeZone }: DemoWorldOptions): Story {
  const zone = zoneOf(timeZone)
  const from = firstInstant(zone, floorTo(localTime(zone, start - days * DAY_MS), DAY_MS))
  const night = floorTo(start, DAY_MS) - BAD_NIGHT_DAYS * DAY_MS + BAD_NIGHT_BEGIN_MS
  const hours = new BoundedMap<number, LocalHour>(10_000)

  return {
    from,
    cacheLossFrom: start - CACHE_LOSS_DAYS * DAY_MS,
    badNight: night < from ? null : { from: night, until: night + BAD_NIGHT_LENGTH_MS },
    firstLook: { from: start - FIRST_LOOK_BEFORE_MS, until: start + FIRST_LOOK_AFTER_MS },
    shareAt: (time) => (time - from) / Math.max(1, start - from),
    localHour(time) {
      const known = hours.get(time)
      if (known !== undefined) return known
      const clock = new Date(localTime(zone, time))
      const hour = { hour: clock.getUTCHours(), weekday: clock.getUTCDay() }
      hours.set(time, hour)
      return hour
    },
    runawaysIn(span) {
      const first = start + RUNAWAY_AFTER_MS
      const lowest = Math.max(0, Math.floor((span.from - first) / RUNAWAY_EVERY_MS))
      const found: (Span & { number: number })[] = []
      for (let number = lowest; first + number * RUNAWAY_EVERY_MS < span.until; number++) {
        const begin = first + number * RUNAWAY_EVERY_MS
        found.push({ number, from: begin, until: begin + RUNAWAY_LENGTH_MS })
      }
      return found
    },
  }
}

function floorTo(time: number, unit: number): number {
  return Math.floor(time / unit) * unit
}
