import type { Response } from '../core/response.ts'
import { FLAG, type SourceName } from '../core/usage.ts'
import { Changes } from './changes.ts'
import { responseKey } from './key.ts'
import { type AppendBatch, type Changed, type Draft, type Label, LedgerError, type SourceTally } from './ledger.ts'
import { mergeRows } from './merge-rows.ts'
import type { LedgerTransaction, MessageRow, PartRow } from './transaction.ts'

/**
 * Stores a batch within an open transaction. Whatever the order and repetition of the same lines, the rows end up the
 * same, so any file may be read again at any time.
 */
export async function append(tx: LedgerTransaction, batch: AppendBatch): Promise<Changed> {
  for (const stream of batch.streams) {
    if ((await tx.cursor(stream.source, stream.stream)) !== stream.expected) {
      throw new LedgerError('conflict', `${stream.path} was read by someone else meanwhile`)
    }
  }
  const changes = new Changes(tx)
  const drafts = await withoutShadowed(tx, changes, inKeyOrder(batch.drafts))
  const rows = await toRows(tx, changes, drafts, batch)
  const isNew = await tx.insertMessages(rows.map(({ row }) => row))
  const known: Keyed[] = []
  const held: { key: Buffer; draft: Draft }[] = []
  for (const [index, keyed] of rows.entries()) {
    if (!isNew[index]) {
      known.push(keyed)
      continue
    }
    changes.contribute(keyed.row, 1)
    if (keyed.draft.response.settled) await changes.publish(keyed.row)
    else held.push({ key: keyed.row.key, draft: keyed.draft })
  }
  await mergeKnown(tx, changes, known)
  await tx.hold(
    held.map(({ key, draft }) => ({
      key,
      since: batch.now,
      lineAt: draft.response.numbers.time,
      source: draft.response.source,
      stream: draft.stream,
    })),
  )
  await publishHeld(
    tx,
    changes,
    batch.closed.map(({ source, identity }) => responseKey(source, identity)),
  )
  await saveClaims(tx, batch)
  await saveTurns(tx, batch)
  const tallies = await saveTallies(tx, batch, drafts, known)
  for (const stream of batch.streams) await tx.saveStream(stream, batch.now)
  return { ...(await changes.flush()), tallies, claims: batch.claims.length > 0 }
}

/** Shows held responses in the counters. */
export async function settle(tx: LedgerTransaction, keys: readonly Buffer[]): Promise<Changed> {
  const changes = new Changes(tx)
  await publishHeld(tx, changes, keys)
  return changes.flush()
}

interface Keyed {
  readonly row: MessageRow
  readonly draft: Draft
}

interface KeyedDraft {
  readonly key: Buffer
  readonly draft: Draft
}

/** Everyone locks rows in the same order, so that two writers cannot wait for each other. */
function inKeyOrder(drafts: readonly Draft[]): KeyedDraft[] {
  return drafts
    .map((draft) => ({ key: responseKey(draft.response.source, draft.response.identity), draft }))
    .sort((a, b) => a.key.compare(b.key))
}

/**
 * A copy of a response without its response id counts only while no copy with the id is known: its key is then
 * shadowed, and a row it already has goes.
 */
async function withoutShadowed(
  tx: LedgerTransaction,
  changes: Changes,
  drafts: readonly KeyedDraft[],
): Promise<readonly KeyedDraft[]> {
  const shadows = drafts.flatMap(({ draft: { response } }) =>
    response.shadows === null ? [] : [responseKey(response.source, response.shadows)],
  )
  for (const key of shadows.length === 0 ? [] : await tx.addShadows(shadows)) {
    const row = await tx.message(key)
    if (row === null) continue
    changes.contribute(row, -1)
    if ((await tx.heldAmong([key])).size > 0) await tx.release(key)
    else await changes.revise(row, null)
    await tx.deleteMessage(key)
  }
  // One with its response id is nobody's copy without it.
  const candidates = drafts.filter(({ draft: { response } }) => response.source !== 'claude-code' && !response.shadows)
  const shadowed = await tx.shadowedAmong(candidates.map(({ key }) => key))
  const pruned = await tx.prunedAmong(drafts.map(({ key }) => key))
  if (shadowed.size === 0 && pruned.size === 0) return drafts
  return drafts.filter(({ key }) => {
    const text = key.toString('latin1')
    return !shadowed.has(text) && !pruned.has(text)
  })
}

