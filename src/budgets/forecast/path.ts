import type { Level } from './level.ts'
import type { LocalHour } from './local-hours.ts'
import { type Profile, usual } from './profile.ts'
import { sum } from './statistics.ts'

/** No trend is believed to go on for longer than this. */
const TREND_DAYS = 28
/** How slowly the pace of today replaces the usual one, in shares of a day that is usual. */
const PACE_INERTIA = 0.25

/** What is expected to be spent between two instants, in the unit of the budget. */
export interface Step extends LocalHour {
  readonly amount: number
}

/** What is usual in each of the hours, seen from the day `today`: the level with its trend, times the profile. */
export function usualPath(hours: readonly LocalHour[], profile: Profile, level: Level, today: number): Step[] {
  return hours.map((piece) => {
    const trend = Math.max(0, 1 + level.growthPerDay * Math.min(piece.day - today, TREND_DAYS))
    const { start, end, day, hour } = piece
    // Not spread: a quarter has thousands of them.
    return { start, end, day, hour, amount: level.perDay * trend * usual(profile, piece) }
  })
}

export function amountOf(steps: readonly Step[]): number {
  return steps.reduce((total, { amount }) => total + amount, 0)
}

/**
 * The rest of a day (or hour) that began with other than usual spending. What is more or less than usual so far goes on
 * as far as it is known to: rest = usual rest + (1 - p) / (p + 0.25) x (so far - usual so far), with p the share of the
 * day that has usually passed by then.
 */
export function atPaceOf(rest: readonly Step[], usualSoFar: number, soFar: number): Step[] {
  const usualRest = amountOf(rest)
  const whole = usualSoFar + usualRest
  const passed = whole === 0 ? 0.5 : usualSoFar / whole
  const expected = Math.max(0, usualRest + ((1 - passed) / (passed + PACE_INERTIA)) * (soFar - usualSoFar))
  const length = sum(rest.map(({ start, end }) => end - start))
  return rest.map((step) => ({
    ...step,
    // Evenly where nothing is usual, as on a Sunday at work.
    amount: usualRest > 0 ? (step.amount / usualRest) * expected : ((step.end - step.start) / length) * expected,
  }))
}

/** When the path has spent the amount, epoch milliseconds; null if it never does. */
export function reachedAt(path: readonly Step[], amount: number): number | null {
  let left = amount
  for (const step of path) {
    if (step.amount > 0 && step.amount >= left) {
      return Math.floor(step.start + ((step.end - step.start) * left) / step.amount)
    }
    left -= step.amount
  }
  return null
}
