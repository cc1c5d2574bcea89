import { readTime } from './time.ts'

/** How far ahead the clock of the machine that wrote a log may be. */
const CLOCK_SKEW_MS = 5 * 60 * 1000

/** Longer lines are not parsed in search of a human's turn. */
export const TURN_LIMIT_BYTES = 8 * 1024 * 1024

/** Time of a turn in epoch milliseconds; null where it cannot be read or has not come yet. */
export function turnTime(value: unknown, now: number): number | null {
  const time = readTime(value, { bad: false })
  return time === null || time > now + CLOCK_SKEW_MS ? null : time
}
