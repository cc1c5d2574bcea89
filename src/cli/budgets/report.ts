import type { BalanceFigures, BudgetFigures } from '../../budgets/figures.ts'
import type { BudgetState } from '../../core/budget.ts'
import type { Freshness } from '../../report/freshness.ts'

/** Everything the report of budgets is printed from. */
export interface BudgetReport {
  readonly budgets: readonly BudgetFigures[]
  readonly balances: readonly BalanceFigures[]
  readonly freshness: Freshness
  /** Epoch milliseconds. */
  readonly now: number
  readonly timeZone: string
}

const EXIT_CODES: Readonly<Record<BudgetState, number>> = { ok: 0, warning: 3, critical: 4, exceeded: 5, unknown: 6 }

export function exitCodeOf(state: BudgetState): number {
  return EXIT_CODES[state]
}
