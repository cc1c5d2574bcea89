import type { Budget } from '../core/budget.ts'
import { type Ledger, SLOT_MS } from '../ledger/ledger.ts'
import { SessionAmounts } from '../view/budgets/session-amounts.ts'
import { amountsBefore, NO_AMOUNTS, type PastAmounts } from './budget-amounts.ts'
import { inPieces } from './pieces.ts'

export type SessionBudgetLedger = Pick<Ledger, 'labels' | 'slots' | 'span'>

/**
 * What session logs came to for the budgets over them, from `from` on, epoch milliseconds. A quarter of an hour counts
 * from its end on, and at an instant within it. All is known from the first response of the ledger on, and nothing
 * before. Rejects with LedgerError.
 */
export async function openSessionAmounts(
  ledger: SessionBudgetLedger,
  budgets: readonly Budget[],
  from: number,
): Promise<PastAmounts> {
  const sums = new SessionAmounts(budgets)
  const span = sums.isEmpty ? null : await ledger.span()
  if (span === null) return NO_AMOUNTS
  sums.addLabels(await ledger.labels())
  const moveTo = inPieces(Math.max(from, span.first), async (range) =>
    sums.add(await ledger.slots(range.from, range.to)),
  )
  return {
    moveTo,
    forgetBefore: (instant) => sums.forgetBefore(instant),
    measurement(budget, instant) {
      if (instant < span.first) return null
      const { amounts, unpriced } = sums.series(budget)
      return {
        amounts: amountsBefore(amounts, instant),
        unpriced: amountsBefore(unpriced, instant),
        slotMs: SLOT_MS,
        data: { from: Number.NEGATIVE_INFINITY, to: instant, problem: null },
        burn: null,
      }
    },
  }
}
