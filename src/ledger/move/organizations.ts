import { DAY_MS } from '../../core/time.ts'
import type { Db, Rows } from '../sql/store.ts'
import { moveDirectories } from './directories.ts'
import { lock, type Moving } from './moving.ts'

/** Moves what organisations told. Of a day that both know the one that was read later counts, as a whole. */
export async function moveOrganizations(moving: Moving): Promise<void> {
  for (const report of REPORTS) {
    for (const { organization, day } of await daysOf(moving.source.rows, report)) {
      await moveDay(moving, report, organization, day)
    }
  }
  await moveDirectories(moving)
}

interface Report {
  readonly name: 'usage' | 'cost' | 'claude-code'
  readonly table: string
  readonly copy: (db: Db, source: Rows, organization: string, day: number) => Promise<void>
  readonly remove: (db: Db, organization: string, day: number) => Promise<void>
}

const USAGE_COLUMNS = ['input', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'output', 'web_searches', 'requests']
const COST_COLUMNS = ['amount_usd', 'amount_pico', 'list_usd', 'list_pico']

const REPORTS: readonly Report[] = [
  bucketReport('usage', 'api_usage', USAGE_COLUMNS),
  bucketReport('cost', 'api_cost', COST_COLUMNS),
  {
    name: 'claude-code',
    table: 'claude_code_day',
    copy: copyClaudeCode,
    async remove(db, organization, day) {
      const range = [organization, day, day + DAY_MS]
      await db.run(
        `DELETE FROM claude_code_model WHERE day_id IN
           (SELECT id FROM claude_code_day WHERE organization = ? AND start >= ? AND start < ?)`,
        ...range,
      )
      await db.run('DELETE FROM claude_code_day WHERE organization = ? AND start >= ? AND start < ?', ...range)
    },
  },
]

/** UTC days that have rows or are covered. */
async function daysOf(rows: Rows, { name, table }: Report): Promise<{ organization: string; day: number }[]> {
  const found = await rows.all(
    `SELECT organization, start - start % ${DAY_MS} FROM ${table}
     UNION SELECT organization, day FROM api_coverage WHERE report = ? ORDER BY 1, 2`,
    name,
  )
  return found.map(([organization, day]) => ({ organization: String(organization), day: Number(day) }))
}

async function moveDay({ source, target }: Moving, report: Report, organization: string, day: number): Promise<void> {
  await target.write(async ({ db, tell }) => {
    await lock(db, 'organizations_lock')
    const readAt = await readAtOf(source.rows, report, organization, day)
    const known = await readAtOf(db, report, organization, day)
    if (known !== null && (readAt === null || known >= readAt)) return
    if (known === null && readAt === null && (await hasRows(db, report, organization, day))) return
    await report.remove(db, organization, day)
    await report.copy(db, source.rows, organization, day)
    await copyCoverage(db, source.rows, report, organization, day)
    tell({ organizations: true })
  })
}

async function readAtOf(rows: Rows, { name }: Report, organization: string, day: number): Promise<number | null> {
  const row = await rows.one(
    'SELECT read_at FROM api_coverage WHERE organization = ? AND report = ? AND day = ?',
    organization,
    name,
    day,
  )
  return row === undefined ? null : Number(row[0])
}

async function hasRows(rows: Rows, { table }: Report, organization: string, day: number): Promise<boolean> {
  const sql = `SELECT 1 FROM ${table} WHERE organization = ? AND start >= ? AND start < ? LIMIT 1`
  return (await rows.one(sql, organization, day, day + DAY_MS)) !== undefined
}

async function copyCoverage(db: Db, source: Rows, { name }: Report, organization: string, day: number): Promise<void> {
  const columns = ['generation', 'width', 'complete_to', 'read_at']
  const key = [organization, name, day]
  await db.run('DELETE FROM api_coverage WHERE organization = ? AND report = ? AND day = ?', ...key)
  const row = await source.one(
    `SELECT ${columns.join(', ')} FROM api_coverage WHERE organization = ? AND report = ? AND day = ?`,
    ...key,
  )
  if (row === undefined) return
  await db.run(
    `INSERT INTO api_coverage(organization, report, day, ${columns.join(', ')}) VALUES(?, ?, ?, ?, ?, ?, ?)`,
    ...key,
    ...row,
  )
}

