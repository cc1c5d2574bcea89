import { MEASURES } from '../../core/measures.ts'
import { type CheckReport, SLOT_MS } from '../ledger.ts'
import { chunksOf, marksOf } from './chunks.ts'
import { checkOrganizations } from './organization/check.ts'
import { slotOf } from './slot.ts'
import type { Db, Rows } from './store.ts'

const PRUNE_ROWS = 500
const REPORTED_DIFFERENCES = 20

const measures = MEASURES.join(', ')
const both = `SELECT key, label_id, ${measures} FROM message UNION ALL SELECT key, label_id, ${measures} FROM message_part`
// Only further parts are looked up: joining all responses with themselves takes most of the time of a large ledger.
const placed = `SELECT ${slotOf('at')} AS slot, label_id, session_id, ${measures} FROM message WHERE at >= ?
  UNION ALL SELECT ${slotOf('m.at')}, p.label_id, m.session_id, ${MEASURES.map((name) => `p.${name}`).join(', ')}
    FROM message_part p JOIN message m ON m.key = p.key WHERE m.at >= ?`

/**
 * Compares every sum with what it is a sum of. The rollup may hold more than the responses once old ones were pruned, so
 * only slots after the oldest kept response are compared then, and the counters not at all.
 */
export async function checkLedger(rows: Rows): Promise<Omit<CheckReport, 'integrity'>> {
  const responses = Number((await rows.one('SELECT CAST(COUNT(*) AS BIGINT) FROM message'))?.[0] ?? 0)
  const pruned = await prunedBefore(rows)
  const from = firstWholeSlot(pruned)
  const differences = await compare(rows, {
    table: 'rollup',
    keys: ['slot', 'label_id', 'session_id'],
    left: placed,
    right: `SELECT slot, label_id, session_id, ${measures} FROM rollup WHERE slot >= ?`,
    parameters: [from, from, from],
  })
  if (pruned === null) {
    const net = MEASURES.map((name) => `CASE kind WHEN 0 THEN ${name} ELSE -${name} END AS ${name}`).join(', ')
    differences.push(
      ...(await compare(rows, {
        table: 'counter',
        keys: ['label_id'],
        left: `SELECT label_id, ${measures} FROM (${both}) p WHERE key NOT IN (SELECT key FROM held)`,
        right: `SELECT label_id, ${net} FROM counter`,
        parameters: [],
      })),
    )
  }
  return {
    responses,
    differences: differences.slice(0, REPORTED_DIFFERENCES),
    organizationFaults: await checkOrganizations(rows),
  }
}

/** Makes the rollup anew from the responses; slots from before the oldest kept response stay. */
export async function rebuildRollups(db: Db): Promise<void> {
  const from = firstWholeSlot(await prunedBefore(db))
  await db.run('DELETE FROM rollup WHERE slot >= ?', from)
  await db.run(
    `INSERT INTO rollup(slot, label_id, session_id, ${measures})
     SELECT slot, label_id, session_id, ${MEASURES.map((name) => `CAST(SUM(${name}) AS BIGINT)`).join(', ')}
     FROM (${placed}) stored GROUP BY slot, label_id, session_id`,
    from,
    from,
  )
}

/** Drops the rows of responses from before an instant; their keys stay, so that no log line counts them again. */
export async function pruneSome(db: Db, before: number): Promise<number> {
  const found = await db.all(
    'SELECT key FROM message WHERE at < ? AND key NOT IN (SELECT key FROM held) ORDER BY at LIMIT ?',
    before,
    PRUNE_ROWS,
  )
  const keys = found.map(([key]) => key as Buffer).sort((a, b) => a.compare(b))
  if (keys.length === 0) return 0
  await db.run(
    `INSERT INTO seen_key(key) VALUES ${keys.map(() => '(?)').join(', ')} ON CONFLICT(key) DO NOTHING`,
    ...keys,
  )
  for (const chunk of chunksOf(keys)) {
    await db.run(`DELETE FROM message WHERE key IN (${marksOf(chunk)})`, ...chunk)
    await db.run(`DELETE FROM message_part WHERE key IN (${marksOf(chunk)})`, ...chunk)
  }
  await db.run(
    `INSERT INTO meta(name, value) VALUES('pruned_before', ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value`,
    String(before),
  )
  return keys.length
}

/** Epoch milliseconds; null when nothing was ever pruned. */
async function prunedBefore(rows: Rows): Promise<number | null> {
  const row = await rows.one("SELECT value FROM meta WHERE name = 'pruned_before'")
  return row === undefined ? null : Number(row[0])
}

function firstWholeSlot(pruned: number | null): number {
  return pruned === null ? Number.MIN_SAFE_INTEGER : Math.ceil(pruned / SLOT_MS) * SLOT_MS
}

/** Groups in which the sums of two selections (keys, then measures) differ, as sentences. */
async function compare(rows: Rows, { table, keys, left, right, parameters }: Comparison): Promise<string[]> {
  const list = keys.join(', ')
  const sums = MEASURES.map((name) => `CAST(SUM(${name}) AS BIGINT) AS ${name}`).join(', ')
  const found = await rows.all(
    `SELECT * FROM (SELECT ${list}, ${sums} FROM (
        SELECT * FROM (${left}) stored
        UNION ALL SELECT ${list}, ${MEASURES.map((name) => `-${name}`).join(', ')} FROM (${right}) kept
      ) side GROUP BY ${list}) total
      WHERE ${MEASURES.map((name) => `${name} <> 0`).join(' OR ')} ORDER BY ${list} LIMIT ${REPORTED_DIFFERENCES}`,
    ...parameters,
  )
  return found.map((row) => {
    const group = keys.map((key, index) => `${key} ${row[index]}`).join(', ')
    const off = MEASURES.flatMap((name, index) => {
      const value = row[keys.length + index]
      return value === 0 || value === 0n ? [] : [`${name} by ${value}`]
    })
    return `${table}: ${group} is off: ${off.join(', ')}`
  })
}

interface Comparison {
  readonly table: string
  readonly keys: readonly string[]
  readonly left: string
  readonly right: string
  readonly parameters: readonly unknown[]
}
