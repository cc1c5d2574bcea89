import { amountOf, MEASURE, type Measures } from '../../core/measures.ts'
import { compareNumbers, compareValues } from '../../core/response.ts'
import { type Billing, TOKEN_CLASSES } from '../../core/usage.ts'
import { chunksOf, marksOf } from '../sql/chunks.ts'
import type { Rows, Store } from '../sql/store.ts'
import type { MessageRow } from '../transaction.ts'
import { compareDay, prunedDays } from './pruned-sums.ts'
import { FIRST_KEY, keysAmong, keyText, readMessages, readMessagesAfter } from './read-messages.ts'
import type { MoveSource } from './source.ts'

/** What is compared; money in pico-dollars at list price. */
export interface Sums {
  responses: bigint
  /** In the order of TOKEN_CLASSES. */
  tokens: bigint[]
  /** Of use that is paid per token, and of use that a plan covers. */
  estimatedPico: bigint
  planPico: bigint
  /** That count as started. */
  sessions: bigint
}

export interface Comparison {
  readonly source: Sums
  /** Of the same responses and sessions, as the target has them. */
  readonly target: Sums
  /** Responses that the target does not know. */
  readonly missing: number
  /** Responses of which the target knows better numbers, from the logs of another machine. */
  readonly better: number
  /** By how much those make the sums of the target other. */
  readonly explained: Sums
}

/** True when the target has everything of the source. */
export function isComplete({ source, target, explained, missing }: Comparison): boolean {
  if (missing > 0) return false
  return figures(source).every((value, index) => {
    const expected = value + (figures(explained)[index] ?? 0n)
    return expected === (figures(target)[index] ?? 0n)
  })
}

/** All sums of a ledger in one list. */
function figures({ responses, tokens, estimatedPico, planPico, sessions }: Sums): readonly bigint[] {
  return [responses, ...tokens, estimatedPico, planPico, sessions]
}

interface Tally {
  readonly source: Sums
  readonly target: Sums
  readonly explained: Sums
  missing: number
  better: number
}

/**
 * Compares response by response what a ledger holds with what another has of the same, so that it does not matter what
 * the other holds besides. Changes nothing.
 */
export async function compareLedgers(
  source: MoveSource,
  target: Store,
  onCompared: (responses: number) => void,
): Promise<Comparison> {
  const tally: Tally = { source: noSums(), target: noSums(), explained: noSums(), missing: 0, better: 0 }
  const billing = await billings(source.rows)
  for (let after: Buffer = FIRST_KEY; ; ) {
    const rows = await readMessagesAfter(source.rows, after)
    const last = rows.at(-1)
    if (last === undefined) break
    await target.read((there) => compareSome(tally, rows, billing, there))
    onCompared(rows.length)
    after = last.key
  }
  for await (const day of prunedDays(source.rows)) {
    for (const { sum, missing } of await target.read((there) => compareDay(source.rows, there, day))) {
      addValues(tally.source, sum.billing, sum.values, 1n)
      addValues(tally.target, sum.billing, sum.values, 1n)
      addValues(tally.target, sum.billing, missing, -1n)
    }
  }
  await compareSessions(tally, source.rows, target)
  return tally
}

type BillingOf = (label: number) => Billing

/** Labels are few, and new ones may come while others write. */
async function billings(rows: Rows): Promise<BillingOf> {
  const known = new Map((await rows.all('SELECT id, billing FROM label')).map(([id, name]) => [Number(id), name]))
  return (label) => (known.get(label) === 'plan' ? 'plan' : 'metered')
}

