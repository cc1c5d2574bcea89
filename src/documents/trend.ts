import { isoDate } from '../core/period.ts'
import type { Overview, OverviewDay } from '../overview/overview.ts'
import { sumUsd } from './figures.ts'
import { isWeekend } from './times.ts'

const WEEK_DAYS = 7
/** Whole weeks, so that every day of the week is in the means as often as any other. */
const MEAN_DAYS = 28

/** What a trend can be of. */
export type Measure = 'estimatedCostUsd' | 'planValueUsd' | 'tokens'

/** The last 7 whole days against the 7 before them. Today is in neither: it is not over. */
export interface Trend {
  /** The oldest first. */
  readonly days: readonly OverviewDay[]
  readonly sum: number
  readonly sumBefore: number
  /** By how much the sum has risen, 0.34 for 34 %; null where there was nothing before. */
  readonly change: number | null
  /** The day with most; null where there was none at all. */
  readonly highest: OverviewDay | null
  /** Means per day over the last 28 days; null where there was nothing at all. */
  readonly weekdayMean: number | null
  readonly weekendMean: number | null
}

export function trendOf({ days, at, timeZone }: Pick<Overview, 'days' | 'at' | 'timeZone'>, measure: Measure): Trend {
  const today = isoDate(at, timeZone)
  const whole = days.filter(({ day }) => day < today)
  const week = whole.slice(-WEEK_DAYS)
  const sum = sumOf(week, measure)
  const sumBefore = sumOf(whole.slice(-2 * WEEK_DAYS, -WEEK_DAYS), measure)
  const highest = week.reduce<OverviewDay | null>(
    (most, day) => (day[measure] > (most?.[measure] ?? 0) ? day : most),
    null,
  )
  const recent = whole.slice(-MEAN_DAYS)
  const isKnown = recent.length === MEAN_DAYS && recent.some((day) => day[measure] > 0)
  return {
    days: week,
    sum,
    sumBefore,
    change: sumBefore > 0 ? sum / sumBefore - 1 : null,
    highest,
    weekdayMean: isKnown ? meanOf(recent, measure, (day) => !isWeekend(day)) : null,
    weekendMean: isKnown ? meanOf(recent, measure, isWeekend) : null,
  }
}

/** What the trend of money is about: what is paid, or else what a plan covers; tokens where no price is known. */
export function mainMeasure({ days }: Pick<Overview, 'days'>): Measure {
  if (days.some(({ estimatedCostUsd }) => estimatedCostUsd > 0)) return 'estimatedCostUsd'
  return days.some(({ planValueUsd }) => planValueUsd > 0) ? 'planValueUsd' : 'tokens'
}

function sumOf(days: readonly OverviewDay[], measure: Measure): number {
  return sumUsd(days.map((day) => day[measure]))
}

function meanOf(days: readonly OverviewDay[], measure: Measure, isIn: (day: string) => boolean): number {
  const some = days.filter(({ day }) => isIn(day))
  return sumOf(some, measure) / Math.max(1, some.length)
}
