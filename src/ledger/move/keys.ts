import { Changes } from '../changes.ts'
import { rowChunks, rowMarks } from '../sql/chunks.ts'
import type { Rows } from '../sql/store.ts'
import type { LedgerTransaction } from '../transaction.ts'
import { type Moving, tellOthers } from './moving.ts'
import { FIRST_KEY, keysAmong, keyText } from './read-messages.ts'

/** Moves what must never be counted again: copies that are counted under another identity, and pruned responses. */
export async function moveKeys(moving: Moving): Promise<void> {
  await moveShadowed(moving)
  await movePruned(moving)
}

async function moveShadowed({ source, target }: Moving): Promise<void> {
  for await (const keys of keysOf(source.rows, 'shadowed_key')) {
    await target.write(async (step) => {
      const changes = new Changes(step.tx)
      for (const key of await step.tx.addShadows(keys)) await drop(step.tx, changes, key)
      tellOthers(step, await changes.flush())
    })
  }
}

/** Takes a response out of the sums and the ledger. */
async function drop(tx: LedgerTransaction, changes: Changes, key: Buffer): Promise<void> {
  const row = await tx.message(key)
  if (row === null) return
  changes.contribute(row, -1)
  if ((await tx.heldAmong([key])).size > 0) await tx.release(key)
  else await changes.revise(row, null)
  await tx.deleteMessage(key)
}

/**
 * A response that the target still has one by one stays: nobody counts it twice as long as it is there, and when it is
 * pruned there its key is kept.
 */
async function movePruned({ source, target }: Moving): Promise<void> {
  const before = await prunedBefore(source.rows)
  if (before === null) return
  await target.write(async ({ db }) => {
    const known = await prunedBefore(db)
    if (known !== null && known >= before) return
    await db.run(
      "INSERT INTO meta(name, value) VALUES('pruned_before', ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
      String(before),
    )
  })
  for await (const keys of keysOf(source.rows, 'seen_key')) {
    await target.write(async ({ db }) => {
      const kept = await keysAmong(db, 'message', keys)
      const gone = keys.filter((key) => !kept.has(keyText(key))).map((key) => [key])
      for (const chunk of rowChunks(gone)) {
        await db.run(`INSERT INTO seen_key(key) VALUES ${rowMarks(chunk)} ON CONFLICT(key) DO NOTHING`, ...chunk.flat())
      }
    })
  }
}

/** Since when single responses are kept, epoch milliseconds; null where none was pruned. */
export async function prunedBefore(rows: Rows): Promise<number | null> {
  const value = (await rows.one("SELECT value FROM meta WHERE name = 'pruned_before'"))?.[0]
  return value === undefined ? null : Number(value)
}

async function* keysOf(rows: Rows, table: 'shadowed_key' | 'seen_key'): AsyncIterable<Buffer[]> {
  for (let after: Buffer = FIRST_KEY; ; ) {
    const found = await rows.all(`SELECT key FROM ${table} WHERE key > ? ORDER BY key LIMIT 500`, after)
    const keys = found.map(([key]) => key as Buffer)
    const last = keys.at(-1)
    if (last === undefined) return
    yield keys
    after = last
  }
}
