import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import type { SourceName } from '../../core/usage.ts'
import { append, settle } from '../append.ts'
import type {
  AppendBatch,
  CheckReport,
  Delta,
  HeldSelection,
  LabelRow,
  Ledger,
  ReconcileOptions,
  SessionStart,
  UsageQuery,
} from '../ledger.ts'
import type { OrganizationLedger } from '../organization.ts'
import { reconcileClaims } from './claims.ts'
import { toLedgerError } from './failure.ts'
import { type OpenOptions, openForReading, openForWriting } from './open.ts'
import { organizationLedger } from './organization/index.ts'
import * as read from './reads.ts'
import { Rows } from './rows.ts'
import { SqliteTransaction } from './transaction.ts'
import { checkLedger, pruneSome, rebuildRollups } from './upkeep.ts'
import { readUsage } from './usage.ts'

export type SqliteLedgerOptions = OpenOptions

/** Opens the ledger for the one process that writes it. */
export function openSqliteLedger(options: SqliteLedgerOptions): Ledger {
  const { writer, reader, unlock } = openForWriting(options)
  return whole(new SqliteLedger(options.path, reader, { db: writer, unlock }))
}

/**
 * Opens the ledger beside an exporter that may be writing it, as it is when first read: whatever is read later belongs
 * to the same moment. What writes rejects.
 */
export function openSqliteReader(path: string): Ledger {
  const reader = openForReading(path)
  reader.exec('BEGIN')
  return whole(new SqliteLedger(path, reader, null))
}

function whole(ledger: SqliteLedger): Ledger {
  return Object.assign(ledger, ledger.organizationPart())
}

interface Writer {
  readonly db: Database
  readonly unlock: () => void
}

