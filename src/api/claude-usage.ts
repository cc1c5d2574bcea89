import type { BudgetFigures } from '../budgets/figures.ts'
import { type BudgetUnit, type PeriodRule, unitOf } from '../core/budget.ts'
import { usdFromPico } from '../core/money.ts'
import { isoTime } from '../core/period.ts'
import type { Snapshot } from '../view/snapshot.ts'
import { timeOrNull } from './head.ts'
import type { ClaudeUsageDocument } from './schema/claude-usage.ts'
import { billedSum, estimatedOf, lastUpdated, tokensOf } from './status.ts'

/**
 * The document that older scripts wrote, with true values: percentages are of the first budget of their kind that is
 * for everything, and are null where there is none.
 *
 * @param now epoch milliseconds
 */
export function claudeUsageDocument(snapshot: Snapshot, now: number): ClaudeUsageDocument {
  const { timeZone, complete, budgets, balances } = snapshot
  const billed = billedSum(snapshot, 'billedMonthToDate')
  const spent = billed ?? (complete ? estimatedOf(snapshot.monthToDate) : null)
  const balance = balances.map(({ balancePico }) => balancePico)
  return {
    timestamp: isoTime(now, timeZone),
    claudeUsage: {
      weeklyTokens: complete ? Number(tokensOf(snapshot.last7Days)) : null,
      monthlyTokens: complete ? Number(tokensOf(snapshot.monthToDate)) : null,
      weeklyPercentage: percentageOf(budgets, 'tokens', isWeekly),
      monthlySpend: spent === null ? null : usdFromPico(spent),
      spendKind: billed === null ? 'estimated' : 'billed',
      spendPercentage: percentageOf(budgets, 'usd', ({ kind }) => kind === 'month'),
      balance: sumOrNull(balance),
      lastUpdated: timeOrNull(lastUpdated(snapshot), timeZone),
    },
  }
}

function isWeekly({ kind, days }: PeriodRule): boolean {
  return kind === 'week' || (kind === 'rolling' && days === 7)
}

/** Budgets come in the order of the configuration. One with a scope is not for everything. */
function percentageOf(
  budgets: readonly BudgetFigures[],
  unit: BudgetUnit,
  fits: (period: PeriodRule) => boolean,
): number | null {
  const found = budgets.find(
    ({ budget }) => unitOf(budget.basis) === unit && fits(budget.period) && Object.keys(budget.scope).length === 0,
  )
  return found === undefined || found.usedRatio === null ? null : Number((found.usedRatio * 100).toPrecision(15))
}

function sumOrNull(amounts: readonly (bigint | null)[]): number | null {
  if (amounts.length === 0 || amounts.some((amount) => amount === null)) return null
  return usdFromPico(amounts.reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n))
}
