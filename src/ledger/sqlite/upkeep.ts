import type { Database } from 'better-sqlite3'
import { MEASURES } from '../../core/measures.ts'
import { type CheckReport, SLOT_MS } from '../ledger.ts'
import { checkOrganizations } from './organization/check.ts'
import type { Rows } from './rows.ts'
import { slotOf } from './slot.ts'

const PRUNE_ROWS = 500
const REPORTED_DIFFERENCES = 20

const measures = MEASURES.join(', ')
const both = `SELECT key, label_id, ${measures} FROM message UNION ALL SELECT key, label_id, ${measures} FROM message_part`

/**
 * Compares every sum with what it is a sum of. The rollup may hold more than the responses once old ones were pruned, so
 * only slots after the oldest kept response are compared then, and the counters not at all.
 */
export function checkLedger(rows: Rows): CheckReport {
  const integrity = rows
    .all('PRAGMA quick_check')
    .map(([line]) => String(line))
    .join('; ')
  const responses = Number(rows.one('SELECT COUNT(*) FROM message')?.[0] ?? 0)
  const pruned = Number(rows.one("SELECT value FROM meta WHERE name = 'pruned_before'")?.[0] ?? 0)
  const from = pruned === 0 ? Number.MIN_SAFE_INTEGER : Math.ceil(pruned / SLOT_MS) * SLOT_MS
  const differences = compare(rows, {
    table: 'rollup',
    keys: ['slot', 'label_id', 'session_id'],
    left: `SELECT ${slotOf('m.at')} AS slot, p.label_id, m.session_id, ${MEASURES.map((name) => `p.${name}`).join(', ')}
      FROM (${both}) p JOIN message m ON m.key = p.key WHERE m.at >= ?`,
    right: `SELECT slot, label_id, session_id, ${measures} FROM rollup WHERE slot >= ?`,
    parameters: [from, from],
  })
  if (pruned === 0) {
    const net = MEASURES.map((name) => `CASE kind WHEN 0 THEN ${name} ELSE -${name} END AS ${name}`).join(', ')
    differences.push(
      ...compare(rows, {
        table: 'counter',
        keys: ['label_id'],
        left: `SELECT label_id, ${measures} FROM (${both}) WHERE key NOT IN (SELECT key FROM held)`,
        right: `SELECT label_id, ${net} FROM counter`,
        parameters: [],
      }),
    )
  }
  return {
    integrity,
    responses,
    differences: differences.slice(0, REPORTED_DIFFERENCES),
    organizationFaults: checkOrganizations(rows),
  }
}

/** Makes the rollup anew from the responses; slots from before the oldest kept response stay. */
export function rebuildRollups(db: Database): void {
  const pruned = db.prepare("SELECT value FROM meta WHERE name = 'pruned_before'").get() as
    | { value: string }
    | undefined
  const from = pruned === undefined ? Number.MIN_SAFE_INTEGER : Math.ceil(Number(pruned.value) / SLOT_MS) * SLOT_MS
  db.prepare('DELETE FROM rollup WHERE slot >= ?').run(from)
  db.prepare(
    `INSERT INTO rollup(slot, label_id, session_id, ${measures})
     SELECT ${slotOf('m.at')}, p.label_id, m.session_id, ${MEASURES.map((name) => `SUM(p.${name})`).join(', ')}
     FROM (${both}) p JOIN message m ON m.key = p.key WHERE m.at >= ? GROUP BY 1, 2, 3`,
  ).run(from)
}

/** Drops the rows of responses from before an instant; their keys stay, so that no log line counts them again. */
export function pruneSome(db: Database, before: number): number {
  const keys = db
    .prepare('SELECT key FROM message WHERE at < ? AND key NOT IN (SELECT key FROM held) ORDER BY at LIMIT ?')
    .all(before, PRUNE_ROWS) as { key: Buffer }[]
  for (const { key } of keys) {
    db.prepare('INSERT INTO seen_key(key) VALUES(?) ON CONFLICT(key) DO NOTHING').run(key)
    db.prepare('DELETE FROM message WHERE key = ?').run(key)
    db.prepare('DELETE FROM message_part WHERE key = ?').run(key)
  }
  if (keys.length > 0) {
    db.prepare(
      `INSERT INTO meta(name, value) VALUES('pruned_before', ?)
       ON CONFLICT(name) DO UPDATE SET value = excluded.value`,
    ).run(String(before))
  }
  return keys.length
}

/** Groups in which the sums of two selections (keys, then measures) differ, as sentences. */
function compare(rows: Rows, { table, keys, left, right, parameters }: Comparison): string[] {
  const list = keys.join(', ')
  const sql = `SELECT * FROM (SELECT ${list}, ${MEASURES.map((name) => `SUM(${name}) AS ${name}`).join(', ')} FROM (
      SELECT * FROM (${left})
      UNION ALL SELECT ${list}, ${MEASURES.map((name) => `-${name}`).join(', ')} FROM (${right})
    ) GROUP BY ${list}) WHERE ${MEASURES.map((name) => `${name} <> 0`).join(' OR ')} LIMIT ${REPORTED_DIFFERENCES}`
  return rows.all(sql, ...parameters).map((row) => {
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
