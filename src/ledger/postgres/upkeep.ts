import { LedgerError } from '../ledger.ts'
import type { Rows } from '../sql/store.ts'

/** Bytes of all tables of the schema, with their indexes. */
export async function schemaBytes(rows: Rows): Promise<number> {
  const found = await rows.one(
    `SELECT COALESCE(SUM(pg_total_relation_size(oid)), 0) FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'm')`,
  )
  return Number(found?.[0] ?? 0)
}

/** `ok`, or which indexes the server itself calls invalid. Damaged pages only show when they are read. */
export async function indexFaults(rows: Rows): Promise<string> {
  const invalid = await rows.all(
    `SELECT pg_class.relname FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid
     WHERE pg_class.relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready)
     ORDER BY pg_class.relname`,
  )
  return invalid.length === 0 ? 'ok' : invalid.map(([name]) => `the index ${name} is invalid`).join('; ')
}

export function noBackup(place: string): Promise<never> {
  return Promise.reject(
    new LedgerError(
      'other',
      `${place}: a ledger on PostgreSQL is backed up by the tools of the server, such as pg_dump`,
    ),
  )
}
