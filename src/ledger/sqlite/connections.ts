import type { Database } from 'better-sqlite3'
import { LedgerError } from '../ledger.ts'
import { toLedgerError } from './failure.ts'
import { Rows } from './rows.ts'
import { SqliteTransaction } from './transaction.ts'

export interface Writer {
  readonly db: Database
  readonly unlock: () => void
}

/** The connections of one ledger: one that reads and, where the ledger is open for it, one that writes. */
export class Connections {
  readonly path: string
  readonly reader: Database
  readonly #rows: Rows
  readonly #writer: Writer | null
  readonly #transaction: SqliteTransaction | null
  /** Transactions wait for each other: the connection has room for one. */
  #last: Promise<unknown> = Promise.resolve()
  #begun = 0
  #revision = 0

  constructor(path: string, reader: Database, writer: Writer | null) {
    this.path = path
    this.reader = reader
    this.#rows = new Rows(reader)
    this.#writer = writer
    this.#transaction = writer && new SqliteTransaction(writer.db)
  }

  /**
   * Runs one write transaction, which is told the revision that it makes; after a failure nothing of it remains, ids in caches included. Rejects with LedgerError,
   * `read_only` for a ledger that was opened for reading.
   */
  write<T>(work: (db: Database, tx: SqliteTransaction, revision: number) => T | Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      const db = this.#writer?.db
      const tx = this.#transaction
      if (!db || !tx) throw new LedgerError('read_only', `${this.path}: this ledger was opened for reading`)
      try {
        db.exec('BEGIN IMMEDIATE')
        this.#begun += 1
        const revision = this.#begun
        const value = await work(db, tx, revision)
        db.exec('COMMIT')
        this.#revision = revision
        return value
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK')
        tx.forget()
        throw toLedgerError(error, this.path)
      }
    })
    this.#last = result.catch(() => {})
    return result
  }

  /** The newest revision that was committed here; it grows with every one, and begins with 0. */
  get revision(): number {
    return this.#revision
  }

  /** Rejects with LedgerError. */
  async read<T>(query: (rows: Rows) => T): Promise<T> {
    try {
      return query(this.#rows)
    } catch (error) {
      throw toLedgerError(error, this.path)
    }
  }

  async close(): Promise<void> {
    await this.#last
    this.reader.close()
    this.#writer?.db.close()
    this.#writer?.unlock()
  }
}
