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

/** The most serious first. Unknown may hide anything below critical. */
const BY_SERIOUSNESS = ['exceeded', 'critical', 'unknown', 'warning', 'ok'] as const satisfies readonly BudgetState[]

/** The most serious state of all; `ok` where there is no budget. */
export function worstState(budgets: readonly Pick<BudgetFigures, 'state'>[]): BudgetState {
  return BY_SERIOUSNESS.find((state) => budgets.some((budget) => budget.state === state)) ?? 'ok'
}

const EXIT_CODES: Readonly<Record<BudgetState, number>> = { ok: 0, warning: 3, critical: 4, exceeded: 5, unknown: 6 }

export function exitCodeOf(state: BudgetState): number {
  return EXIT_CODES[state]
}
