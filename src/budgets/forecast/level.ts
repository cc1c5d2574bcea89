import type { Day } from './history.ts'
import type { Profile } from './profile.ts'
import { smoothingWeight, sum } from './statistics.ts'

const HALF_LIFE_DAYS = 14
/** A trend needs four weeks to show. */
const TREND_MIN_DAYS = 28
/** Growth or decline by at most this share of the level per day: about 14 % a week. */
const TREND_MAX_PER_DAY = 0.02
/** How many times its squared error the squared slope must be to count at all. */
const TREND_MIN_EVIDENCE = 2
/** On the first day, less than a quarter of a usual day is taken for that. */
const FIRST_DAY_MIN = 0.25

export interface Level {
  /** What a mean day of the week costs by now, in the unit of the budget. */
  readonly perDay: number
  /** How much more each day costs than the one before, as a share of `perDay`; negative when it falls. */
  readonly growthPerDay: number
}

/** What passed of today: spending, and how much of a mean day it usually is. */
export interface Today {
  readonly day: number
  readonly spent: number
  readonly usual: number
}

/** The level by exponential smoothing of the days and of today with the weekday taken out, and its trend. */
export function levelOf(days: readonly Day[], profile: Profile, today: Today): Level {
  if (days.length === 0) return { perDay: today.spent / Math.max(today.usual, FIRST_DAY_MIN), growthPerDay: 0 }
  const usuals = days.map(({ weekday }) => profile.weekdays[weekday] ?? 1)
  const weights = days.map(({ day }) => smoothingWeight(today.day - day, HALF_LIFE_DAYS))
  const weightedSpent = sum(days.map(({ total }, index) => total * (weights[index] ?? 0)))
  const weightedUsual = sum(usuals.map((usual, index) => usual * (weights[index] ?? 0)))
  const most = Math.max(...days.map(({ total }) => total))
  // Today out of hand must not raise the days to come either.
  const todaySpent = most > 0 ? Math.min(today.spent, most * Math.max(today.usual, FIRST_DAY_MIN)) : today.spent
  const perDay = (weightedSpent + todaySpent) / (weightedUsual + today.usual)
  const growthPerDay = trendOf(days, usuals, today.day)
  const ages = days.map(({ day }, index) => (today.day - day) * (usuals[index] ?? 0) * (weights[index] ?? 0))
  return { perDay: Math.max(0, perDay * (1 + (growthPerDay * sum(ages)) / weightedUsual)), growthPerDay }
}

/**
 * The slope of a straight line through the days, as a share of their mean, shrunk by its own error (positive-part
 * James-Stein): chance alone makes no trend.
 */
function trendOf(days: readonly Day[], usuals: readonly number[], today: number): number {
  const total = sum(days.map((day) => day.total))
  if (days.length < TREND_MIN_DAYS || total === 0) return 0
  const weight = sum(usuals)
  const center = sum(days.map(({ day }, index) => (day - today) * (usuals[index] ?? 0))) / weight
  const points = days.map((day, index) => ({
    x: day.day - today - center,
    usual: usuals[index] ?? 0,
    spent: (day.total * weight) / total,
  }))
  const spread = sum(points.map(({ x, usual }) => usual * x ** 2))
  const slope = sum(points.map(({ x, usual, spent }) => x * (spent - usual))) / spread
  const residuals = points.map(({ x, usual, spent }) => (spent - usual * (1 + slope * x)) ** 2)
  const errorSquare = sum(residuals) / (days.length - 2) / spread
  if (slope ** 2 <= TREND_MIN_EVIDENCE * errorSquare) return 0
  const shrunk = slope * (1 - (TREND_MIN_EVIDENCE * errorSquare) / slope ** 2)
  return Math.max(-TREND_MAX_PER_DAY, Math.min(TREND_MAX_PER_DAY, shrunk))
}
