import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { LedgerError } from '../ledger.ts'
import { NO_NEWS } from '../machines.ts'
import type { Db, Rows, Step, Store, StoreMachine } from '../sql/store.ts'
import type { LedgerTransaction } from '../transaction.ts'
import { databaseOn } from './database.ts'
import { toLedgerError } from './failure.ts'
import { SqliteTransaction } from './transaction.ts'

export interface Writer {
  readonly db: Database
  readonly unlock: () => void
}

export interface SqliteStoreOptions {
  readonly path: string
  readonly machine: StoreMachine
  readonly reader: Database
  /** True for a reader inside of a transaction that lasts as long as the store. */
  readonly isFrozen: boolean
  /** Null for a ledger that is only read. */
  readonly writer: Writer | null
  /** Another store of this moment. */
  readonly freeze: () => Store
}

/** The connections of one ledger: one that reads and, where the ledger is open for it, one that writes. */
export class SqliteStore implements Store {
  readonly place: string
  readonly machine: StoreMachine
  readonly isShared = false
  readonly holder = 'local'
  readonly nowSql = "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
  readonly #reader: Database
  readonly #isFrozen: boolean
  readonly #rows: Rows
  readonly #writer: OpenWriter | null
  readonly #unlock: () => void
  readonly #freeze: () => Store
  /** Transactions wait for each other: a connection has room for one. */
  #lastWrite: Promise<unknown> = Promise.resolve()
  #lastRead: Promise<unknown> = Promise.resolve()
  #begun = 0
  #revision = 0

  constructor({ path, machine, reader, isFrozen, writer, freeze }: SqliteStoreOptions) {
    this.place = path
    this.machine = machine
    this.#reader = reader
    this.#isFrozen = isFrozen
    this.#rows = databaseOn(reader, path)
    this.#unlock = writer?.unlock ?? (() => {})
    this.#writer = writer && {
      connection: writer.db,
      db: databaseOn(writer.db, path),
      tx: new SqliteTransaction(writer.db, machine),
    }
    this.#freeze = freeze
  }

  /** After a failure ids in caches are gone too. Rejects with `read_only` for a ledger that was opened for reading. */
  write<T>(work: (step: Step) => Promise<T>): Promise<T> {
    const result = this.#lastWrite.then(async () => {
      const writer = this.#writer
      if (writer === null) throw new LedgerError('read_only', `${this.place}: this ledger was opened for reading`)
      const { connection, db, tx } = writer
      try {
        connection.exec('BEGIN IMMEDIATE')
        this.#begun += 1
        const revision = this.#begun
        const value = await work({ db, tx, revision, tell: () => {} })
        connection.exec('COMMIT')
        this.#revision = revision
        return value
      } catch (error) {
        if (connection.inTransaction) connection.exec('ROLLBACK')
        tx.forget()
        throw toLedgerError(error, this.place)
      }
    })
    this.#lastWrite = result.catch(() => {})
    return result
  }

  read<T>(query: (rows: Rows) => Promise<T>): Promise<T> {
    const result = this.#lastRead.then(async () => {
      try {
        if (this.#isFrozen) return await query(this.#rows)
        this.#reader.exec('BEGIN')
        const value = await query(this.#rows)
        this.#reader.exec('COMMIT')
        return value
      } catch (error) {
        if (!this.#isFrozen && this.#reader.inTransaction) this.#reader.exec('ROLLBACK')
        throw toLedgerError(error, this.place)
      }
    })
    this.#lastRead = result.catch(() => {})
    return result
  }

  /** Both in one go, so that nothing is committed in between. */
  async freeze(): Promise<{ readonly store: Store; readonly revision: number }> {
    try {
      return { store: this.#freeze(), revision: this.#revision }
    } catch (error) {
      throw toLedgerError(error, this.place)
    }
  }

  async news() {
    return NO_NEWS
  }

  async sizeBytes(): Promise<number> {
    const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0
    return sizeOf(this.place) + sizeOf(`${this.place}-wal`)
  }

  integrity(): Promise<string> {
    return this.read(async (rows) => {
      const lines = await rows.all('PRAGMA quick_check')
      return lines.map(([line]) => String(line)).join('; ')
    })
  }

  async backup(path: string): Promise<void> {
    try {
      await this.#reader.backup(path)
    } catch (error) {
      throw toLedgerError(error, path)
    }
  }

  async close(): Promise<void> {
    await this.#lastWrite
    await this.#lastRead
    this.#reader.close()
    this.#writer?.connection.close()
    this.#unlock()
  }
}

interface OpenWriter {
  readonly connection: Database
  readonly db: Db
  readonly tx: LedgerTransaction
}
