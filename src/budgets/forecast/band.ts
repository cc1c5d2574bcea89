import type { Day } from './history.ts'
import { weekdayOf } from './local-hours.ts'
import { amountOf, type Step } from './path.ts'
import type { Profile } from './profile.ts'
import { mean, sum } from './statistics.ts'

/** Nine of ten values of a normal distribution are below its mean plus this many standard deviations. */
const NORMAL_QUANTILE_90 = 1.2816
/** The variance of a day as a multiple of the squared level where nothing is known, and how many days that counts. */
const PRIOR_VARIANCE = 0.25
const PRIOR_DAYS = 0.5
/** Of the first days one learns little of the level: its relative variance beyond chance, with one complete day. */
const FIRST_DAYS_VARIANCE = 0.125
/** No more than so many days tell of the level of now. */
const LEVEL_DAYS_MAX = 10
/** Above this chance that nothing more is spent, `low` is nothing more. */
const NOTHING_CHANCE = 0.2
/** From here on the approximation of the last tenth would fall again. */
const RELATIVE_VARIANCE_MAX = 3.7
const WEEK_DAYS = 7
const WEEK_MS = WEEK_DAYS * 24 * 3_600_000

/** Bounds of the remainder, of which `path` is what is expected: one of ten remainders is below `low`, one above `high`. */
export function bandOf(
  days: readonly Day[],
  profile: Profile,
  perDay: number,
  path: readonly Step[],
  todaySpent: number,
): { low: number; high: number } {
  const expected = amountOf(path)
  // Only corrections lead here, and nothing tells how wide a band they would need.
  if (expected <= 0 || perDay <= 0) return { low: Math.min(0, expected), high: Math.max(0, expected) }
  const deviations = days.map(({ weekday, total }) => total / perDay - (profile.weekdays[weekday] ?? 1))
  const daily = dailyVariance(deviations)
  const usualDays = expected / perDay
  const weeks = ((path.at(-1)?.end ?? 0) - (path[0]?.start ?? 0)) / WEEK_MS
  const ofLevel =
    daily / Math.min(days.length + 0.5, LEVEL_DAYS_MAX) +
    driftPerWeek(deviations, daily) * (0.5 + weeks / 2) +
    (4 * FIRST_DAYS_VARIANCE) / (days.length + 1) ** 2
  const unseen = unseenShare(days, path, todaySpent)
  return gammaBand(expected, daily / usualDays + ofLevel + unseen ** 2)
}

/** The variance from day to day, of which half the squared differences of neighbours tell whatever the trend is. */
function dailyVariance(deviations: readonly number[]): number {
  const squares = differences(deviations).map((difference) => difference ** 2 / 2)
  return (sum(squares) + PRIOR_DAYS * PRIOR_VARIANCE) / (squares.length + PRIOR_DAYS)
}

/** By how much the level moves from week to week beyond what days that know nothing of each other would make it. */
function driftPerWeek(deviations: readonly number[], daily: number): number {
  const weeks: number[] = []
  for (let end = deviations.length; end >= WEEK_DAYS; end -= WEEK_DAYS) {
    weeks.push(mean(deviations.slice(end - WEEK_DAYS, end)))
  }
  if (weeks.length < 2) return 0
  return Math.max(0, mean(differences(weeks).map((difference) => difference ** 2 / 2)) - daily / WEEK_DAYS)
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - (values[index] ?? 0))
}

/** The share of the remainder that lies on weekdays of which no history is known: they may all be idle. */
function unseenShare(days: readonly Day[], path: readonly Step[], todaySpent: number): number {
  const seen = new Set(days.map(({ weekday }) => weekday))
  if (todaySpent > 0) seen.add(weekdayOf(path[0]?.day ?? 0))
  return amountOf(path.filter(({ day }) => !seen.has(weekdayOf(day)))) / amountOf(path)
}

/**
 * The first and last tenth of a gamma distribution (Wilson and Hilferty's approximation), which suits sums of amounts
 * that are never negative and now and then large.
 */
function gammaBand(expected: number, relativeVariance: number): { low: number; high: number } {
  const shape = 1 / Math.min(relativeVariance, RELATIVE_VARIANCE_MAX)
  const quantile = (z: number) => expected * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3
  const low = Math.exp(-shape) > NOTHING_CHANCE ? 0 : Math.min(expected, quantile(-NORMAL_QUANTILE_90))
  return { low, high: Math.max(expected, quantile(NORMAL_QUANTILE_90)) }
}
