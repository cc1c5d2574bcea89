import type { ClientBase } from 'pg'
import type { Db, Rows } from '../sql/store.ts'
import { numbered } from './query-text.ts'
import { storableParameter } from './text.ts'

/** Reads over one connection. */
export class PostgresRows implements Rows {
  readonly #client: ClientBase
  readonly #isCurrent: boolean

  /** Current is a schema that this version of the program made: nothing of it can be missing. */
  constructor(client: ClientBase, { isCurrent }: { readonly isCurrent: boolean }) {
    this.#client = client
    this.#isCurrent = isCurrent
  }

  async all(sql: string, ...parameters: unknown[]): Promise<unknown[][]> {
    return (await this.ask(sql, parameters)).rows
  }

  async one(sql: string, ...parameters: unknown[]): Promise<unknown[] | undefined> {
    return (await this.all(sql, ...parameters))[0]
  }

  async hasColumn(table: string, column: string): Promise<boolean> {
    if (this.#isCurrent) return true
    const found = await this.one(
      'SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ? AND NOT attisdropped',
      table,
      column,
    )
    return found !== undefined
  }

  async hasTable(table: string): Promise<boolean> {
    return this.#isCurrent || (await this.one('SELECT to_regclass(?)', table))?.[0] !== null
  }

  protected ask(sql: string, parameters: readonly unknown[]) {
    return this.#client.query<unknown[]>({
      text: numbered(sql),
      values: parameters.map(storableParameter),
      rowMode: 'array',
    })
  }
}

/** Reads and writes of a transaction, which see what its buffers hold. */
export class PostgresDb extends PostgresRows implements Db {
  readonly #flush: () => Promise<void>

  constructor(client: ClientBase, flush: () => Promise<void>) {
    super(client, { isCurrent: true })
    this.#flush = flush
  }

  async run(sql: string, ...parameters: unknown[]): Promise<number> {
    return (await this.ask(sql, parameters)).rowCount ?? 0
  }

  protected override async ask(sql: string, parameters: readonly unknown[]) {
    await this.#flush()
    return super.ask(sql, parameters)
  }
}
