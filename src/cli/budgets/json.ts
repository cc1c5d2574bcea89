import { balanceJson, budgetJson, worstState } from '../../report/budget-json.ts'
import { jsonHead } from '../../report/json.ts'
import type { BudgetReport } from './report.ts'

/** The budgets as a JSON document. Amounts are in `unit`; times are in the zone of the budget. */
export function budgetsJson({ budgets, balances, freshness, now, timeZone }: BudgetReport) {
  return {
    ...jsonHead('budgets', { now, timeZone, span: null }, freshness),
    worstState: worstState(budgets),
    budgets: budgets.map(budgetJson),
    balances: balances.map(balanceJson),
  }
}
