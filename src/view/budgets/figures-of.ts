import type { Amounts } from '../../budgets/amounts.ts'
import { assess } from '../../budgets/assess.ts'
import type { DataState } from '../../budgets/data-state.ts'
import type { BudgetFigures, Forecast } from '../../budgets/figures.ts'
import { forecast } from '../../budgets/forecast/forecast.ts'
import { periodAt } from '../../budgets/period.ts'
import type { Budget } from '../../core/budget.ts'
import { MINUTE_MS } from '../../core/time.ts'
import type { ForecastMemory } from './forecast-errors.ts'

/** What counts towards a budget, and how well it is known. */
export interface Measurement {
  readonly amounts: Amounts
  /** Tokens without a price; null where that cannot be. */
  readonly unpriced: Amounts | null
  /** Width of the slots of the amounts, milliseconds. */
  readonly slotMs: number
  readonly data: DataState
  /** Changes with the amounts. */
  readonly version: number
}

/** The figures of one budget, remembered until what they follow from or the minute has changed. */
export class RememberedFigures {
  /** When in the minute its forecast is made anew, milliseconds. */
  readonly #forecastAfterMs: number
  #stamp: readonly unknown[] = []
  #figures: BudgetFigures | null = null
  #forecastStamp: readonly unknown[] = []
  #forecast: Forecast | null = null

  constructor(forecastAfterMs: number) {
    this.#forecastAfterMs = forecastAfterMs
  }

  at(now: number, budget: Budget, measurement: Measurement, memory: ForecastMemory, minElapsed: number): BudgetFigures {
    const { amounts, unpriced, version, slotMs, data } = measurement
    // Data that are followed are always of this moment.
    const to = data.to !== null && data.to >= now ? 'now' : data.to
    const period = periodAt(budget.period, now)
    const forecastMinute = minuteOf(now - this.#forecastAfterMs)
    // That data of a bill reach further waits for the minute.
    const reach = typeof to === 'number' ? 'known' : to
    const forecastStamp = [budget, data.from, reach, data.problem, period.start, forecastMinute]
    const stamp = [...forecastStamp, minuteOf(now), amounts, version, slotMs, to, memory.version]
    if (this.#figures !== null && isSame(stamp, this.#stamp)) return this.#figures
    this.#figures = assess({
      budget,
      now,
      amounts,
      slotMs,
      data,
      unpricedTokens: unpriced?.sum(period.start, now + 1) ?? 0n,
      forecast: this.#forecastAt(now, budget, measurement, minElapsed, forecastStamp),
      forecastErrors: memory.errors(budget, period, amounts, data),
    })
    this.#stamp = stamp
    return this.#figures
  }

  /** The dearest figure: made once a minute, unless more is spent by now than it expects. */
  #forecastAt(
    now: number,
    { period: rule, limit }: Budget,
    { amounts, data }: Measurement,
    minElapsedRatio: number,
    stamp: readonly unknown[],
  ): Forecast | null {
    const period = periodAt(rule, now)
    const isOvertaken = this.#forecast !== null && amounts.sum(period.start, now + 1) > this.#forecast.expected
    if (isOvertaken || !isSame(stamp, this.#forecastStamp)) {
      const dataTo = data.to
      this.#forecast = dataTo === null ? null : forecast({ amounts, now, dataTo, period, rule, limit, minElapsedRatio })
      this.#forecastStamp = stamp
    }
    return this.#forecast
  }
}

function minuteOf(instant: number): number {
  return Math.floor(instant / MINUTE_MS)
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}
