import type { UnloggedRow } from '../ledger/ledger.ts'
import type { IsShown } from '../view/usage/counter-rows.ts'
import { noUnlogged, type UnloggedTotals, unloggedKey, withUnlogged } from '../view/usage/unlogged-rows.ts'
import { ChangedRows } from './usage-changes.ts'

/** What stands on no log line, from the instant of the agent's total that told of it. */
export class PastUnlogged {
  readonly #isShown: IsShown
  readonly #missing: Set<UnloggedRow>
  readonly #sums = new Map<string, { row: UnloggedTotals }>()
  readonly #rows: ChangedRows<{ row: UnloggedTotals }, UnloggedTotals>

  constructor(totals: readonly UnloggedRow[], isShown: IsShown) {
    this.#isShown = isShown
    this.#missing = new Set(totals)
    for (const total of totals) this.#sums.set(unloggedKey(total), { row: noUnlogged(total) })
    this.#rows = new ChangedRows(this.#sums.values(), ({ row }) => row)
  }

  add(total: UnloggedRow): void {
    this.begin(total)
    this.#missing.delete(total)
    const sum = this.#sums.get(unloggedKey(total))
    if (sum === undefined || !this.#isShown(total.zeroUntil)) return
    sum.row = withUnlogged(sum.row, total)
    this.#rows.change(sum)
  }

  /** Something that is not to be added yet. */
  begin(total: UnloggedRow): void {
    const sum = this.#sums.get(unloggedKey(total))
    if (sum !== undefined) this.#rows.begin(sum)
  }

  beginAll(): void {
    this.#rows.beginAll()
  }

  /** Adds what is missing from what is shown now. */
  finish(): void {
    for (const total of this.#missing) this.add(total)
    this.beginAll()
  }

  take(): readonly UnloggedTotals[] {
    return this.#rows.take()
  }
}
