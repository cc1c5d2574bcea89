import { Changes } from '../changes.ts'
import { mergeRows } from '../merge-rows.ts'
import { chunksOf, marksOf } from '../sql/chunks.ts'
import type { Db, Rows } from '../sql/store.ts'
import type { HeldRow, LedgerTransaction, MessageRow } from '../transaction.ts'
import { idIn, type Moving, tellOthers } from './moving.ts'
import { FIRST_KEY, keysAmong, keyText, readMessages, readMessagesAfter } from './read-messages.ts'

/**
 * Moves the single responses, in the order of their keys, through the merge that every append goes through: whatever the
 * target knows of a response already, from this ledger or another, it is counted once.
 */
export async function moveResponses(moving: Moving): Promise<void> {
  const { source, onMoved } = moving
  for (let after: Buffer = FIRST_KEY; ; ) {
    const rows = await readMessagesAfter(source.rows, after)
    const last = rows.at(-1)
    if (last === undefined) return
    const held = await readHeld(source.rows, rows)
    await moveSome(
      moving,
      rows.map((row) => translate(moving, row)),
      held,
    )
    onMoved(rows.length)
    after = last.key
  }
}

/** A response of the source with the ids of the target. */
function translate({ labels, rates, sessions }: Moving, row: MessageRow): MessageRow {
  return {
    ...row,
    sessionId: idIn(sessions, row.sessionId),
    ownSessionId: idIn(sessions, row.ownSessionId),
    parts: row.parts.map((part) => ({
      ...part,
      labelId: idIn(labels, part.labelId),
      rateId: idIn(rates, part.rateId),
    })),
  }
}

async function readHeld(rows: Rows, messages: readonly MessageRow[]): Promise<Map<string, HeldRow>> {
  const held = new Map<string, HeldRow>()
  for (const chunk of chunksOf(messages.map(({ key }) => key))) {
    for (const [key, since, lineAt, source, stream] of await rows.all(
      `SELECT key, since, line_at, source, stream FROM held WHERE key IN (${marksOf(chunk)})`,
      ...chunk,
    )) {
      held.set(keyText(key as Buffer), {
        key: key as Buffer,
        since: Number(since),
        lineAt: Number(lineAt),
        source: source as HeldRow['source'],
        stream: String(stream),
      })
    }
  }
  return held
}

async function moveSome(
  { target }: Moving,
  rows: readonly MessageRow[],
  held: ReadonlyMap<string, HeldRow>,
): Promise<void> {
  await target.write(async (step) => {
    const { tx, db } = step
    const changes = new Changes(tx)
    const wanted = await withoutMoved(db, await withoutDropped(tx, rows), held)
    if (wanted.length === 0) return
    const isNew = await tx.insertMessages(wanted)
    const fresh = wanted.filter((_, index) => isNew[index])
    for (const row of fresh) {
      changes.contribute(row, 1)
      if (!held.has(keyText(row.key))) await changes.publish(row)
    }
    await tx.hold(fresh.flatMap(({ key }) => held.get(keyText(key)) ?? []))
    await mergeKnown(
      tx,
      changes,
      wanted.filter((_, index) => !isNew[index]),
      held,
    )
    tellOthers(step, await changes.flush())
  })
}

/** Without those that the target has pruned, or that it counts under another identity. */
async function withoutDropped(tx: LedgerTransaction, rows: readonly MessageRow[]): Promise<readonly MessageRow[]> {
  const keys = rows.map(({ key }) => key)
  const pruned = await tx.prunedAmong(keys)
  const shadowed = await tx.shadowedAmong(keys)
  const kept: MessageRow[] = []
  for (const row of rows) {
    const text = keyText(row.key)
    if (pruned.has(text) || (shadowed.has(text) && (await mayBeShadowed(tx, row)))) continue
    kept.push(row)
  }
  return kept
}

/** As with every append: what Claude Code logs always has an id. */
async function mayBeShadowed(tx: LedgerTransaction, row: MessageRow): Promise<boolean> {
  return (await tx.label(row.parts[0]?.labelId ?? 0)).source !== 'claude-code'
}

/** Without those that stand there just so, so that a move that was interrupted goes on soon. */
async function withoutMoved(
  db: Db,
  rows: readonly MessageRow[],
  held: ReadonlyMap<string, HeldRow>,
): Promise<readonly MessageRow[]> {
  const keys = rows.map(({ key }) => key)
  const stored = await readMessages(db, keys)
  if (stored.size === 0) return rows
  const heldThere = await keysAmong(db, 'held', keys)
  return rows.filter((row) => {
    const text = keyText(row.key)
    const isToBePublished = heldThere.has(text) && !held.has(text)
    return isToBePublished || !isSame(stored.get(text), row)
  })
}

function isSame(stored: MessageRow | undefined, row: MessageRow): boolean {
  return stored !== undefined && textOf(stored) === textOf(row)
}

function textOf(row: MessageRow): string {
  return JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

async function mergeKnown(
  tx: LedgerTransaction,
  changes: Changes,
  known: readonly MessageRow[],
  held: ReadonlyMap<string, HeldRow>,
): Promise<void> {
  const heldThere = await tx.heldAmong(known.map(({ key }) => key))
  for (const incoming of known) {
    const text = keyText(incoming.key)
    const stored = await tx.message(incoming.key)
    if (stored === null) throw new Error('a response vanished within a transaction')
    const merged = await mergeRows(tx, changes, stored, incoming)
    if (merged !== stored) {
      changes.contribute(stored, -1)
      changes.contribute(merged, 1)
      await tx.updateMessage(merged)
      if (!heldThere.has(text)) await changes.revise(stored, merged)
    }
    if (heldThere.has(text) && !held.has(text)) {
      await tx.release(incoming.key)
      await changes.publish(merged)
    }
  }
}
