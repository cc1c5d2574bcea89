import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import { OperatorError } from '../../../core/errors.ts'
import { VIEWS } from './index.ts'
import type { View } from './view.ts'

type Client = Pick<ClientBase, 'query'>

/** Entry of `meta` that tells which views the schema has. */
const MARK = 'views'

/** `CREATE OR REPLACE VIEW` cannot take columns away, rename or retype them. */
const OTHER_COLUMNS = '42P16'
const STILL_NEEDED = '2BP01'

/**
 * Makes the views what this version of the program says they are, unless they are that already. For an open transaction
 * whose first schema is that of the ledger. What people were granted stays granted. Throws OperatorError where a view of
 * somebody else stands on one that has to be made anew.
 */
export async function installViews(client: Client): Promise<void> {
  const mark = fingerprint(VIEWS)
  const { rows } = await client.query({ text: `SELECT value FROM meta WHERE name = '${MARK}'`, rowMode: 'array' })
  if (rows[0]?.[0] === mark) return
  for (const view of VIEWS) await install(client, view)
  await client.query(
    `INSERT INTO meta(name, value) VALUES('${MARK}', $1) ON CONFLICT(name) DO UPDATE SET value = excluded.value`,
    [mark],
  )
}

async function install(client: Client, view: View): Promise<void> {
  await client.query('SAVEPOINT one_view')
  try {
    await client.query(`CREATE OR REPLACE VIEW ${view.name} AS\n${view.query}`)
  } catch (error) {
    if (codeOf(error) !== OTHER_COLUMNS) throw error
    await client.query('ROLLBACK TO SAVEPOINT one_view')
    await makeAnew(client, view)
  }
  await client.query('RELEASE SAVEPOINT one_view')
  for (const comment of comments(view)) await client.query(comment)
}

async function makeAnew(client: Client, { name, query }: View): Promise<void> {
  const grants = await client.query({ text: GRANTS, values: [name], rowMode: 'array' })
  try {
    await client.query(`DROP VIEW ${name}`)
  } catch (error) {
    if (codeOf(error) !== STILL_NEEDED) throw error
    throw new OperatorError(`The view ${name} has other columns in this version, and other views are made of it`, {
      seen: error instanceof Error && 'detail' in error ? error.detail : error,
      fix: `Drop those views, start again, and make them anew from ${name} as it is then.`,
      cause: error,
    })
  }
  await client.query(`CREATE VIEW ${name} AS\n${query}`)
  for (const [grant] of grants.rows) await client.query(String(grant))
}

/** Statements that grant again what is granted on a view. */
const GRANTS = `SELECT format('GRANT %s ON %I TO %s%s', granted.privilege_type, view.relname,
    CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(granted.grantee)) END,
    CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM pg_class view, aclexplode(view.relacl) granted
  WHERE view.relname = $1 AND view.relnamespace = current_schema()::regnamespace AND granted.grantee <> view.relowner`

function comments({ name, about, columns }: View): string[] {
  return [
    `COMMENT ON VIEW ${name} IS ${literal(about)}`,
    ...columns.map((column) => `COMMENT ON COLUMN ${name}.${column.name} IS ${literal(column.about)}`),
  ]
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function fingerprint(views: readonly View[]): string {
  return createHash('sha256').update(JSON.stringify(views)).digest('hex')
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
