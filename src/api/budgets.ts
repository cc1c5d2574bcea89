import { balanceJson, budgetJson, worstState } from '../report/budget-json.ts'
import type { ApiContext } from './context.ts'
import { documentHead } from './head.ts'
import type { BudgetsDocument } from './schema/budgets.ts'

/** All budgets and balances. */
export function budgetsDocument(context: ApiContext): BudgetsDocument {
  const { budgets, balances, timeZone } = context.current
  return {
    ...documentHead('budgets', context, timeZone),
    worstState: worstState(budgets),
    budgets: budgets.map((figures) => {
      const { scope, ...budget } = budgetJson(figures)
      return { ...budget, scope: copyOf(scope) }
    }),
    balances: balances.map(balanceJson),
  }
}

function copyOf(scope: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(scope).map(([label, patterns]) => [label, [...patterns]]))
}
