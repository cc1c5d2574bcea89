import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Ledger, type RollupChange, SLOT_MS } from '../ledger/ledger.ts'

/** Whoever keeps sums per quarter of an hour that are loaded once and then follow what the ledger commits. */
export interface HistoryReader {
  /** Reads what else it needs and tells the oldest slot it needs, epoch milliseconds; null: none. */
  prepare(ledger: Ledger): Promise<number | null>
  /** Sums of slots from the oldest one on, each slot once. */
  addHistory(rows: readonly RollupChange[]): void
}

/** Years of slots are never in memory at once. */
const CHUNK_MS = 7 * 24 * 60 * 60 * 1000

/**
 * Gives every reader its part of the history, in one pass over the ledger. Nothing may be appended meanwhile. Rejects
 * with LedgerError.
 */
export async function loadHistory(ledger: Ledger, readers: readonly HistoryReader[], now: number): Promise<void> {
  const wanted: { readonly reader: HistoryReader; readonly from: number }[] = []
  for (const reader of readers) {
    const from = await reader.prepare(ledger)
    if (from !== null) wanted.push({ reader, from: Math.floor(from / SLOT_MS) * SLOT_MS })
  }
  const span = wanted.length === 0 ? null : await ledger.span()
  if (span === null) return
  const firstSlot = Math.floor(span.first / SLOT_MS) * SLOT_MS
  let from = Math.max(firstSlot, Math.min(...wanted.map((entry) => entry.from)))
  do {
    const to = from + CHUNK_MS
    // The last chunk has no end: a log may tell of the future.
    const rows = await (to > now ? ledger.slots(from) : ledger.slots(from, to))
    for (const entry of wanted) entry.reader.addHistory(rowsSince(rows, entry.from))
    from = to
    // Reading does not wait for anything: whoever waits for the program gets a turn here.
    await nextTurn()
  } while (from <= now)
}

function rowsSince(rows: readonly RollupChange[], from: number): readonly RollupChange[] {
  return rows.every(({ slot }) => slot >= from) ? rows : rows.filter(({ slot }) => slot >= from)
}