class SqliteLedger implements Omit<Ledger, keyof OrganizationLedger> {
  readonly #path: string
  readonly #reader: Database
  readonly #rows: Rows
  readonly #writer: Writer | null
  readonly #transaction: SqliteTransaction | null
  /** Transactions wait for each other: the connection has room for one. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string, reader: Database, writer: Writer | null) {
    this.#path = path
    this.#reader = reader
    this.#rows = new Rows(reader)
    this.#writer = writer
    this.#transaction = writer && new SqliteTransaction(writer.db)
  }

  append(batches: Iterable<AppendBatch> | AsyncIterable<AppendBatch>): Promise<readonly Delta[]> {
    return this.#write(async (_, tx) => {
      const deltas: Delta[] = []
      for await (const batch of batches) deltas.push(await append(tx, batch))
      return deltas
    })
  }

  settleHeld({ heldBefore, writtenBefore, streams }: HeldSelection): Promise<Delta> {
    return this.#write((db, tx) => {
      const keys: Buffer[] = []
      const collect = (where: string, ...parameters: unknown[]) => {
        for (const { key } of db.prepare(`SELECT key FROM held WHERE ${where}`).all(...parameters) as {
          key: Buffer
        }[]) {
          keys.push(key)
        }
      }
      if (heldBefore !== undefined) collect('since < ?', heldBefore)
      if (writtenBefore !== undefined) collect('line_at < ?', writtenBefore)
      for (const id of streams?.ids ?? []) collect('source = ? AND stream = ?', streams?.source, id)
      return settle(tx, keys)
    })
  }

  expose({ source, roots }: { source: SourceName; roots: readonly string[] }): Promise<Delta> {
    return this.#write(async (db, tx) => {
      const hidden = db.prepare('SELECT id FROM label WHERE source = ? AND exposed = 0').all(source) as { id: number }[]
      db.prepare('UPDATE label SET exposed = 1, zero_until = 0 WHERE source = ? AND exposed = 0').run(source)
      tx.forget()
      // A session counts under its main agent where it has one, else under whoever was first.
      const started = new Map<number, number>()
      for (const { id, label } of db
        .prepare(
          `SELECT session.id AS id, (SELECT rollup.label_id FROM rollup JOIN label ON label.id = rollup.label_id
             WHERE rollup.session_id = session.id ORDER BY label.agent <> 'none', rollup.slot, rollup.label_id LIMIT 1
           ) AS label FROM session WHERE session.source = ? AND session.label_id = 0`,
        )
        .all(source) as { id: number; label: number | null }[]) {
        if (label === null) continue
        db.prepare('UPDATE session SET label_id = ? WHERE id = ?').run(label, id)
        started.set(label, (started.get(label) ?? 0) + 1)
      }
      db.prepare(
        `INSERT INTO meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value`,
      ).run(`roots:${source}`, JSON.stringify(roots))
      const labels: LabelRow[] = []
      for (const { id } of hidden) labels.push(await tx.label(id))
      const sessions: SessionStart[] = [...started].map(([label, count]) => ({ source, label, sessions: count }))
      return { labels, rollup: [], counters: [], sessions, tallies: [], claims: false }
    })
  }

  reconcileClaims(options: ReconcileOptions): Promise<boolean> {
    return this.#write(async (db) => reconcileClaims(db, options))
  }

  markGone(source: SourceName, streams: readonly string[], now: number): Promise<void> {
    return this.#write(async (db) => {
      const mark = db.prepare('UPDATE stream SET gone_at = ? WHERE source = ? AND stream = ? AND gone_at IS NULL')
      for (const stream of streams) mark.run(now, source, stream)
    })
  }

  setFolded(labels: readonly number[]): Promise<void> {
    return this.#write(async (db, tx) => {
      const fold = db.prepare('UPDATE label SET folded = 1 WHERE id = ?')
      for (const id of labels) fold.run(id)
      tx.forget()
    })
  }

  async prune(before: number): Promise<number> {
    let pruned = 0
    for (;;) {
      const some = await this.#write(async (db, tx) => {
        const count = pruneSome(db, before)
        tx.forget()
        return count
      })
      if (some === 0) return pruned
      pruned += some
    }
  }

  loadedRoots(source: SourceName): Promise<readonly string[]> {
    return this.#read((rows) => {
      const value = rows.one('SELECT value FROM meta WHERE name = ?', `roots:${source}`)?.[0]
      return value === undefined ? [] : (JSON.parse(String(value)) as string[])
    })
  }

  streams(source: SourceName) {
    return this.#read((rows) =>
      rows
        .all('SELECT stream, path, cursor FROM stream WHERE source = ?', source)
        .map(([stream, path, cursor]) => ({ stream: String(stream), path: String(path), cursor: String(cursor) })),
    )
  }

  labels() {
    return this.#read(read.readLabels)
  }

  counters() {
    return this.#read(read.readCounters)
  }

  slots(from: number) {
    return this.#read((rows) => read.readSlots(rows, from))
  }

  sessionStarts() {
    return this.#read(read.readSessionStarts)
  }

  tallies() {
    return this.#read(read.readTallies)
  }

  unlogged() {
    return this.#read(read.readUnlogged)
  }

  activeSessions(since: number, until: number) {
    return this.#read((rows) => read.readActiveSessions(rows, since, until))
  }

  heldCount() {
    return this.#read((rows) => Number(rows.one('SELECT COUNT(*) FROM held')?.[0] ?? 0))
  }

  heldStreams(source: SourceName) {
    return this.#read((rows) =>
      rows.all('SELECT DISTINCT stream FROM held WHERE source = ?', source).map(([stream]) => String(stream)),
    )
  }

  async sizeBytes() {
    const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0
    return sizeOf(this.#path) + sizeOf(`${this.#path}-wal`)
  }

  usage(query: UsageQuery) {
    return this.#read((rows) => readUsage(rows, labelsById(rows), query))
  }

  sessions(query: { from: number; to: number }) {
    return this.#read((rows) => read.readSessions(rows, labelsById(rows), query))
  }

  explain(query: { from: number; to: number; session?: string }) {
    return this.#read((rows) => read.readStoredParts(rows, labelsById(rows), query))
  }

  findSessions(prefix: string) {
    return this.#read((rows) =>
      rows
        .all(
          `SELECT source, ext_id, first_at, last_at FROM session WHERE substr(ext_id, 1, ?) = ?
           AND EXISTS (SELECT 1 FROM rollup WHERE rollup.session_id = session.id) ORDER BY last_at DESC LIMIT 20`,
          prefix.length,
          prefix,
        )
        .map(([source, session, first, last]) => ({
          source: source as SourceName,
          session: String(session),
          first: Number(first),
          last: Number(last),
        })),
    )
  }

  span() {
    return this.#read((rows) => {
      const first = rows.one('SELECT MIN(slot) FROM rollup')?.[0]
      const last = rows.one('SELECT MAX(slot) FROM rollup')?.[0]
      return first === null || first === undefined ? null : { first: Number(first), last: Number(last) }
    })
  }

  lastStored() {
    return this.#read((rows) => {
      const at = rows.one('SELECT MAX(updated_at) FROM stream')?.[0]
      return at === null || at === undefined ? null : Number(at)
    })
  }

  check(): Promise<CheckReport> {
    return this.#read(checkLedger)
  }

  rebuildRollups(): Promise<void> {
    return this.#write(async (db) => rebuildRollups(db))
  }

  async backup(path: string): Promise<void> {
    try {
      await this.#reader.backup(path)
    } catch (error) {
      throw toLedgerError(error, path)
    }
  }

  async close(): Promise<void> {
    await this.#last
    this.#reader.close()
    this.#writer?.db.close()
    this.#writer?.unlock()
  }

  /** The methods for organisations, on the same connections and in the same queue of transactions. */
  organizationPart(): OrganizationLedger {
    return organizationLedger({
      write: (work) => this.#write(async (db) => work(db)),
      read: (query) => this.#read(query),
    })
  }

  /** Runs one write transaction; after a failure nothing of it remains, ids in caches included. */
  #write<T>(work: (db: Database, tx: SqliteTransaction) => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      const db = this.#writer?.db
      const tx = this.#transaction
      if (!db || !tx) throw new Error('this ledger was opened for reading')
      try {
        db.exec('BEGIN IMMEDIATE')
        const value = await work(db, tx)
        db.exec('COMMIT')
        return value
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK')
        tx.forget()
        throw toLedgerError(error, this.#path)
      }
    })
    this.#last = result.catch(() => {})
    return result
  }

  async #read<T>(query: (rows: Rows) => T): Promise<T> {
    try {
      return query(this.#rows)
    } catch (error) {
      throw toLedgerError(error, this.#path)
    }
  }
}

function labelsById(rows: Rows): ReadonlyMap<number, LabelRow> {
  return new Map(read.readLabels(rows).map((label) => [label.id, label]))
}
