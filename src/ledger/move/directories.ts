import type { Db, Rows } from '../sql/store.ts'
import { lock, type Moving } from './moving.ts'

interface List {
  readonly table: string
  readonly key: readonly string[]
  readonly values: readonly string[]
  /** True where entries that are gone stay known, as `deleted`, for the names of old use. */
  readonly remembers: boolean
}

const LISTS: readonly List[] = [
  { table: 'workspace', key: ['id'], values: ['name', 'status'], remembers: true },
  { table: 'api_key', key: ['id'], values: ['name', 'status', 'workspace_id'], remembers: true },
  { table: 'rate_limit', key: ['workspace_id', 'applies_to', 'limiter'], values: ['value'], remembers: false },
  {
    table: 'spend_limit',
    key: ['id'],
    values: ['scope', 'scope_id', 'period', 'limit_usd', 'limit_pico', 'spent_usd', 'spent_pico'],
    remembers: false,
  },
]

/** Moves the names of organisations' workspaces and keys, and their limits. The directory that was read later counts. */
export async function moveDirectories({ source, target }: Moving): Promise<void> {
  for (const [organization, id, name, seesSpendLimits, readAt] of await source.rows.all(
    'SELECT organization, id, name, sees_spend_limits, read_at FROM organization ORDER BY organization',
  )) {
    await target.write(async ({ db, tell }) => {
      await lock(db, 'organizations_lock')
      const [known] = (await db.one('SELECT read_at FROM organization WHERE organization = ?', organization)) ?? []
      if (known !== undefined && Number(known) === Number(readAt)) return
      const isNewer = known === undefined || Number(known) < Number(readAt)
      if (isNewer) {
        await db.run(
          `INSERT INTO organization(organization, id, name, sees_spend_limits, read_at) VALUES(?, ?, ?, ?, ?)
           ON CONFLICT(organization) DO UPDATE SET id = excluded.id, name = excluded.name,
             sees_spend_limits = excluded.sees_spend_limits, read_at = excluded.read_at`,
          organization,
          id,
          name,
          seesSpendLimits,
          readAt,
        )
      }
      for (const list of LISTS) await moveList(db, source.rows, String(organization), list, isNewer)
      tell({ organizations: true })
    })
  }
}

async function moveList(
  db: Db,
  source: Rows,
  organization: string,
  { table, key, values, remembers }: List,
  isNewer: boolean,
): Promise<void> {
  if (!isNewer && !remembers) return
  // What the newer directory lists is written below; what only the older one lists is gone.
  if (isNewer) {
    await db.run(
      remembers
        ? `UPDATE ${table} SET status = 'deleted' WHERE organization = ?`
        : `DELETE FROM ${table} WHERE organization = ?`,
      organization,
    )
  }
  const columns = [...key, ...values]
  const status = columns.indexOf('status')
  for (const row of await source.all(
    `SELECT ${columns.join(', ')} FROM ${table} WHERE organization = ?`,
    organization,
  )) {
    await db.run(
      `INSERT INTO ${table}(organization, ${columns.join(', ')}) VALUES(?, ${columns.map(() => '?').join(', ')})
       ON CONFLICT(organization, ${key.join(', ')}) DO ${
         isNewer ? `UPDATE SET ${values.map((name) => `${name} = excluded.${name}`).join(', ')}` : 'NOTHING'
       }`,
      organization,
      ...(isNewer || status < 0 ? row : row.with(status, 'deleted')),
    )
  }
}
