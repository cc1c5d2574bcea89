import { messageValues, partCount, toMessageRow } from '../message-columns.ts'
import type { MessageRow, PartRow } from '../transaction.ts'
import { type HotQueries, transposed, unnested } from './hot-queries.ts'
import { MESSAGE_TYPES, PART_TYPES, partValues, toPartRow } from './message-row.ts'
import { Repeat } from './repeat.ts'

const CHUNK_ROWS = 500
const CACHED_ROWS = 5_000

const messageNames = MESSAGE_TYPES.map(([name]) => name).join(', ')
const partNames = PART_TYPES.map(([name]) => name).join(', ')

const INSERT = `INSERT INTO message(${messageNames}) SELECT ${messageNames} FROM ${unnested(MESSAGE_TYPES)}
  ON CONFLICT (key) DO NOTHING RETURNING key`
const UPDATE = `UPDATE message SET ${MESSAGE_TYPES.slice(1)
  .map(([name]) => `${name} = u.${name}`)
  .join(', ')} FROM ${unnested(MESSAGE_TYPES)} WHERE message.key = u.key`
const INSERT_PARTS = `INSERT INTO message_part(${partNames}) SELECT ${partNames} FROM ${unnested(PART_TYPES)}`

/**
 * The responses a transaction works on. What it read is locked and kept; what it changes is written by `flush`, a few
 * hundred rows at a time.
 */
export class Messages {
  readonly #hot: HotQueries
  readonly #locked = new Map<string, MessageRow | null>()
  readonly #updated = new Set<string>()
  readonly #deleted = new Map<string, Buffer>()

  constructor(hot: HotQueries) {
    this.#hot = hot
  }

  /** Inserts those that are new; tells for each whether it was. */
  async insert(rows: readonly MessageRow[]): Promise<readonly boolean[]> {
    if (this.#deleted.size > 0 || this.#locked.size > CACHED_ROWS) await this.#forgetLocked()
    const added = new Set<string>()
    for (const chunk of chunks(rows)) {
      const keys = await this.#hot.rows(INSERT, transposed(chunk.map(valuesOf), MESSAGE_TYPES.length))
      for (const [key] of keys) added.add(textOf(key as Buffer))
    }
    const isNew = rows.map(({ key }) => added.has(textOf(key)))
    const inserted = rows.filter((_, index) => isNew[index])
    await this.#refusePruned(inserted.map(({ key }) => key))
    await this.#insertParts(inserted)
    return isNew
  }

  /** Reads and locks, in the order of keys that everybody keeps to. Gives those that were not known before. */
  async lock(keys: readonly Buffer[]): Promise<readonly MessageRow[]> {
    const wanted = [...new Map(keys.map((key) => [textOf(key), key])).entries()]
      .filter(([text]) => !this.#locked.has(text) && !this.#deleted.has(text))
      .map(([, key]) => key)
      .sort((a, b) => a.compare(b))
    const rows: MessageRow[] = []
    for (const chunk of chunks(wanted)) {
      const found = await this.#hot.rows(
        `SELECT ${messageNames} FROM message WHERE key = ANY($1::bytea[]) ORDER BY key FOR UPDATE`,
        [chunk],
      )
      const parts = await this.#parts(
        found.filter(([, ...values]) => partCount(values) > 1).map(([key]) => key as Buffer),
      )
      for (const key of chunk) this.#locked.set(textOf(key), null)
      for (const [key, ...values] of found) {
        const text = textOf(key as Buffer)
        const row = toMessageRow(key as Buffer, values, parts.get(text) ?? [])
        this.#locked.set(text, row)
        rows.push(row)
      }
    }
    return rows
  }

  /** Null for one that is not stored. */
  async get(key: Buffer): Promise<MessageRow | null> {
    await this.lock([key])
    return this.#locked.get(textOf(key)) ?? null
  }

  /** For responses that were there: a transaction that finds them gone is to be done again. */
  refuseMissing(keys: readonly Buffer[]): void {
    const isGone = keys.some((key) => this.#locked.get(textOf(key)) === null)
    if (isGone) throw new Repeat('a response was just pruned')
  }

  update(row: MessageRow): void {
    const text = textOf(row.key)
    this.#locked.set(text, row)
    this.#updated.add(text)
  }

  delete(key: Buffer): void {
    const text = textOf(key)
    this.#locked.delete(text)
    this.#updated.delete(text)
    this.#deleted.set(text, key)
  }

  /** Forgets what it read; what it changed it keeps. */
  forget(): void {
    for (const text of [...this.#locked.keys()]) if (!this.#updated.has(text)) this.#locked.delete(text)
  }

  async flush(): Promise<void> {
    const gone = [...this.#deleted.values()]
    if (gone.length > 0) {
      await this.#hot.count('DELETE FROM message WHERE key = ANY($1::bytea[])', [gone])
      await this.#hot.count('DELETE FROM message_part WHERE key = ANY($1::bytea[])', [gone])
      this.#deleted.clear()
    }
    const changed = [...this.#updated].map((text) => this.#locked.get(text)).filter((row) => row != null)
    for (const chunk of chunks(changed)) {
      await this.#hot.count(UPDATE, transposed(chunk.map(valuesOf), MESSAGE_TYPES.length))
      await this.#hot.count('DELETE FROM message_part WHERE key = ANY($1::bytea[])', [chunk.map(({ key }) => key)])
      await this.#insertParts(chunk)
    }
    this.#updated.clear()
  }

  async #forgetLocked(): Promise<void> {
    await this.flush()
    this.#locked.clear()
  }

  /**
   * A response that somebody pruned while this transaction ran is not new, it only looks like it: the next attempt finds
   * its key among the pruned ones.
   */
  async #refusePruned(keys: readonly Buffer[]): Promise<void> {
    if (keys.length === 0) return
    const [found] = await this.#hot.rows('SELECT 1 FROM seen_key WHERE key = ANY($1::bytea[]) LIMIT 1', [keys])
    if (found !== undefined) throw new Repeat('a response was just pruned')
  }

  async #insertParts(rows: readonly MessageRow[]): Promise<void> {
    for (const chunk of chunks(rows.flatMap(partValues))) {
      await this.#hot.count(INSERT_PARTS, transposed(chunk, PART_TYPES.length))
    }
  }

  async #parts(keys: readonly Buffer[]): Promise<ReadonlyMap<string, PartRow[]>> {
    const parts = new Map<string, PartRow[]>()
    if (keys.length === 0) return parts
    const rows = await this.#hot.rows(
      `SELECT ${partNames} FROM message_part WHERE key = ANY($1::bytea[]) ORDER BY key, part`,
      [keys],
    )
    for (const row of rows) {
      const text = textOf(row[0] as Buffer)
      const list = parts.get(text) ?? []
      list.push(toPartRow(row))
      parts.set(text, list)
    }
    return parts
  }
}

function valuesOf(row: MessageRow): unknown[] {
  return [row.key, ...messageValues(row)]
}

export function textOf(key: Buffer): string {
  return key.toString('latin1')
}

export function chunks<T>(rows: readonly T[]): T[][] {
  const list: T[][] = []
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) list.push(rows.slice(from, from + CHUNK_ROWS))
  return list
}
