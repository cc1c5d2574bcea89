import { DAY_MS, MINUTE_MS } from '../core/time.ts'
import { MAX_WINDOWS, type PlanReading } from './reading.ts'

/** A reading and when it was last handed over, epoch milliseconds. */
export interface StoredWindow extends PlanReading {
  readonly observedAt: number
}

/** Two readings of one window may tell its end this differently. */
const SAME_RESET_MS = MINUTE_MS
/** How long what was said last stands against readings that are behind it. */
const CONFIRMED_MS = 15 * MINUTE_MS
/** A time of observation further ahead than this was written by a clock that was wrong. */
const MAX_AHEAD_MS = MINUTE_MS
const FORGET_MS = 8 * DAY_MS

/**
 * What is known after new readings. Several sessions take turns, and one that has been idle still tells what it heard
 * hours ago: a reading that is behind (a window that ended, an earlier reset, less use of the same window) counts only
 * when the one ahead of it was not repeated for 15 minutes. So any order of writers leads to the same, and a limit that
 * was really raised or reset shows soon.
 *
 * @param now epoch milliseconds
 */
export function mergeReadings(
  stored: readonly StoredWindow[],
  readings: readonly PlanReading[],
  now: number,
): StoredWindow[] {
  const windows = new Map<string, StoredWindow>()
  for (const known of stored) {
    if (Math.abs(now - known.observedAt) <= FORGET_MS) windows.set(known.window, known)
  }
  for (const reading of readings) {
    const known = windows.get(reading.window)
    if (known === undefined || counts(reading, known, now)) windows.set(reading.window, { ...reading, observedAt: now })
  }
  return [...windows.values()].sort((a, b) => b.observedAt - a.observedAt).slice(0, MAX_WINDOWS)
}

function counts(reading: PlanReading, known: StoredWindow, now: number): boolean {
  if (isOver(known, now) || known.observedAt > now + MAX_AHEAD_MS) return true
  if (isOver(reading, now)) return false
  return !isBehind(reading, known) || now - known.observedAt > CONFIRMED_MS
}

function isBehind(reading: PlanReading, known: PlanReading): boolean {
  if (reading.resetsAt !== null && known.resetsAt !== null) {
    const later = reading.resetsAt - known.resetsAt
    if (Math.abs(later) > SAME_RESET_MS) return later < 0
  }
  return reading.usedRatio < known.usedRatio
}

function isOver({ resetsAt }: PlanReading, now: number): boolean {
  return resetsAt !== null && resetsAt <= now
}
