import type { Budget, BudgetState } from '../core/budget.ts'
import { reachesRatio } from './ratio.ts'

/** The state of a budget of which this much is spent for certain. Its severity does not matter. */
export function stateOf(budget: Budget, spent: bigint): Exclude<BudgetState, 'unknown'> {
  if (spent >= budget.limit) return 'exceeded'
  if (reachesRatio(spent, budget.limit, budget.criticalRatio)) return 'critical'
  return reachesRatio(spent, budget.limit, budget.warningRatio) ? 'warning' : 'ok'
}
