import { accumulate, isZero, MEASURE, type Measures, zeroMeasures } from '../core/measures.ts'
import { PICO_PER_USD } from '../core/money.ts'
import {
  compareNumbers,
  compareOwners,
  compareValues,
  earlierPayer,
  earlierTime,
  type Response,
} from '../core/response.ts'
import { FLAG, type SourceName } from '../core/usage.ts'
import { responseKey } from './key.ts'
import {
  type AppendBatch,
  type Delta,
  type Draft,
  type Label,
  type LabelRow,
  LedgerError,
  SLOT_MS,
  type SourceTally,
} from './ledger.ts'
import type { LedgerTransaction, MessageRow, PartRow } from './transaction.ts'

/**
 * Stores a batch within an open transaction. Whatever the order and repetition of the same lines, the rows end up the
 * same, so any file may be read again at any time.
 */
export async function append(tx: LedgerTransaction, batch: AppendBatch): Promise<Delta> {
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
  const tallies = await saveTallies(tx, batch, drafts, known)
  for (const stream of batch.streams) await tx.saveStream(stream, batch.now)
  return { ...(await changes.flush()), tallies, claims: batch.claims.length > 0 }
}

/** Shows held responses in the counters. */
export async function settle(tx: LedgerTransaction, keys: readonly Buffer[]): Promise<Delta> {
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
  const candidates = drafts.filter(({ draft: { response } }) => response.source !== 'claude-code')
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
    drafts.flatMap(({ draft: { response } }) => labelsOf(response)),
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

function labelsOf({ source, numbers, owner }: Response): readonly Label[] {
  return numbers.parts.map(({ provider, model, modelId }) => ({
    source,
    agent: owner.agent,
    provider,
    model,
    modelId,
    project: owner.project,
    branch: owner.branch,
    billing: owner.billing,
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

/** The better numbers, the better owner, the earlier time; `stored` itself when nothing changes. */
async function mergeRows(
  tx: LedgerTransaction,
  changes: Changes,
  stored: MessageRow,
  incoming: MessageRow,
): Promise<MessageRow> {
  const storedOwner = await ownerOf(tx, stored)
  const incomingOwner = await ownerOf(tx, incoming)
  const takeNumbers = (compareNumbers(rankOf(incoming), rankOf(stored)) || compareParts(incoming, stored)) > 0
  const takeOwner = compareOwners(incomingOwner, storedOwner) < 0
  const numbers = takeNumbers ? incoming : stored
  const owner = takeOwner ? incoming : stored
  const when = earlierTime(timeOf(stored), timeOf(incoming))
  const payer = await payerOf(tx, stored, incoming)
  const parts = takeNumbers === takeOwner ? numbers.parts : await changes.relabel(numbers.parts, owner)
  if (!takeNumbers && !takeOwner && when.time === stored.at && payer === (stored.isPaid ? stored.sessionId : null)) {
    return stored
  }
  return {
    key: stored.key,
    at: when.time,
    sessionId: payer ?? owner.ownSessionId,
    flags: (numbers.flags & ~FLAG.guessedTime) | (when.timeGuessed ? FLAG.guessedTime : 0),
    winRank: numbers.winRank,
    winOutput: numbers.winOutput,
    winTotal: numbers.winTotal,
    winAt: numbers.winAt,
    winUuid: numbers.winUuid,
    ownRank: owner.ownRank,
    ownAt: owner.ownAt,
    ownFileAt: owner.ownFileAt,
    ownSessionId: owner.ownSessionId,
    isPaid: payer !== null,
    parts,
  }
}

const rankOf = (row: MessageRow) => ({
  winRank: row.winRank,
  rankOutput: row.winOutput,
  rankTotal: row.winTotal,
  time: row.winAt,
  uuid: row.winUuid,
})

const timeOf = (row: MessageRow) => ({ time: row.at, timeGuessed: (row.flags & FLAG.guessedTime) !== 0 })

function compareParts(a: MessageRow, b: MessageRow): number {
  if (a.parts.length !== b.parts.length) return a.parts.length - b.parts.length
  for (const [index, part] of a.parts.entries()) {
    const order = compareValues(part.values, b.parts[index]?.values ?? [])
    if (order !== 0) return order
  }
  return 0
}

async function ownerOf(tx: LedgerTransaction, row: MessageRow) {
  const label = await tx.label(row.parts[0]?.labelId ?? 0)
  const { session } = await tx.session(row.ownSessionId)
  return {
    ownerRank: row.ownRank,
    time: row.ownAt,
    fileTime: row.ownFileAt,
    session,
    agent: label.agent,
    project: label.project,
    branch: label.branch,
    billing: label.billing,
  }
}

/** Id of the session some line names as the payer, null when none does. */
async function payerOf(tx: LedgerTransaction, a: MessageRow, b: MessageRow): Promise<number | null> {
  const nameA = a.isPaid ? (await tx.session(a.sessionId)).session : null
  const nameB = b.isPaid ? (await tx.session(b.sessionId)).session : null
  const payer = earlierPayer(nameA, nameB)
  if (payer === null) return null
  return payer === nameA ? a.sessionId : b.sessionId
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

/** Collects what a transaction does to the sums, so that each sum is written once. */
class Changes {
  readonly #tx: LedgerTransaction
  readonly #rollup = new Map<string, { slot: number; label: number; session: number; values: Measures }>()
  readonly #counters = new Map<number, { published: Measures; reversed: Measures }>()
  readonly #labels = new Map<number, LabelRow>()
  readonly #started = new Map<number, number>()

  constructor(tx: LedgerTransaction) {
    this.#tx = tx
  }

  async internLabels(
    labels: readonly Label[],
    exposure: { exposed: boolean; zeroUntil: number },
  ): Promise<readonly LabelRow[]> {
    const rows = await this.#tx.internLabels(labels, exposure)
    for (const row of rows) this.#labels.set(row.id, row)
    return rows
  }

  /** The same parts under the labels of another owner. */
  async relabel(parts: readonly PartRow[], owner: MessageRow): Promise<readonly PartRow[]> {
    const ownerLabel = await this.#label(owner.parts[0]?.labelId ?? 0)
    const { agent, project, branch, billing, exposed, zeroUntil } = ownerLabel
    const labels: Label[] = []
    for (const part of parts) {
      const { source, provider, model, modelId } = await this.#label(part.labelId)
      labels.push({ source, provider, model, modelId, agent, project, branch, billing })
    }
    const rows = await this.internLabels(labels, { exposed, zeroUntil })
    return parts.map((part, index) => ({ ...part, labelId: rows[index]?.id ?? 0 }))
  }

  /** Adds a response to the rollup, or takes it out. */
  contribute(row: MessageRow, sign: 1 | -1): void {
    const slot = Math.floor(row.at / SLOT_MS) * SLOT_MS
    for (const part of row.parts) {
      const id = `${slot}:${part.labelId}:${row.sessionId}`
      let sum = this.#rollup.get(id)
      if (sum === undefined) {
        sum = { slot, label: part.labelId, session: row.sessionId, values: zeroMeasures() }
        this.#rollup.set(id, sum)
      }
      accumulate(sum.values, part.values, sign)
    }
  }

  /** Shows a response in the counters for the first time. */
  async publish(row: MessageRow): Promise<void> {
    for (const part of row.parts) accumulate(this.#counter(part.labelId).published, part.values)
    const main = row.parts[0]
    if (main && !this.#started.has(row.sessionId)) this.#started.set(row.sessionId, main.labelId)
  }

  /** Changes what the counters show of a response: what rises is added, what would fall is put on the other side. */
  async revise(before: MessageRow, after: MessageRow | null): Promise<void> {
    const differences = new Map<number, Measures>()
    const add = (row: MessageRow | null, sign: 1 | -1) => {
      for (const part of row?.parts ?? []) {
        const values = differences.get(part.labelId) ?? zeroMeasures()
        differences.set(part.labelId, accumulate(values, part.values, sign))
      }
    }
    add(before, -1)
    add(after, 1)
    for (const [labelId, values] of differences) {
      const counter = this.#counter(labelId)
      if ((await this.#label(labelId)).exposed) {
        const [rises, falls] = splitBySign(values)
        accumulate(counter.published, rises)
        accumulate(counter.reversed, falls)
      } else {
        accumulate(counter.published, values)
      }
    }
  }

  async flush(): Promise<Delta> {
    const rollup = [...this.#rollup.values()].filter(({ values }) => !isZero(values))
    rollup.sort((a, b) => a.slot - b.slot || a.label - b.label || a.session - b.session)
    for (const { slot, label, session, values } of rollup) await this.#tx.addRollup(slot, label, session, values)
    const counters = [...this.#counters].map(([label, sums]) => ({ label, ...sums })).sort((a, b) => a.label - b.label)
    for (const { label, published, reversed } of counters) {
      if (!isZero(published)) await this.#tx.addCounter(label, 0, published)
      if (!isZero(reversed)) await this.#tx.addCounter(label, 1, reversed)
    }
    return {
      labels: [...this.#labels.values()],
      rollup,
      counters,
      sessions: await this.#startSessions(),
      tallies: [],
      claims: false,
    }
  }

  /** Sessions found while history loads are counted at its end, under the label of their first response. */
  async #startSessions(): Promise<Delta['sessions']> {
    const exposed = new Map<number, number>()
    for (const [session, labelId] of this.#started) {
      if ((await this.#label(labelId)).exposed) exposed.set(session, labelId)
    }
    if (exposed.size === 0) return []
    const started = await this.#tx.startSessions(exposed)
    const counts = new Map<number, number>()
    for (const session of started) {
      const labelId = exposed.get(session) ?? 0
      counts.set(labelId, (counts.get(labelId) ?? 0) + 1)
    }
    const starts: Delta['sessions'][number][] = []
    for (const [label, sessions] of counts) {
      starts.push({ source: (await this.#label(label)).source, label, sessions })
    }
    return starts
  }

  #counter(labelId: number): { published: Measures; reversed: Measures } {
    let counter = this.#counters.get(labelId)
    if (counter === undefined) {
      counter = { published: zeroMeasures(), reversed: zeroMeasures() }
      this.#counters.set(labelId, counter)
    }
    return counter
  }

  async #label(id: number): Promise<LabelRow> {
    const known = this.#labels.get(id)
    if (known) return known
    const row = await this.#tx.label(id)
    this.#labels.set(id, row)
    return row
  }
}

const MONEY = [MEASURE.cost_usd, MEASURE.saved_usd, MEASURE.premium_usd]

/** The rises and the falls among differences, both as non-negative numbers; an amount of money is one number. */
function splitBySign(values: Measures): [Measures, Measures] {
  const rises = zeroMeasures()
  const falls = zeroMeasures()
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    if (MONEY.includes(index - 1)) continue
    const isFall = MONEY.includes(index) ? moneyAt(values, index) < 0n : value < 0
    const into = isFall ? falls : rises
    const width = MONEY.includes(index) ? 2 : 1
    for (let offset = 0; offset < width; offset++) {
      const part = values[index + offset] ?? 0
      into[index + offset] = isFall ? (typeof part === 'bigint' ? -part : 0 - part) : part
    }
  }
  return [rises, falls]
}

function moneyAt(values: Measures, index: number): bigint {
  return BigInt(values[index] ?? 0) * PICO_PER_USD + BigInt(values[index + 1] ?? 0)
}
