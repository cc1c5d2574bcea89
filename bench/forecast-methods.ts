import { type ForecastInput, forecast } from '../src/budgets/forecast/forecast.ts'
import { localHours } from '../src/budgets/forecast/local-hours.ts'
import { median } from './lib/statistics.ts'

const DAY_MS = 24 * 3_600_000
const WEEK_MS = 7 * DAY_MS

export interface Guess {
  readonly expected: number
  /** Only the shipped method has a band. */
  readonly low: number
  readonly high: number
}

/** The methods that were compared, the shipped one last. Null where a method has nothing to go by. */
export const METHODS = {
  /** Spent divided by the share of the period that has passed. */
  even: ({ amounts, dataTo, period }: ForecastInput) => {
    const spent = Number(amounts.sum(period.start, dataTo))
    return point((spent * (period.end - period.start)) / (dataTo - period.start))
  },
  /** Spent, and the mean of the last 7 days for what is left. */
  'last 7 days': (input: ForecastInput) => {
    const { amounts, dataTo, period } = input
    const from = Math.max(dataTo - WEEK_MS, Math.min(amounts.first ?? dataTo, dataTo - DAY_MS))
    return point(spentOf(input) + (Number(amounts.sum(from, dataTo)) * (period.end - dataTo)) / (dataTo - from))
  },
  /** Spent, and for each hour left the mean of the same hour in the last 4 weeks. */
  'hour of week, mean': (input: ForecastInput) => point(hourOfWeek(input, mean)),
  /** The same with the median. */
  'hour of week, median': (input: ForecastInput) => point(hourOfWeek(input, median)),
  shipped: (input: ForecastInput) => {
    const made = forecast(input)
    return made && { expected: Number(made.expected), low: Number(made.low), high: Number(made.high) }
  },
} as const satisfies Record<string, (input: ForecastInput) => Guess | null>

export type MethodName = keyof typeof METHODS
export const METHOD_NAMES = Object.keys(METHODS) as readonly MethodName[]

function point(expected: number): Guess {
  return { expected, low: expected, high: expected }
}

function spentOf({ amounts, dataTo, period }: ForecastInput): number {
  return Number(amounts.sum(period.start, dataTo))
}

function hourOfWeek(input: ForecastInput, middle: (values: readonly number[]) => number): number {
  const { amounts, dataTo, period, rule } = input
  let total = spentOf(input)
  for (const { start, end } of localHours(dataTo, period.end, rule.timeZone)) {
    const newest = Math.ceil((end - dataTo) / WEEK_MS)
    const same = [0, 1, 2, 3]
      .map((week) => (newest + week) * WEEK_MS)
      .filter((back) => start - back >= (amounts.first ?? dataTo))
      .map((back) => Number(amounts.sum(start - back, end - back)))
    if (same.length > 0) total += middle(same)
  }
  return total
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
