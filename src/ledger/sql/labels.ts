import type { LabelRow } from '../ledger.ts'
import { LABEL_COLUMNS, toLabelRow } from '../stored-label.ts'
import { chunksOf, marksOf } from './chunks.ts'
import type { Rows } from './store.ts'

/** From so many on, all labels are read at once. */
const MANY = 1_000

/** Labels of these ids; those that the ledger does not have are missing. */
export type LabelReader = (rows: Rows, ids: Iterable<number>) => Promise<ReadonlyMap<number, LabelRow>>

const held = (table: string) => `SELECT label_id FROM ${table} WHERE key IN (SELECT key FROM held)`

/** What every label that anything was ever counted under is found by. */
const USED = `SELECT label_id FROM counter UNION SELECT label_id FROM session UNION ${held('message')} UNION ${held('message_part')}`

/**
 * All labels. Of several machines only those that anything was ever counted under: logs that are on two of them leave
 * others behind.
 */
export async function readLabels(rows: Rows): Promise<LabelRow[]> {
  const used = (await hasSeveralMachines(rows)) ? `WHERE id IN (${USED})` : ''
  const found = await rows.all(`${await selectLabels(rows)} ${used} ORDER BY id`)
  return found.map(toLabelRow)
}

async function hasSeveralMachines(rows: Rows): Promise<boolean> {
  if (!(await rows.hasTable('machine'))) return false
  return (await rows.all('SELECT id FROM machine LIMIT 2')).length > 1
}

/**
 * Remembers the labels that were asked for: what a label says never changes, only whether it is shown does, so that the
 * flags of what this gives are not to be used.
 */
export function labelReader(): LabelReader {
  const known = new Map<number, LabelRow>()
  return async (rows, ids) => {
    const unknown = [...new Set(ids)].filter((id) => !known.has(id))
    for (const label of await readSome(rows, unknown)) known.set(label.id, label)
    return known
  }
}

async function readSome(rows: Rows, ids: readonly number[]): Promise<LabelRow[]> {
  if (ids.length === 0) return []
  const found: LabelRow[] = []
  const select = await selectLabels(rows)
  if (ids.length > MANY) return (await rows.all(select)).map(toLabelRow)
  for (const chunk of chunksOf(ids)) {
    found.push(...(await rows.all(`${select} WHERE id IN (${marksOf(chunk)})`, ...chunk)).map(toLabelRow))
  }
  return found
}

/** A ledger that an earlier version wrote, opened beside it, knows of no machines. */
async function selectLabels(rows: Rows): Promise<string> {
  const hasMachine = await rows.hasColumn('label', 'machine')
  const columns = LABEL_COLUMNS.map((name) => (name === 'machine' && !hasMachine ? "''" : name))
  return `SELECT id, ${columns.join(', ')}, exposed, zero_until, folded FROM label`
}
