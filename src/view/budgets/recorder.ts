import type { BudgetFigures } from '../../budgets/figures.ts'
import { crossingKey } from '../../budgets/period.ts'
import { reachesRatio } from '../../budgets/ratio.ts'
import { type Budget, CROSSINGS, type Crossing, crossingRatio, FORECAST_STEPS, unitOf } from '../../core/budget.ts'
import { DAY_MS } from '../../core/time.ts'
import type { BudgetLedger, StoredCrossing, StoredForecast, StoredPeriod } from '../../ledger/budgets.ts'

/** A forecast belongs to a step only this much of the period after it: a later one knows more. */
const STEP_RATIO = 0.05

interface Recorded {
  readonly start: number
  readonly crossings: Set<Crossing>
  readonly steps: Set<number>
  limit: bigint | null
}

/** Writes into the ledger, once per period, what happens to budgets. */
export class BudgetRecorder {
  /** What need not be written again of the period that runs, by name. */
  readonly #recorded = new Map<string, Recorded>()
  readonly #onForecast: (forecast: StoredForecast) => void

  constructor(onForecast: (forecast: StoredForecast) => void) {
    this.#onForecast = onForecast
  }

  /** Tells the crossings that are new. Rejects with LedgerError; what was not written is tried again next time. */
  async record(
    ledger: Pick<BudgetLedger, 'savePeriod' | 'addCrossing' | 'addForecast'>,
    figures: readonly BudgetFigures[],
    now: number,
  ): Promise<readonly StoredCrossing[]> {
    const crossings: StoredCrossing[] = []
    for (const row of figures) {
      const period = storedPeriod(row, now)
      const recorded = this.#recordedOf(period)
      if (recorded.limit !== period.limit) {
        await ledger.savePeriod(period)
        recorded.limit = period.limit
      }
      for (const crossing of CROSSINGS) {
        if (recorded.crossings.has(crossing) || !hasCrossed(row, crossing)) continue
        const stored = storedCrossing(row, crossing, period.start, now)
        if (await ledger.addCrossing(stored)) crossings.push(stored)
        recorded.crossings.add(crossing)
      }
      await this.#recordForecast(ledger, row, recorded, now)
    }
    return crossings
  }

  async #recordForecast(
    ledger: Pick<BudgetLedger, 'addForecast'>,
    { budget, period, elapsedRatio, forecast }: BudgetFigures,
    { steps }: Recorded,
    now: number,
  ): Promise<void> {
    const step = FORECAST_STEPS.find((ratio) => elapsedRatio >= ratio && elapsedRatio < ratio + STEP_RATIO)
    if (forecast === null || step === undefined || steps.has(step)) return
    const { start: periodStart, end: periodEnd } = period
    const { expected } = forecast
    const stored = { budget: budget.name, periodStart, periodEnd, step, at: now, expected }
    if (await ledger.addForecast(stored)) this.#onForecast(stored)
    steps.add(step)
  }

  #recordedOf({ budget, start }: StoredPeriod): Recorded {
    const known = this.#recorded.get(budget)
    if (known?.start === start) return known
    const fresh = { start, crossings: new Set<Crossing>(), steps: new Set<number>(), limit: null }
    this.#recorded.set(budget, fresh)
    return fresh
  }
}

/** Rolling periods, which never end, are kept in the blocks that crossings are kept under. */
function storedPeriod({ budget, period }: BudgetFigures, now: number): StoredPeriod {
  const { name, period: rule, basis, limit } = budget
  const start = crossingKey(rule, now)
  const end = rule.kind === 'rolling' ? start + rule.days * DAY_MS : period.end
  return { budget: name, start, end, unit: unitOf(basis), limit }
}

function hasCrossed({ budget, spent }: BudgetFigures, crossing: Crossing): boolean {
  return spent !== null && reachesRatio(spent, budget.limit, crossingRatio(budget, crossing))
}

function storedCrossing(
  { budget, spent }: { readonly budget: Budget; readonly spent: bigint | null },
  crossing: Crossing,
  periodStart: number,
  at: number,
): StoredCrossing {
  return { budget: budget.name, periodStart, crossing, at, spent: spent ?? 0n, limit: budget.limit }
}
