import type { Delta } from '../ledger.ts'
import type { News } from '../machines.ts'
import type { LedgerTransaction } from '../transaction.ts'

/**
 * Queries that SQLite and PostgreSQL understand alike, with `?` for parameters. Rows come as arrays; integers are exact:
 * numbers, or BigInt where a number would round; bytes are Buffers. Whatever one `read` or `write` asks belongs to one
 * moment. A sum that is not cast may come as decimal text, of any size.
 */
export interface Rows {
  all(sql: string, ...parameters: unknown[]): Promise<unknown[][]>
  one(sql: string, ...parameters: unknown[]): Promise<unknown[] | undefined>
  /** False in a ledger that an earlier version wrote and that is only read. */
  hasColumn(table: string, column: string): Promise<boolean>
  hasTable(table: string): Promise<boolean>
}

/** An open write transaction. */
export interface Db extends Rows {
  /** Rows that were changed. Ids of new rows come from `INSERT ... RETURNING id` with `one`. */
  run(sql: string, ...parameters: unknown[]): Promise<number>
}

/** What a transaction of a ledger works with. */
export interface Step {
  readonly db: Db
  readonly tx: LedgerTransaction
  /** Of the commit that this becomes. */
  readonly revision: number
  /** What other programs on the ledger are to hear of the commit; several words of one commit add up. */
  tell(change: Told): void
}

/** What a commit is to others. */
export interface Told {
  readonly deltas?: readonly Delta[]
  /** True when organisations, budgets or runs may be other than before. */
  readonly organizations?: boolean
}

/** The machine a store speaks for. */
export interface StoreMachine {
  readonly id: number
  readonly name: string
}

/** A database that holds a ledger. Everything rejects with LedgerError. */
export interface Store {
  /** For messages: a path, or a URL without its password. */
  readonly place: string
  readonly machine: StoreMachine
  readonly isShared: boolean
  /** Who holds leases here: this program and no other. */
  readonly holder: string
  /**
   * Runs one write transaction; after a failure nothing of it remains. Where several programs write, `work` may be run
   * again from its beginning when the database asks for that, so that it changes nothing but the database.
   */
  write<T>(work: (step: Step) => Promise<T>): Promise<T>
  read<T>(query: (rows: Rows) => Promise<T>): Promise<T>
  /** A store of this moment, to be closed, and the revision up to which deltas are in it. */
  freeze(): Promise<{ readonly store: Store; readonly revision: number }>
  news(): Promise<News>
  /** SQL for the present instant in epoch milliseconds, by the clock of the database. */
  readonly nowSql: string
  sizeBytes(): Promise<number>
  /** `ok`, or what the database itself finds wrong. */
  integrity(): Promise<string>
  /** Writes a copy to a file. Rejects with LedgerError where the database has tools of its own for that. */
  backup(path: string): Promise<void>
  close(): Promise<void>
}
