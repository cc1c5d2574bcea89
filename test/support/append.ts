import { fold } from '../../src/ingest/fold.ts'
import type { Delta, Ledger } from '../../src/ledger/ledger.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import type { SourceBatch } from '../../src/sources/source.ts'

export const pricing = createPricing()

/** Folds, prices and appends batches in one transaction. */
export async function appendBatches(
  ledger: Ledger,
  batches: readonly SourceBatch[],
  options: { live?: boolean; now?: number; zeroFirstMs?: number } = {},
): Promise<Delta> {
  const { live = true, now = 1_000_000, zeroFirstMs = 0 } = options
  const [delta] = await ledger.append([{ ...fold(batches, pricing), live, now, zeroFirstMs }])
  if (delta === undefined) throw new Error('no delta for the batch')
  return delta
}
