import type { Ledger } from '../ledger.ts'
import { budgetLedger } from './budget/index.ts'
import { organizationLedger } from './organization/index.ts'
import { sharedLedger } from './shared.ts'
import type { Store } from './store.ts'
import { usageLedger } from './usage-ledger.ts'

/** All parts of a ledger, on the same store and in one queue of transactions. */
export function ledgerOn(store: Store): Ledger {
  return {
    ...usageLedger(store),
    ...organizationLedger(store),
    ...budgetLedger(store),
    ...sharedLedger(store),
    freeze: async () => {
      const { store: frozen, revision } = await store.freeze()
      return { ledger: ledgerOn(frozen), revision }
    },
    close: () => store.close(),
  }
}
