import type { HeldRow } from '../transaction.ts'
import { type ColumnType, type HotQueries, transposed, unnested } from './hot-queries.ts'
import { chunks, textOf } from './messages.ts'

const COLUMNS: readonly ColumnType[] = [
  ['key', 'bytea'],
  ['since', 'bigint'],
  ['line_at', 'bigint'],
  ['source', 'text'],
  ['stream', 'text'],
]
const INSERT = `INSERT INTO held(key, since, line_at, source, stream, machine_id)
  SELECT key, since, line_at, source, stream, $${COLUMNS.length + 1}::integer FROM ${unnested(COLUMNS)}
  ON CONFLICT (key) DO NOTHING`

/** The responses that are not published yet, as a transaction sees and changes them. */
export class Held {
  readonly #hot: HotQueries
  readonly #machineId: number
  readonly #added = new Map<string, HeldRow>()
  readonly #released = new Map<string, Buffer>()

  constructor(hot: HotQueries, machineId: number) {
    this.#hot = hot
    this.#machineId = machineId
  }

  hold(rows: readonly HeldRow[]): void {
    for (const row of rows) {
      this.#added.set(textOf(row.key), row)
    }
  }

  release(key: Buffer): void {
    const text = textOf(key)
    // One that was never stored need not be removed.
    if (!this.#added.delete(text)) this.#released.set(text, key)
  }

  /** Locks what it finds: of two who publish a response the second finds it published. */
  async among(keys: readonly Buffer[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    const asked = new Map<string, Buffer>()
    for (const key of keys) {
      const text = textOf(key)
      if (this.#added.has(text)) found.add(text)
      else if (!this.#released.has(text)) asked.set(text, key)
    }
    const sorted = [...asked.values()].sort((a, b) => a.compare(b))
    for (const chunk of chunks(sorted)) {
      const rows = await this.#hot.rows('SELECT key FROM held WHERE key = ANY($1::bytea[]) ORDER BY key FOR UPDATE', [
        chunk,
      ])
      for (const [key] of rows) found.add(textOf(key as Buffer))
    }
    return found
  }

  async flush(): Promise<void> {
    for (const chunk of chunks([...this.#released.values()])) {
      await this.#hot.count('DELETE FROM held WHERE key = ANY($1::bytea[])', [chunk])
    }
    this.#released.clear()
    const rows = [...this.#added.values()].sort((a, b) => a.key.compare(b.key))
    for (const chunk of chunks(rows)) {
      const values = chunk.map(({ key, since, lineAt, source, stream }) => [key, since, lineAt, source, stream])
      await this.#hot.count(INSERT, [...transposed(values, COLUMNS.length), this.#machineId])
    }
    this.#added.clear()
  }
}
