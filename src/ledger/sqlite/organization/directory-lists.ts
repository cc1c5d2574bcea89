import { NO_CHANGES, type RowChanges } from '../../../core/sync-run.ts'
import { LedgerError } from '../../ledger.ts'
import type { Work } from './database.ts'

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
export function saveList(
  { rows, run }: Work,
  organization: string,
  { table, key, values, remembers }: DirectoryList,
  entries: readonly (readonly Cell[])[],
): RowChanges {
  const columns = [...key, ...values]
  const textOf = (cells: readonly unknown[]) =>
    JSON.stringify(cells.map((cell) => (cell === null ? null : String(cell))))
  const keyOf = (cells: readonly unknown[]) => textOf(cells.slice(0, key.length))
  const stored = new Map(
    rows
      .all(`SELECT ${columns.join(', ')} FROM ${table} WHERE organization = ?`, organization)
      .map((cells) => [keyOf(cells), cells]),
  )
  const isKey = key.map((name) => `${name} = ?`).join(' AND ')
  const save = `INSERT INTO ${table}(organization, ${columns.join(', ')}) VALUES(?, ${columns.map(() => '?').join(', ')})
    ON CONFLICT(organization, ${key.join(', ')}) DO UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(', ')}`
  const changes = { ...NO_CHANGES, fetched: entries.length }
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
    run(save, organization, ...entry)
    if (old === undefined) changes.added += 1
    else changes.changed += 1
  }
  for (const [id, cells] of stored) {
    if (seen.has(id) || (remembers && cells[key.length] === DELETED)) continue
    const change = remembers ? `UPDATE ${table} SET status = '${DELETED}'` : `DELETE FROM ${table}`
    run(`${change} WHERE organization = ? AND ${isKey}`, organization, ...cells.slice(0, key.length))
    changes.removed += 1
  }
  return changes
}
