import type { Database, Statement } from 'better-sqlite3'

/** Reads with prepared statements; integers come exact: as numbers, or as BigInt where a number would round. */
export class Rows {
  readonly #db: Database
  readonly #statements = new Map<string, Statement>()

  constructor(db: Database) {
    this.#db = db
  }

  all(sql: string, ...parameters: unknown[]): unknown[][] {
    const statement = this.#statement(sql)
    const rows = statement.safeIntegers(false).all(...parameters) as unknown[][]
    return rows.every(isExact) ? rows : (statement.safeIntegers(true).all(...parameters) as unknown[][])
  }

  one(sql: string, ...parameters: unknown[]): unknown[] | undefined {
    return this.all(sql, ...parameters)[0]
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql).raw()
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** False in a ledger that an earlier version wrote and that is only read. */
export function hasTable(rows: Rows, table: string): boolean {
  return rows.one("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table) !== undefined
}

function isExact(row: readonly unknown[]): boolean {
  return row.every((value) => typeof value !== 'number' || Number.isSafeInteger(value))
}