async function toRows(
  tx: LedgerTransaction,
  changes: Changes,
  drafts: readonly KeyedDraft[],
  batch: AppendBatch,
): Promise<readonly Keyed[]> {
  const rates = await tx.internRates(batch.rates)
  const labels = await changes.internLabels(
    drafts.flatMap(({ draft: { response } }) => labelsOf(response, tx.machine)),
    batch.live ? { exposed: true, zeroUntil: batch.now + batch.zeroFirstMs } : { exposed: false, zeroUntil: 0 },
  )
  const sessions = await tx.internSessions(
    drafts.flatMap(({ draft: { response } }) =>
      [sessionOf(response), response.owner.session].map((session) => ({
        source: response.source,
        session,
        first: response.time,
        last: response.time,
      })),
    ),
  )
  let label = 0
  return drafts.map(({ key, draft }, index) => {
    const { numbers, owner, time, paidBy, timeGuessed } = draft.response
    const parts: PartRow[] = numbers.parts.map((part) => ({
      labelId: labels[label++]?.id ?? 0,
      rateId: rates.get(part.rate) ?? 0,
      costOrigin: COST_ORIGINS.indexOf(part.costOrigin),
      values: part.values,
    }))
    const row: MessageRow = {
      key,
      at: time,
      sessionId: sessions[index * 2] ?? 0,
      flags: (numbers.flags & ~FLAG.guessedTime) | (timeGuessed ? FLAG.guessedTime : 0),
      winRank: numbers.winRank,
      winOutput: numbers.rankOutput,
      winTotal: numbers.rankTotal,
      winAt: numbers.time,
      winUuid: numbers.uuid,
      ownRank: owner.ownerRank,
      ownAt: owner.time,
      ownFileAt: owner.fileTime,
      ownSessionId: sessions[index * 2 + 1] ?? 0,
      isPaid: paidBy !== null,
      parts,
    }
    return { row, draft }
  })
}

export const COST_ORIGINS = ['none', 'calculated', 'recorded'] as const

function sessionOf(response: Response): string {
  return response.paidBy ?? response.owner.session
}

function labelsOf({ source, numbers, owner }: Response, machine: string): readonly Label[] {
  return numbers.parts.map(({ provider, model, modelId }) => ({
    source,
    agent: owner.agent,
    provider,
    model,
    modelId,
    project: owner.project,
    branch: owner.branch,
    billing: owner.billing,
    machine,
  }))
}

/** Brings what the batch says of known responses together with what is stored. */
async function mergeKnown(tx: LedgerTransaction, changes: Changes, known: readonly Keyed[]): Promise<void> {
  if (known.length === 0) return
  const held = await tx.heldAmong(known.map(({ row }) => row.key))
  for (const { row: incoming, draft } of known) {
    const isHeld = held.has(incoming.key.toString('latin1'))
    const stored = await tx.message(incoming.key)
    if (stored === null) throw new LedgerError('other', 'a response vanished within a transaction')
    const merged = await mergeRows(tx, changes, stored, incoming)
    const isSettled = draft.response.settled
    if (merged !== stored) {
      changes.contribute(stored, -1)
      changes.contribute(merged, 1)
      await tx.updateMessage(merged)
      if (!isHeld) await changes.revise(stored, merged)
    }
    if (isHeld && isSettled) {
      await tx.release(incoming.key)
      await changes.publish(merged)
    }
  }
}

async function publishHeld(tx: LedgerTransaction, changes: Changes, keys: readonly Buffer[]): Promise<void> {
  if (keys.length === 0) return
  const held = await tx.heldAmong(keys)
  for (const key of keys) {
    if (!held.has(key.toString('latin1'))) continue
    const row = await tx.message(key)
    await tx.release(key)
    if (row !== null) await changes.publish(row)
  }
}

async function saveClaims(tx: LedgerTransaction, batch: AppendBatch): Promise<void> {
  if (batch.claims.length === 0) return
  const ids = await tx.internSessions(
    batch.claims.map(({ source, session, time }) => ({ source, session, first: time, last: time })),
  )
  await tx.saveClaims(
    batch.claims.map((claim, index) => ({ sessionId: ids[index] ?? 0, claim })),
    batch.now,
  )
}

/**
 * Before its first response, a session gets a row whose span is empty: first the latest instant, last the earliest. The
 * responses give it its span, as if the turn had not come first, and until one is shown it is not counted as started.
 */
async function saveTurns(tx: LedgerTransaction, { turns, now }: AppendBatch): Promise<void> {
  if (turns.length === 0) return
  const ids = await tx.internSessions(
    turns.map(({ source, session }) => ({
      source,
      session,
      first: Number.MAX_SAFE_INTEGER,
      last: Number.MIN_SAFE_INTEGER,
    })),
  )
  // A time of the future would hide every request until then.
  await tx.saveTurns(turns.map(({ time }, index) => ({ sessionId: ids[index] ?? 0, time: Math.min(time, now) })))
}

async function saveTallies(
  tx: LedgerTransaction,
  batch: AppendBatch,
  drafts: readonly KeyedDraft[],
  known: readonly Keyed[],
): Promise<readonly SourceTally[]> {
  const tallies = new Map<SourceName, Mutable<SourceTally>>()
  const tallyOf = (source: SourceName) => {
    const tally = tallies.get(source) ?? { source, lines: 0, bytes: 0, rejected: {}, duplicates: 0, newest: 0 }
    tallies.set(source, tally)
    return tally
  }
  for (const stream of batch.streams) {
    const tally = tallyOf(stream.source)
    tally.lines += stream.lines
    tally.bytes += stream.bytes
    for (const [reason, count] of Object.entries(stream.rejected)) {
      tally.rejected = { ...tally.rejected, [reason]: (tally.rejected[reason] ?? 0) + count }
    }
  }
  for (const [source, count] of batch.duplicates) tallyOf(source).duplicates += count
  for (const { draft } of known) tallyOf(draft.response.source).duplicates += 1
  for (const { draft } of drafts) {
    const { source, time, timeGuessed } = draft.response
    if (!timeGuessed) tallyOf(source).newest = Math.max(tallyOf(source).newest, time)
  }
  for (const tally of tallies.values()) await tx.addTally(tally)
  return [...tallies.values()]
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
