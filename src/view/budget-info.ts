import { periodName } from '../budgets/period.ts'
import { scopeText } from '../budgets/scope.ts'
import { type Budget, unitOf } from '../core/budget.ts'
import { labelValue } from './labels.ts'

/** What a budget is, in the names of the labels. */
export interface BudgetInfo {
  readonly budget: string
  readonly unit: string
  readonly period: string
  readonly scope: string
  readonly time_zone: string
  readonly origin: string
  readonly owner: string
}

export function budgetInfo({ name, basis, period, scope, origin, owner }: Budget): BudgetInfo {
  return {
    budget: name,
    unit: unitOf(basis),
    period: periodName(period),
    scope: labelValue(scopeText(scope)),
    time_zone: period.timeZone,
    origin,
    owner: labelValue(owner),
  }
}
