import type { ClientBase } from 'pg'
import { storableParameter } from './text.ts'

const names = new Map<string, string>()

/** Queries that are asked often and have few texts: the server parses each once per connection. */
export class HotQueries {
  readonly #client: ClientBase

  constructor(client: ClientBase) {
    this.#client = client
  }

  /** Rows as arrays. Parameters are `$1`, `$2`, ... */
  async rows(text: string, values: readonly unknown[]): Promise<unknown[][]> {
    return (await this.#ask(text, values)).rows
  }

  /** How many rows were changed. */
  async count(text: string, values: readonly unknown[]): Promise<number> {
    return (await this.#ask(text, values)).rowCount ?? 0
  }

  #ask(text: string, values: readonly unknown[]) {
    const name = names.get(text) ?? `hot_${names.size}`
    names.set(text, name)
    return this.#client.query<unknown[]>({ name, text, values: values.map(storableParameter), rowMode: 'array' })
  }
}

/** A column of rows that are sent as one array per column, and its type in SQL. */
export type ColumnType = readonly [name: string, type: 'text' | 'bytea' | 'bigint' | 'integer']

/** `unnest(...)` of arrays from parameter `first` on, as a table `u` with these columns. */
export function unnested(columns: readonly ColumnType[], first = 1): string {
  const arrays = columns.map(([, type], index) => `$${first + index}::${type}[]`).join(', ')
  return `unnest(${arrays}) AS u(${columns.map(([name]) => name).join(', ')})`
}

/** One array per column of rows of that many values. */
export function transposed(rows: readonly (readonly unknown[])[], columns: number): unknown[][] {
  return Array.from({ length: columns }, (_, column) => rows.map((row) => row[column]))
}
