import { SLOT_MS } from '../ledger.ts'

/** SQL for the start of the quarter of an hour a column of epoch milliseconds, also negative ones, is in. */
export function slotOf(column: string): string {
  return `(${column} - ((${column} % ${SLOT_MS}) + ${SLOT_MS}) % ${SLOT_MS})`
}
