import { accumulate, isZero, MEASURES, type Measures, zeroMeasures } from '../../core/measures.ts'
import { DAY_MS } from '../../core/time.ts'
import type { Label } from '../ledger.ts'
import { slotOf } from '../sql/slot.ts'
import type { Rows } from '../sql/store.ts'
import { LABEL_COLUMNS, toLabelRow } from '../stored-label.ts'
import { labelCore } from './dictionary.ts'
import { prunedBefore } from './keys.ts'
import { idIn, lock, type Moving, tellOthers } from './moving.ts'
import { keysAmong, keyText } from './read-messages.ts'
import { lesser, rises } from './rises.ts'

/** What a quarter of an hour holds of a session under a label of responses that are no longer there one by one. */
export interface PrunedSum {
  readonly slot: number
  /** Ids in the ledger it was read from. */
  readonly label: number
  readonly session: number
  readonly billing: Label['billing']
  /** Session, model and quarter of an hour, whatever the agent and the project. */
  readonly group: string
  readonly values: Measures
}

/** A sum of the source and by how much it is more than the target knows. */
export interface Shortfall {
  readonly sum: PrunedSum
  readonly missing: Measures
}

/**
 * Sums of pruned responses, which are in the rollup only. The target takes the larger of both for each session, model
 * and quarter of an hour, and not their sum: two ledgers that read the same logs have pruned the same responses.
 */
export async function movePrunedSums(moving: Moving): Promise<void> {
  const { source, target, labels, sessions } = moving
  for await (const day of prunedDays(source.rows)) {
    const sums = await readPrunedSums(source.rows, source.rows, day)
    await target.write(async (step) => {
      await lock(step.db, 'move_lock')
      const short = await shortfalls(sums, step.db, source.rows, day)
      const rows = short
        .filter(({ missing }) => !isZero(missing))
        .map(({ sum, missing }) => ({
          slot: sum.slot,
          label: idIn(labels, sum.label),
          session: idIn(sessions, sum.session),
          values: missing,
        }))
        .sort((a, b) => a.slot - b.slot || a.label - b.label || a.session - b.session)
      for (const { slot, label, session, values } of rows) await step.tx.addRollup(slot, label, session, values)
      const published = new Map<number, Measures>()
      for (const { label, values } of rows) {
        published.set(label, accumulate(published.get(label) ?? zeroMeasures(), values))
      }
      const counters = [...published].sort(([a], [b]) => a - b)
      for (const [label, values] of counters) await step.tx.addCounter(label, 0, values)
      tellOthers(step, {
        rollup: rows,
        counters: counters.map(([label, values]) => ({ label, published: values, reversed: zeroMeasures() })),
      })
    })
  }
}

/** Days of the source that pruned responses may have been in. Epoch milliseconds, one after the other. */
export async function* prunedDays(rows: Rows): AsyncIterable<number> {
  const before = await prunedBefore(rows)
  if (before === null) return
  for (let from = Number.MIN_SAFE_INTEGER; ; ) {
    const next = (await rows.one('SELECT MIN(slot) FROM rollup WHERE slot >= ? AND slot < ?', from, before))?.[0]
    if (next === null || next === undefined) return
    const day = Math.floor(Number(next) / DAY_MS) * DAY_MS
    yield day
    from = day + DAY_MS
  }
}

const measures = MEASURES.join(', ')
const taken = (table: string) => MEASURES.map((name) => `-${table}.${name} AS ${name}`).join(', ')
const label = LABEL_COLUMNS.map((name) => `label.${name}`).join(', ')

/** One statement, so that what it adds and what it takes away are of one moment. */
const DAY_ROWS = `SELECT used.key, used.slot, used.session_id, session.source, session.ext_id, label.id, ${label},
    ${MEASURES.map((name) => `used.${name}`).join(', ')}
  FROM (
    SELECT NULL AS key, slot, session_id, label_id, ${measures} FROM rollup WHERE slot >= ? AND slot < ?
    UNION ALL SELECT message.key, ${slotOf('message.at')}, message.session_id, message.label_id, ${taken('message')}
      FROM message WHERE message.at >= ? AND message.at < ?
    UNION ALL SELECT message.key, ${slotOf('message.at')}, message.session_id, message_part.label_id, ${taken('message_part')}
      FROM message JOIN message_part ON message_part.key = message.key WHERE message.at >= ? AND message.at < ?
  ) used JOIN label ON label.id = used.label_id JOIN session ON session.id = used.session_id`

/**
 * What the rollup of a day holds beyond the responses that are there, by slot, session and label, whatever the machine.
 *
 * @param pruned responses that it has pruned count as pruned here too
 */
async function sumsByText(rows: Rows, pruned: Rows, day: number): Promise<Map<string, PrunedSum>> {
  const range = [day, day + DAY_MS]
  const found = await rows.all(DAY_ROWS, ...range, ...range, ...range)
  const keys = found.flatMap(([key]) => (key === null ? [] : [key as Buffer]))
  const gone = rows === pruned ? new Set<string>() : await keysAmong(pruned, 'seen_key', keys)
  const sums = new Map<string, PrunedSum>()
  for (const [key, slot, session, source, extId, id, ...cells] of found) {
    if (key !== null && gone.has(keyText(key as Buffer))) continue
    const names = toLabelRow([id, ...cells.slice(0, LABEL_COLUMNS.length), 0, 0, 0])
    const text = JSON.stringify([Number(slot), source, extId, labelCore(names)])
    const sum = sums.get(text) ?? {
      slot: Number(slot),
      label: Number(id),
      session: Number(session),
      billing: names.billing,
      group: JSON.stringify([Number(slot), source, extId, names.provider, names.model, names.modelId]),
      values: zeroMeasures(),
    }
    sums.set(text, sum)
    accumulate(sum.values, cells.slice(LABEL_COLUMNS.length) as Measures)
  }
  return sums
}

async function readPrunedSums(rows: Rows, pruned: Rows, day: number): Promise<Map<string, PrunedSum>> {
  const sums = await sumsByText(rows, pruned, day)
  for (const [text, { values }] of sums) if (isZero(values)) sums.delete(text)
  return sums
}

/**
 * By how much the source has pruned more of a session and a model in a quarter of an hour, whoever it counted it for: two
 * ledgers may have taken a response for that of different agents. What is missing goes to the labels that lack it.
 */
async function shortfalls(
  sums: ReadonlyMap<string, PrunedSum>,
  target: Rows,
  source: Rows,
  day: number,
): Promise<Shortfall[]> {
  const known = await sumsByText(target, source, day)
  const here = totals(sums.values())
  const there = totals(known.values())
  const left = new Map([...here].map(([group, sum]) => [group, rises(sum, there.get(group) ?? zeroMeasures())]))
  return [...sums].map(([text, sum]) => {
    const rest = left.get(sum.group) ?? zeroMeasures()
    const missing = lesser(rises(sum.values, known.get(text)?.values ?? zeroMeasures()), rest)
    left.set(sum.group, rises(rest, missing))
    return { sum, missing }
  })
}

function totals(sums: Iterable<PrunedSum>): Map<string, Measures> {
  const groups = new Map<string, Measures>()
  for (const { group, values } of sums) {
    groups.set(group, accumulate(groups.get(group) ?? zeroMeasures(), values))
  }
  return groups
}

/** What the source has pruned of a day, and how much of it the target lacks. */
export async function compareDay(source: Rows, target: Rows, day: number): Promise<Shortfall[]> {
  return shortfalls(await readPrunedSums(source, source, day), target, source, day)
}
