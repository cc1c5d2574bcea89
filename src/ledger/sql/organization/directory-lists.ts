import { NO_CHANGES, type RowChanges } from '../../../core/sync-run.ts'
import { LedgerError } from '../../ledger.ts'
import { rowChunks, rowMarks } from '../chunks.ts'
import type { Db } from '../store.ts'
import { storedText } from '../text.ts'

export type Cell = string | number | bigint | null

/** A list of an organisation's directory: one row per entry. */
interface DirectoryList {
  readonly table: string
  readonly key: readonly string[]
  readonly values: readonly string[]
  /** True where entries that are gone stay known, with the status `deleted`; it is the first of the values. */
  readonly remembers: boolean
}

export const WORKSPACES: DirectoryList = {
  table: 'workspace',
  key: ['id'],
  values: ['status', 'name'],
  remembers: true,
}
export const API_KEYS: DirectoryList = {
  table: 'api_key',
  key: ['id'],
  values: ['status', 'name', 'workspace_id'],
  remembers: true,
}
export const RATE_LIMITS: DirectoryList = {
  table: 'rate_limit',
  key: ['workspace_id', 'applies_to', 'limiter'],
  values: ['value'],
  remembers: false,
}
export const SPEND_LIMITS: DirectoryList = {
  table: 'spend_limit',
  key: ['id'],
  values: ['scope', 'scope_id', 'period', 'limit_usd', 'limit_pico', 'spent_usd', 'spent_pico'],
  remembers: false,
}

const DELETED = 'deleted'

/** Makes a stored list what it is now: entries are the key and the values of each. */
export async function saveList(
  db: Db,
  organization: string,
  list: DirectoryList,
  given: readonly (readonly Cell[])[],
): Promise<RowChanges> {
  const entries = given.map((cells) => cells.map((cell) => (typeof cell === 'string' ? storedText(cell) : cell)))
  const { table, key, values, remembers } = list
  const columns = [...key, ...values]
  const keyOf = (cells: readonly unknown[]) => textOf(cells.slice(0, key.length))
  const found = await db.all(`SELECT ${columns.join(', ')} FROM ${table} WHERE organization = ?`, organization)
  const stored = new Map(found.map((cells) => [keyOf(cells), cells]))
  const changes = { ...NO_CHANGES, fetched: entries.length }
  const changed: (readonly Cell[])[] = []
  const seen = new Set<string>()
  for (const entry of entries) {
    const id = keyOf(entry)
    if (seen.has(id)) throw new LedgerError('other', `${table}: the directory names ${id} twice`)
    seen.add(id)
    const old = stored.get(id)
    if (old !== undefined && textOf(old) === textOf(entry)) {
      changes.unchanged += 1
      continue
    }
    changed.push(entry)
    if (old === undefined) changes.added += 1
    else changes.changed += 1
  }
  const gone = [...stored]
    .filter(([id, cells]) => !seen.has(id) && !(remembers && cells[key.length] === DELETED))
    .map(([, cells]) => cells.slice(0, key.length))
  await saveEntries(db, organization, list, changed)
  await removeEntries(db, organization, list, gone)
  return { ...changes, removed: gone.length }
}

function textOf(cells: readonly unknown[]): string {
  return JSON.stringify(cells.map((cell) => (cell === null ? null : String(cell))))
}

async function saveEntries(
  db: Db,
  organization: string,
  { table, key, values }: DirectoryList,
  entries: readonly (readonly Cell[])[],
): Promise<void> {
  for (const chunk of rowChunks(entries.map((entry) => [organization, ...entry]))) {
    await db.run(
      `INSERT INTO ${table}(organization, ${[...key, ...values].join(', ')}) VALUES ${rowMarks(chunk)}
       ON CONFLICT(organization, ${key.join(', ')})
       DO UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      ...chunk.flat(),
    )
  }
}

async function removeEntries(
  db: Db,
  organization: string,
  { table, key, remembers }: DirectoryList,
  keys: readonly (readonly unknown[])[],
): Promise<void> {
  const change = remembers ? `UPDATE ${table} SET status = '${DELETED}'` : `DELETE FROM ${table}`
  for (const chunk of rowChunks(keys)) {
    await db.run(
      `${change} WHERE organization = ? AND (${key.join(', ')}) IN (VALUES ${rowMarks(chunk)})`,
      organization,
      ...chunk.flat(),
    )
  }
}
