import { append } from '../append.ts'
import type { AppendBatch, Delta } from '../ledger.ts'
import { repeatable } from './repeatable.ts'
import type { Store } from './store.ts'

type Batches = Iterable<AppendBatch> | AsyncIterable<AppendBatch>

/** Stores all batches in one transaction. Where that may be run again, they are kept until it is done. */
export async function appendAll(store: Store, batches: Batches): Promise<readonly Delta[]> {
  if (!store.isShared) return appendFrom(store, batches)
  const { values, end } = repeatable(batches)
  try {
    return await appendFrom(store, values)
  } finally {
    await end()
  }
}

function appendFrom(store: Store, batches: Batches): Promise<readonly Delta[]> {
  return store.write(async ({ tx, revision, tell }) => {
    const deltas: Delta[] = []
    for await (const batch of batches) deltas.push({ ...(await append(tx, batch)), revision })
    tell({ deltas })
    return deltas
  })
}
