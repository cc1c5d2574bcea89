import { DAY_MS } from '../../core/time.ts'
import type { CoveredDay } from '../../ledger/organization.ts'
import { isDeepDue } from './plan.ts'
import { floorTo, type Span, startOfUtcMonth } from './span.ts'

/** Days before today that are looked at again once a day. */
const DEEP_DAYS = 6

export interface DayQuestion {
  readonly now: number
  /** What the ledger knows of the days from `firstDay`. */
  readonly coverage: readonly CoveredDay[]
  readonly lastDeepAt: number | null
  /** Read the days this touches and nothing else. */
  readonly range?: Span
}

export interface DayPlan {
  /** Starts of UTC days, newest first, epoch milliseconds. */
  readonly days: readonly number[]
  readonly deep: boolean
  readonly from: number
  readonly to: number
}

/** Which days of the Claude Code report to ask for: each is a request of its own. */
export function planDays({ now, coverage, lastDeepAt, range }: DayQuestion): DayPlan {
  const today = floorTo(now, DAY_MS)
  const deep = range === undefined && isDeepDue(lastDeepAt, now)
  const known = new Map(coverage.map((day) => [day.day, day]))
  const again = today - (deep ? DEEP_DAYS : 1) * DAY_MS
  const first = range === undefined ? firstDay(now) : floorTo(range.from, DAY_MS)
  const last = range === undefined ? today : Math.min(today, floorTo(range.to - 1, DAY_MS))
  const days: number[] = []
  for (let day = last; day >= first; day -= DAY_MS) {
    const covered = known.get(day)
    const isComplete = covered !== undefined && covered.completeTo >= day + DAY_MS
    const isWanted = day >= startOfUtcMonth(now) && !isComplete
    const isHalfRead = covered !== undefined && !isComplete
    if (range !== undefined || day >= again || isWanted || isHalfRead) days.push(day)
  }
  const to = (days[0] ?? today) + DAY_MS
  return { days, deep, from: days.at(-1) ?? to, to }
}

/** First day a plan without a range may ask for: of this month, or of the last days. */
export function firstDay(now: number): number {
  return Math.min(startOfUtcMonth(now), floorTo(now, DAY_MS) - DEEP_DAYS * DAY_MS)
}
