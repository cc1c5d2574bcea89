import type { Database, Statement } from 'better-sqlite3'

/** Prepared statements of a connection; integers come exact: as numbers, or as BigInt where a number would round. */
export class Statements {
  readonly #db: Database
  readonly #statements = new Map<string, Statement>()

  constructor(db: Database) {
    this.#db = db
  }

  all(sql: string, ...parameters: readonly unknown[]): unknown[][] {
    const statement = this.#prepared(sql)
    const rows = statement.safeIntegers(false).all(...parameters) as unknown[][]
    return rows.every(isExact) ? rows : (statement.safeIntegers(true).all(...parameters) as unknown[][])
  }

  one(sql: string, ...parameters: readonly unknown[]): unknown[] | undefined {
    return this.all(sql, ...parameters)[0]
  }

  /** Rows that were changed. */
  run(sql: string, ...parameters: readonly unknown[]): number {
    return this.#prepared(sql).run(...parameters).changes
  }

  #prepared(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      if (statement.reader) statement.raw()
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

function isExact(row: readonly unknown[]): boolean {
  return row.every((value) => typeof value !== 'number' || Number.isSafeInteger(value))
}
