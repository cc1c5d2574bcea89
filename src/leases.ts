import type { Ledger } from './ledger/ledger.ts'
import type { LeaseName } from './ledger/machines.ts'

/**
 * Tells whether this program is the one of several on a ledger that is to do something. A lease is kept for `forMs`
 * from each time it is asked for; the ledger is asked again after half of that, or when somebody else had it. Rejects
 * with LedgerError.
 */
export function leaseKeeper(
  ledger: Pick<Ledger, 'lease'>,
  name: LeaseName,
  forMs: number,
  monotonicMs: () => number = () => performance.now(),
): () => Promise<boolean> {
  let sureUntil = Number.NEGATIVE_INFINITY
  return async () => {
    const asked = monotonicMs()
    if (asked < sureUntil) return true
    const isMine = await ledger.lease(name, forMs)
    // Counted from before the question: the ledger's clock began later.
    sureUntil = isMine ? asked + forMs / 2 : Number.NEGATIVE_INFINITY
    return isMine
  }
}
