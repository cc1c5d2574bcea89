import { type BudgetPastOptions, createBudgetPast } from '../../src/backfill/budget-past.ts'
import type { Past } from '../../src/backfill/past.ts'
import type { BudgetFigures } from '../../src/budgets/figures.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'

/** The rows of budgets at an instant; undefined where there is none of the name. */
export async function rowsAt(past: Past, instant: number): Promise<readonly BudgetFigures[]> {
  const { budgets } = await past.at(instant)
  if (budgets === undefined) throw new Error('nothing is said of budgets')
  return budgets
}

/** One budget at instants, asked one after the other. */
export async function courseOf(
  ledger: Ledger,
  options: BudgetPastOptions,
  instants: readonly number[],
  name = 'daily',
): Promise<readonly (BudgetFigures | undefined)[]> {
  const past = createBudgetPast(ledger, options)
  const found: (BudgetFigures | undefined)[] = []
  for (const instant of instants) found.push((await rowsAt(past, instant)).find(({ budget }) => budget.name === name))
  return found
}

/** Live figures as history shows them: without what was expected. */
export function withoutForecast(figures: BudgetFigures): BudgetFigures {
  return { ...figures, forecast: null, exhaustsAt: null, forecastErrors: [] }
}
