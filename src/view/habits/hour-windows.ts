import { DateTime } from 'luxon'
import { SLOT_MS } from '../../ledger/ledger.ts'

/** Complete quarters of an hour before the one that runs, which together are the last hour. */
const SLOTS_BEFORE = 4
const WEEKS = 4
/** With fewer weeks, nothing is usual yet. */
const MIN_WEEKS = 2

/** An hour that ends within a quarter of an hour, whose use counts by the share of it that has passed. */
export interface HourWindow {
  /** Start of the first slot, epoch milliseconds. */
  readonly start: number
  /** Start of the last slot, the one that runs. */
  readonly last: number
}

/** The quarter of an hour that runs and the four before it: 60 to 75 minutes. */
export function lastHour(now: number): HourWindow {
  return windowAt(now)
}

/**
 * The windows of the past weeks that end at the same local time of the same day of the week, the newest first. Only
 * those that lie within the history, which begins at `first`; none with fewer than two. A local time that a clock
 * change skips stands for the one an hour later.
 */
export function usualHours(now: number, timeZone: string, first: number | null): readonly HourWindow[] {
  if (first === null) return []
  const current = DateTime.fromMillis(slotOf(now), { zone: timeZone })
  const windows = Array.from({ length: WEEKS }, (_, index) =>
    windowAt(current.minus({ weeks: index + 1 }).toMillis()),
  ).filter(({ start }) => start >= first)
  return windows.length < MIN_WEEKS ? [] : windows
}

export function slotOf(instant: number): number {
  return Math.floor(instant / SLOT_MS) * SLOT_MS
}

function windowAt(instant: number): HourWindow {
  const last = slotOf(instant)
  return { start: last - SLOTS_BEFORE * SLOT_MS, last }
}
