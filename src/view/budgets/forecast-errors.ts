import type { Amounts } from '../../budgets/amounts.ts'
import { type DataState, isKnownSince } from '../../budgets/data-state.ts'
import type { ForecastError } from '../../budgets/figures.ts'
import { periodBefore } from '../../budgets/period.ts'
import { ratioOf } from '../../budgets/ratio.ts'
import type { Budget, Period } from '../../core/budget.ts'
import type { StoredForecast } from '../../ledger/budgets.ts'

/** Forecasts of present and past periods, by budget. */
export class ForecastMemory {
  readonly #byBudget = new Map<string, StoredForecast[]>()
  version = 0

  add(forecast: StoredForecast): void {
    const known = this.#byBudget.get(forecast.budget) ?? []
    this.#byBudget.set(forecast.budget, known)
    known.push(forecast)
    this.version += 1
  }

  forgetBefore(instant: number): void {
    for (const [budget, forecasts] of this.#byBudget) {
      this.#byBudget.set(
        budget,
        forecasts.filter(({ periodEnd }) => periodEnd >= instant),
      )
    }
  }

  /**
   * By how much the forecasts of the period before this one were wrong. None where it is not known as a whole, was of
   * another length, or came to nothing.
   */
  errors({ name, period: rule }: Budget, period: Period, amounts: Amounts, data: DataState): readonly ForecastError[] {
    const forecasts = this.#byBudget.get(name)
    if (rule.kind === 'rolling' || forecasts === undefined) return []
    const { start, end } = periodBefore(rule, period)
    const made = forecasts.filter(({ periodStart, periodEnd }) => periodStart === start && periodEnd === end)
    if (made.length === 0 || !isKnownSince(data, start, end) || data.to === null || data.to < end) return []
    const actual = amounts.sum(start, end)
    if (actual <= 0n) return []
    return made
      .map(({ step, expected }) => ({ step, ratio: ratioOf(expected - actual, actual) }))
      .sort((a, b) => a.step - b.step)
  }
}
