import { LedgerError } from '../ledger.ts'
import { type News, NO_NEWS } from '../machines.ts'
import type { Rows, Step, Store, StoreMachine } from '../sql/store.ts'
import { joinNews, type LookedAt, look, toNews } from './commit-log.ts'
import type { Connections } from './connections.ts'
import { toLedgerError } from './failure.ts'
import { frozenStore } from './frozen.ts'
import { NOW_SQL } from './now-sql.ts'
import { readAtOnce } from './read-at-once.ts'
import { PostgresRows } from './rows.ts'
import { indexFaults, noBackup, schemaBytes } from './upkeep.ts'
import { createWriter, type Writer } from './writer.ts'

export interface PostgresStoreOptions {
  readonly connections: Connections
  readonly machine: StoreMachine
  readonly holder: string
  /** From where on news of others are told. */
  readonly lookedAt: LookedAt
}

/** A ledger on PostgreSQL that this program writes and that others may write at the same time. */
export class PostgresStore implements Store {
  readonly place: string
  readonly machine: StoreMachine
  readonly isShared = true
  readonly holder: string
  readonly nowSql = NOW_SQL
  readonly #connections: Connections
  readonly #writer: Writer
  /** Transactions, news and frozen moments wait for each other, so that revisions are of one sequence. */
  #last: Promise<unknown> = Promise.resolve()
  #revision = 0
  #lookedAt: LookedAt
  /** What was read for a frozen moment and not yet told. */
  #untold: News = NO_NEWS
  #isClosed = false

  constructor({ connections, machine, holder, lookedAt }: PostgresStoreOptions) {
    this.place = connections.place
    this.machine = machine
    this.holder = holder
    this.#connections = connections
    this.#writer = createWriter({ connections, machine, holder })
    this.#lookedAt = lookedAt
  }

  /** How often transactions were done again because the server asked for it. */
  get repeats(): number {
    return this.#writer.repeats
  }

  write<T>(work: (step: Step) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const revision = this.#revision + 1
      const value = await this.#writer.run(work, revision)
      this.#revision = revision
      return value
    })
  }

  async read<T>(query: (rows: Rows) => Promise<T>): Promise<T> {
    this.#refuseClosed()
    const client = await this.#connections.reader().catch((error) => {
      throw toLedgerError(error, this.place)
    })
    return readAtOnce(client, this.place, () => query(new PostgresRows(client, { isCurrent: true })))
  }

  news(): Promise<News> {
    return this.#inTurn(async () => {
      const client = await this.#connections.reader()
      await readAtOnce(client, this.place, () => this.#look(client))
      const news = this.#untold
      this.#untold = NO_NEWS
      return news
    })
  }

  async freeze(): Promise<{ readonly store: Store; readonly revision: number }> {
    this.#refuseClosed()
    // Waiting for a free connection keeps nobody else waiting.
    const { client, letGo } = await this.#connections.frozen().catch((error) => {
      throw toLedgerError(error, this.place)
    })
    return this.#inTurn(async () => {
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        await this.#look(client)
        const revision = this.#revision
        const { place, machine, holder } = this
        const store = frozenStore({ client, place, machine, holder, isCurrent: true, close: letGo })
        return { store, revision }
      } catch (error) {
        letGo()
        throw error
      }
    })
  }

  sizeBytes(): Promise<number> {
    return this.read(schemaBytes)
  }

  integrity(): Promise<string> {
    return this.read(indexFaults)
  }

  backup(): Promise<void> {
    return noBackup(this.place)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#last
    await this.#connections.close()
  }

  /** Reads what others committed, in a transaction of one moment, and keeps it to be told. */
  async #look(client: Parameters<typeof look>[0]): Promise<void> {
    const doubtful = this.#writer.doubtful
    const found = await look(client, this.#lookedAt, this.holder, doubtful)
    this.#untold = joinNews(
      this.#untold,
      toNews(found, () => {
        this.#revision += 1
        return this.#revision
      }),
    )
    this.#lookedAt = found.lookedAt
    if (found.changes.length > 0 || found.reload) this.#writer.settled(doubtful)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      this.#refuseClosed()
      try {
        return await work()
      } catch (error) {
        throw toLedgerError(error, this.place)
      }
    })
    this.#last = result.catch(() => {})
    return result
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new LedgerError('other', `${this.place}: this ledger was closed`)
  }
}