const LABEL = [
  'organization',
  'workspace_id',
  'api_key_id',
  'model',
  'service_tier',
  'context_window',
  'cost_type',
  'token_type',
  'description',
]

function bucketReport(name: 'usage' | 'cost', table: string, values: readonly string[]): Report {
  const columns = ['organization', 'start', 'width', 'generation', ...values]
  return {
    name,
    table,
    async copy(db, source, organization, day) {
      const rows = await source.all(
        `SELECT ${[...LABEL.map((column) => `api_label.${column}`), ...columns.map((column) => `${table}.${column}`)].join(', ')}
         FROM ${table} JOIN api_label ON api_label.id = ${table}.label_id
         WHERE ${table}.organization = ? AND ${table}.start >= ? AND ${table}.start < ?`,
        organization,
        day,
        day + DAY_MS,
      )
      for (const row of rows) {
        await db.run(
          `INSERT INTO ${table}(label_id, ${columns.join(', ')}) VALUES(?, ${columns.map(() => '?').join(', ')})`,
          await labelId(db, row.slice(0, LABEL.length)),
          ...row.slice(LABEL.length),
        )
      }
    },
    async remove(db, organization, day) {
      const sql = `DELETE FROM ${table} WHERE organization = ? AND start >= ? AND start < ?`
      await db.run(sql, organization, day, day + DAY_MS)
    },
  }
}

async function labelId(db: Db, values: readonly unknown[]): Promise<number> {
  const find = `SELECT id FROM api_label WHERE ${LABEL.map((name) => `${name} = ?`).join(' AND ')}`
  const known = await db.one(find, ...values)
  if (known !== undefined) return Number(known[0])
  const made = await db.one(
    `INSERT INTO api_label(${LABEL.join(', ')}) VALUES(${LABEL.map(() => '?').join(', ')})
     ON CONFLICT DO NOTHING RETURNING id`,
    ...values,
  )
  return Number((made ?? (await db.one(find, ...values)))?.[0])
}

const DAY_COLUMNS = [
  'organization',
  'start',
  'width',
  'actor_type',
  'actor',
  'terminal',
  'is_remote',
  'customer_type',
  'subscription_type',
  'sessions',
  'lines_added',
  'lines_removed',
  'commits',
  'pull_requests',
  'edits_accepted',
  'edits_rejected',
]
const MODEL_COLUMNS = ['model', 'input', 'output', 'cache_read', 'cache_write', 'estimated_usd', 'estimated_pico']

async function copyClaudeCode(db: Db, source: Rows, organization: string, day: number): Promise<void> {
  const days = await source.all(
    `SELECT id, ${DAY_COLUMNS.join(', ')} FROM claude_code_day
     WHERE organization = ? AND start >= ? AND start < ? ORDER BY id`,
    organization,
    day,
    day + DAY_MS,
  )
  for (const [id, ...values] of days) {
    const made = await db.one(
      `INSERT INTO claude_code_day(${DAY_COLUMNS.join(', ')}) VALUES(${DAY_COLUMNS.map(() => '?').join(', ')}) RETURNING id`,
      ...values,
    )
    for (const model of await source.all(
      `SELECT ${MODEL_COLUMNS.join(', ')} FROM claude_code_model WHERE day_id = ?`,
      id,
    )) {
      await db.run(
        `INSERT INTO claude_code_model(day_id, ${MODEL_COLUMNS.join(', ')}) VALUES(?, ${MODEL_COLUMNS.map(() => '?').join(', ')})`,
        made?.[0],
        ...model,
      )
    }
  }
}
