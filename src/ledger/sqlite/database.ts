import type { Database } from 'better-sqlite3'
import type { Db } from '../sql/store.ts'
import { toLedgerError } from './failure.ts'
import { Statements } from './statements.ts'

/** A connection as the shared queries see it. Everything rejects with LedgerError, which names the path. */
export function databaseOn(connection: Database, path: string): Db {
  const statements = new Statements(connection)
  const tables = new Map<string, ReadonlySet<string>>()
  const ask = async <T>(query: () => T): Promise<T> => {
    try {
      return query()
    } catch (error) {
      throw toLedgerError(error, path)
    }
  }
  /** None for a table that is not there. */
  const columnsOf = (table: string): ReadonlySet<string> => {
    const known = tables.get(table)
    if (known !== undefined) return known
    const found = new Set(statements.all('SELECT name FROM pragma_table_info(?)', table).map(([name]) => String(name)))
    tables.set(table, found)
    return found
  }
  return {
    all: (sql, ...parameters) => ask(() => statements.all(sql, ...parameters)),
    one: (sql, ...parameters) => ask(() => statements.one(sql, ...parameters)),
    run: (sql, ...parameters) => ask(() => statements.run(sql, ...parameters)),
    hasColumn: (table, column) => ask(() => columnsOf(table).has(column)),
    hasTable: (table) => ask(() => columnsOf(table).size > 0),
  }
}
