import { HOUR_MS } from '../../core/time.ts'
import type { Day } from './history.ts'
import { type LocalHour, weekdayOf } from './local-hours.ts'
import { mean, smoothingWeight, sum } from './statistics.ts'

const HALF_LIFE_DAYS = 28
/** How many days the hours of all weekdays count for beside those of a weekday itself. */
const COMMON_HOURS_DAYS = 2

const WEEKDAYS = [0, 1, 2, 3, 4, 5, 6]
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

/** The seasonal profile: how spending divides over the week and the day. */
export interface Profile {
  /** Spending of each weekday, 0 Monday to 6 Sunday, as a multiple of the mean day. */
  readonly weekdays: readonly number[]
  /** The share of each hour in each weekday, 7 times 24; those of a weekday sum to 1. */
  readonly hours: readonly (readonly number[])[]
}

/** The profile of complete days, seen from the day `today`. */
export function profileOf(days: readonly Day[], today: number): Profile {
  return { weekdays: weekdayFactors(days, today), hours: hourShares(days, today) }
}

/** Usual spending within a piece of time, as a multiple of the mean day. */
export function usual(profile: Profile, { start, end, day, hour }: LocalHour): number {
  const weekday = weekdayOf(day)
  return ((profile.weekdays[weekday] ?? 1) * (profile.hours[weekday]?.[hour] ?? 0) * (end - start)) / HOUR_MS
}

/**
 * Each weekday's mean, shrunk towards the mean of all (empirical Bayes): the more, the less the weekdays differ beyond
 * chance and the fewer and more different the days of that weekday are. All alike until each weekday was seen.
 */
function weekdayFactors(days: readonly Day[], today: number): number[] {
  const groups = WEEKDAYS.map((weekday) => {
    const own = days.filter((day) => day.weekday === weekday)
    const weights = own.map(({ day }) => smoothingWeight(today - day, HALF_LIFE_DAYS))
    const center = sum(own.map(({ total }, index) => total * (weights[index] ?? 0))) / sum(weights)
    return { count: own.length, center, squares: sum(own.map(({ total }) => (total - center) ** 2)) }
  })
  const grand = mean(groups.map(({ center }) => center))
  // Without a day of some weekday its centre, and so the mean, is not a number.
  if (!(grand > 0)) return WEEKDAYS.map(() => 1)
  const freedom = days.length - WEEKDAYS.length
  const within = freedom > 0 ? sum(groups.map(({ squares }) => squares)) / freedom : grand ** 2
  const spread = sum(groups.map(({ center }) => (center - grand) ** 2)) / (WEEKDAYS.length - 1)
  const between = Math.max(0, spread - (within * WEEKDAYS.length) / days.length)
  const factors = groups.map(({ count, center, squares }) => {
    const errorSquare = (squares + within) / count ** 2
    const kept = between === 0 ? 0 : between / (between + errorSquare)
    return 1 + kept * (center / grand - 1)
  })
  const scale = mean(factors)
  return factors.map((factor) => factor / scale)
}

/** The hours of each weekday, shrunk towards those of all days, and these towards all hours alike. */
function hourShares(days: readonly Day[], today: number): number[][] {
  const even = HOURS.map(() => 1 / HOURS.length)
  const common = mixed(sharesOf(days, today), days.length, even, 1)
  return WEEKDAYS.map((weekday) => {
    const own = days.filter((day) => day.weekday === weekday && day.total > 0)
    return mixed(sharesOf(own, today), own.length, common, COMMON_HOURS_DAYS)
  })
}

function sharesOf(days: readonly Day[], today: number): number[] {
  const amounts = HOURS.map(() => 0)
  for (const { day, hours } of days) {
    const weight = smoothingWeight(today - day, HALF_LIFE_DAYS)
    for (const hour of HOURS) amounts[hour] = (amounts[hour] ?? 0) + weight * (hours[hour] ?? 0)
  }
  const total = sum(amounts)
  return amounts.map((amount) => (total === 0 ? 1 / HOURS.length : amount / total))
}

function mixed(own: readonly number[], ownWeight: number, other: readonly number[], otherWeight: number): number[] {
  return own.map((share, index) => (share * ownWeight + (other[index] ?? 0) * otherWeight) / (ownWeight + otherWeight))
}