async function compareSome(tally: Tally, rows: readonly MessageRow[], billing: BillingOf, there: Rows): Promise<void> {
  const keys = rows.map(({ key }) => key)
  const stored = await readMessages(there, keys)
  const pruned = await keysAmong(there, 'seen_key', keys)
  const shadowed = await keysAmong(there, 'shadowed_key', keys)
  const billingThere = stored.size === 0 ? billing : await billings(there)
  for (const row of rows) {
    const text = keyText(row.key)
    const found = stored.get(text)
    addRow(tally.source, row, billing, 1n)
    if (found !== undefined) {
      addRow(tally.target, found, billingThere, 1n)
      const order = compareRows(found, row)
      if (order > 0 || (order === 0 && isOwnedEarlier(found, row))) {
        if (order > 0) tally.better += 1
        addRow(tally.explained, found, billingThere, 1n)
        addRow(tally.explained, row, billing, -1n)
      }
    } else if (pruned.has(text) || shadowed.has(text)) {
      // It is in the sums there, or counts under the identity of its original.
      addRow(tally.target, row, billing, 1n)
    } else {
      tally.missing += 1
    }
  }
}

/** Positive where the numbers that a response has there win over the ones here. */
function compareRows(there: MessageRow, here: MessageRow): number {
  return (
    compareNumbers(rankOf(there), rankOf(here)) ||
    there.parts.length - here.parts.length ||
    there.parts
      .map((part, index) => compareValues(part.values, here.parts[index]?.values ?? []))
      .find((sign) => sign !== 0) ||
    0
  )
}

const rankOf = (row: MessageRow) => ({
  winRank: row.winRank,
  rankOutput: row.winOutput,
  rankTotal: row.winTotal,
  time: row.winAt,
  uuid: row.winUuid,
})

/** The owner decides who pays. */
function isOwnedEarlier(there: MessageRow, here: MessageRow): boolean {
  return (there.ownRank - here.ownRank || there.ownAt - here.ownAt || there.ownFileAt - here.ownFileAt) < 0
}

async function compareSessions(tally: Tally, rows: Rows, target: Store): Promise<void> {
  for (let after = 0; ; ) {
    const found = await rows.all(
      'SELECT id, source, ext_id FROM session WHERE id > ? AND label_id > 0 ORDER BY id LIMIT 500',
      after,
    )
    const last = found.at(-1)
    if (last === undefined) return
    tally.source.sessions += BigInt(found.length)
    for (const name of new Set(found.map(([, source]) => String(source)))) {
      const some = found.filter(([, source]) => source === name)
      tally.target.sessions += await target.read((there) => countSessions(there, name, some))
    }
    after = Number(last[0])
  }
}

async function countSessions(there: Rows, source: string, sessions: readonly (readonly unknown[])[]): Promise<bigint> {
  let count = 0
  for (const chunk of chunksOf(sessions.map(([, , id]) => id))) {
    const rows = await there.all(
      `SELECT ext_id FROM session WHERE source = ? AND label_id > 0 AND ext_id IN (${marksOf(chunk)})`,
      source,
      ...chunk,
    )
    count += rows.length
  }
  return BigInt(count)
}

function noSums(): Sums {
  return { responses: 0n, tokens: TOKEN_CLASSES.map(() => 0n), estimatedPico: 0n, planPico: 0n, sessions: 0n }
}

function addRow(sums: Sums, { parts }: MessageRow, billing: BillingOf, sign: 1n | -1n): void {
  sums.responses += sign
  for (const { labelId, values } of parts) addValues(sums, billing(labelId), values, sign)
}

/** Adds everything but the number of responses, which the sums of pruned ones do not tell. */
function addValues(sums: Sums, billing: Billing, values: Measures, sign: 1n | -1n): void {
  for (const [index, name] of TOKEN_CLASSES.entries()) {
    sums.tokens[index] = (sums.tokens[index] ?? 0n) + sign * BigInt(values[MEASURE[name]] ?? 0)
  }
  const cost = sign * amountOf(values, 'cost_usd')
  if (billing === 'plan') sums.planPico += cost
  else sums.estimatedPico += cost
}

/** How many responses a ledger has one by one. */
export async function countResponses(rows: Rows): Promise<number> {
  return Number((await rows.one('SELECT COUNT(*) FROM message'))?.[0] ?? 0)
}
