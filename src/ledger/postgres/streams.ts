import { type Append, LedgerError } from '../ledger.ts'
import { type ColumnType, type HotQueries, transposed, unnested } from './hot-queries.ts'
import { chunks } from './messages.ts'
import { storable } from './text.ts'

const COLUMNS: readonly ColumnType[] = [
  ['source', 'text'],
  ['stream', 'text'],
  ['path', 'text'],
  ['cursor', 'text'],
  ['updated_at', 'bigint'],
]
const MACHINE = `$${COLUMNS.length + 1}::integer`
const INSERT = `INSERT INTO stream(machine_id, source, stream, path, cursor, updated_at, gone_at)
  SELECT ${MACHINE}, source, stream, path, cursor, updated_at, NULL FROM ${unnested(COLUMNS)}
  ON CONFLICT (machine_id, source, stream) DO NOTHING`
const MOVE = `UPDATE stream SET path = u.path, cursor = u.cursor, updated_at = u.updated_at, gone_at = NULL
  FROM ${unnested([...COLUMNS.slice(0, 5), ['expected', 'text']])}
  WHERE stream.machine_id = $7::integer AND stream.source = u.source AND stream.stream = u.stream
    AND stream.cursor = u.expected`

/** Where reading stopped, as this program last saw it. Kept from one transaction to the next. */
export class KnownCursors {
  #cursors: Map<string, string> | null = null

  /** Of all streams of a machine, read at once the first time: one by one they would cost a journey each. */
  async load(hot: HotQueries, machineId: number): Promise<ReadonlyMap<string, string>> {
    if (this.#cursors === null) {
      const rows = await hot.rows('SELECT source, stream, cursor FROM stream WHERE machine_id = $1', [machineId])
      this.#cursors = new Map(rows.map(([source, stream, cursor]) => [textOf(source, stream), String(cursor)]))
    }
    return this.#cursors
  }

  move(saved: ReadonlyMap<string, string>): void {
    for (const [text, cursor] of saved) this.#cursors?.set(text, cursor)
  }

  forget(): void {
    this.#cursors = null
  }
}

/**
 * The streams of a transaction. A cursor is told as it was last seen; that it still is the same is made sure of when the
 * new one is written, so that of two programs of one machine only one goes on from it.
 */
export class Streams {
  readonly #hot: HotQueries
  readonly #known: KnownCursors
  readonly #machineId: number
  readonly #unsaved = new Map<string, { expected: string | null; append: Append; now: number }>()
  readonly #saved = new Map<string, string>()

  constructor(hot: HotQueries, known: KnownCursors, machineId: number) {
    this.#hot = hot
    this.#known = known
    this.#machineId = machineId
  }

  async cursor(source: string, stream: string): Promise<string | null> {
    const text = textOf(source, storable(stream))
    const known = await this.#known.load(this.#hot, this.#machineId)
    return this.#unsaved.get(text)?.append.cursor ?? this.#saved.get(text) ?? known.get(text) ?? null
  }

  async save(append: Append, now: number): Promise<void> {
    const text = textOf(append.source, storable(append.stream))
    const before = this.#unsaved.get(text)
    const expected = before === undefined ? await this.cursor(append.source, append.stream) : before.expected
    this.#unsaved.set(text, { expected, append: { ...append, cursor: storable(append.cursor) }, now })
  }

  async flush(): Promise<void> {
    const unsaved = [...this.#unsaved.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
    const rows = unsaved.map(([, { append, now, expected }]) => ({
      values: [append.source, append.stream, append.path, append.cursor, now],
      expected,
    }))
    for (const chunk of chunks(rows.filter(({ expected }) => expected === null))) {
      const values = transposed(
        chunk.map((row) => row.values),
        COLUMNS.length,
      )
      this.#refuseFewer(await this.#hot.count(INSERT, [...values, this.#machineId]), chunk.length)
    }
    for (const chunk of chunks(rows.filter(({ expected }) => expected !== null))) {
      const values = transposed(
        chunk.map((row) => [...row.values, row.expected]),
        COLUMNS.length + 1,
      )
      this.#refuseFewer(await this.#hot.count(MOVE, [...values, this.#machineId]), chunk.length)
    }
    for (const [text, { append }] of unsaved) this.#saved.set(text, append.cursor)
    this.#unsaved.clear()
  }

  /** What the transaction wrote is what is stored now. */
  commit(): void {
    this.#known.move(this.#saved)
  }

  #refuseFewer(count: number, expected: number): void {
    if (count === expected) return
    throw new LedgerError('conflict', 'a log was read by another program of this machine meanwhile')
  }
}

function textOf(source: unknown, stream: unknown): string {
  return `${source}\n${stream}`
}
