import { periodAt } from '../src/budgets/period.ts'
import type { PeriodRule } from '../src/core/budget.ts'
import { amountsUntil, type HistoryName, madeUpHistory } from './forecast-histories.ts'
import { METHOD_NAMES, METHODS, type MethodName } from './forecast-methods.ts'
import { median, quantile } from './lib/statistics.ts'
import { Random } from './tree/random.ts'

export const ELAPSED = [0.1, 0.25, 0.5, 0.75] as const
export type PeriodName = 'day' | 'week' | 'month'

const ZONES = ['America/Denver', 'Europe/Berlin', 'Asia/Kolkata'] as const
const SLOT_MS = 15 * 60_000
/** Periods begin within these two years, so that clocks change in both directions in many histories. */
const YEARS = [Date.UTC(2025, 3, 1), Date.UTC(2027, 3, 1)] as const

/** One forecast of one method, and what the period came to. */
export interface Trial {
  readonly method: MethodName
  readonly history: HistoryName
  readonly elapsed: number
  readonly expected: number
  readonly actual: number
  readonly isInBand: boolean
}

/** Forecasts of a made-up history by the methods, for `seeds` periods at four moments each. */
export function tryAll(
  kind: PeriodName,
  history: HistoryName,
  seeds: number,
  methods: readonly MethodName[] = METHOD_NAMES,
): Trial[] {
  const trials: Trial[] = []
  for (let seed = 1; seed <= seeds; seed++) {
    const random = new Random(seed, 1000)
    const rule: PeriodRule = { kind, days: 0, weekStart: 1, billingDay: 1, timeZone: random.pick(ZONES) }
    const period = periodAt(rule, YEARS[0] + random.next() * (YEARS[1] - YEARS[0]))
    const slots = madeUpHistory(history, seed, period, rule.timeZone)
    const actual = Number(amountsUntil(slots, period.end).sum(period.start, period.end))
    // The error is a share of what was spent, and no method errs by a share of nothing.
    if (actual === 0) continue
    for (const elapsed of ELAPSED) {
      const wanted = period.start + elapsed * (period.end - period.start)
      const dataTo = Math.floor(wanted / SLOT_MS) * SLOT_MS
      const amounts = amountsUntil(slots, dataTo)
      if (amounts.first === null) continue
      const input = { amounts, now: dataTo, dataTo, period, rule, limit: 1n, minElapsedRatio: 0 }
      for (const method of methods) {
        const guess = METHODS[method](input)
        if (guess === null) continue
        const { expected, low, high } = guess
        trials.push({ method, history, elapsed, expected, actual, isInBand: low <= actual && actual <= high })
      }
    }
  }
  return trials
}

export interface Score {
  /** Of the absolute value of (forecast - actual) / actual. */
  readonly median: number
  readonly percentile90: number
  /** (sum of forecasts - sum of actuals) / sum of actuals. */
  readonly bias: number
  /** How often the actual was between low and high. */
  readonly inBand: number
}

export function scoreOf(trials: readonly Trial[]): Score {
  const errors = trials.map(({ expected, actual }) => Math.abs(expected - actual) / actual)
  const total = trials.reduce((sum, { actual }) => sum + actual, 0)
  return {
    median: median(errors),
    percentile90: quantile(errors, 0.9),
    bias: trials.reduce((sum, { expected, actual }) => sum + expected - actual, 0) / total,
    inBand: trials.filter(({ isInBand }) => isInBand).length / trials.length,
  }
}
