import type { Database, Statement } from 'better-sqlite3'
import { Rows } from '../rows.ts'

/** Runs a statement that changes rows. Tells how many. */
export type Run = (sql: string, ...parameters: readonly unknown[]) => number

/** What a transaction works with: prepared reads and writes of its connection. */
export interface Work {
  readonly rows: Rows
  readonly run: Run
}

export function workOn(db: Database): Work {
  const statements = new Map<string, Statement>()
  const run: Run = (sql, ...parameters) => {
    let statement = statements.get(sql)
    if (statement === undefined) {
      statement = db.prepare(sql)
      statements.set(sql, statement)
    }
    return statement.run(...parameters).changes
  }
  return { rows: new Rows(db), run }
}

/** Does the work and undoes it, inside of a transaction. */
export function rehearse<T>(db: Database, work: () => T): T {
  db.exec('SAVEPOINT rehearsal')
  try {
    return work()
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK TO rehearsal; RELEASE rehearsal')
  }
}
