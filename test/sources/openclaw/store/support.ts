import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { UsageRecord } from '../../../../src/core/usage.ts'
import { OpenClawStore } from '../../../../src/sources/openclaw/store/store.ts'
import type { KnownStream, SourceBatch } from '../../../../src/sources/source.ts'
import { answer, lines } from '../../pi-log/support.ts'

/** The tables that are read, as OpenClaw 2026.9 declares them, without its foreign keys. */
const SCHEMA = `
  CREATE TABLE session_windows (session_id TEXT NOT NULL PRIMARY KEY, session_key TEXT NOT NULL) STRICT;
  CREATE TABLE transcript_events (
    session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER NOT NULL,
    event_zstd BLOB, event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq)
  ) STRICT;
  CREATE TABLE transcript_rewrite_watermarks (
    session_id TEXT NOT NULL PRIMARY KEY, generation TEXT NOT NULL, updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE session_transcript_archives (
    session_id TEXT NOT NULL, generation TEXT NOT NULL, session_key TEXT NOT NULL, reason TEXT NOT NULL,
    encoding TEXT NOT NULL, archive_blob BLOB NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (session_id, generation)
  ) STRICT;
  CREATE TABLE session_transcript_cold_archives (
    session_id TEXT NOT NULL PRIMARY KEY, generation TEXT NOT NULL, archived_at INTEGER NOT NULL, storage TEXT NOT NULL,
    archive_blob BLOB
  ) STRICT;`

export const CREATED_MS = 1_781_949_700_000

/** A state folder in a temporary place, for the running test alone. */
export function stateFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'openclaw-store-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Path of an agent's database; its folder exists afterwards. */
export function agentPath(state: string, agent = 'main', name = 'openclaw-agent.sqlite'): string {
  const folder = path.join(state, 'agents', agent, 'agent')
  mkdirSync(folder, { recursive: true })
  return path.join(folder, name)
}

/** A database being written by OpenClaw: write-ahead log, and still open. */
export class AgentDatabase {
  readonly sql: Database.Database

  constructor(file: string, schema = SCHEMA) {
    this.sql = new Database(file)
    onTestFinished(() => void this.sql.close())
    this.sql.pragma('journal_mode = WAL')
    this.sql.exec(schema)
  }

  addSession(session: string, ...entries: readonly object[]): this {
    this.sql.prepare('INSERT INTO session_windows VALUES (?, ?)').run(session, `agent:main:${session}`)
    this.sql.prepare('INSERT INTO transcript_rewrite_watermarks VALUES (?, ?, 1)').run(session, 'generation-1')
    return this.append(session, ...entries)
  }

  append(session: string, ...entries: readonly object[]): this {
    for (const entry of entries) this.addRow(session, JSON.stringify(entry), null)
    return this
  }

  addRow(session: string, json: unknown, zstd: unknown): this {
    this.sql
      .prepare(
        `INSERT INTO transcript_events (session_id, seq, event_json, event_zstd, created_at)
         SELECT ?, ifnull(max(seq), -1) + 1, ?, ?, ? FROM transcript_events WHERE session_id = ?`,
      )
      .run(session, json, zstd, CREATED_MS, session)
    return this
  }

  addArchive(session: string, encoding: string, blob: Buffer, generation = 'generation-1'): this {
    this.sql
      .prepare('INSERT INTO session_transcript_archives VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(session, generation, `agent:ops:${session}`, 'deleted', encoding, blob, CREATED_MS)
    return this
  }

  addCold(session: string, blob: Buffer | null): this {
    const storage = blob === null ? 'file' : 'sqlite'
    this.sql
      .prepare('INSERT INTO session_transcript_cold_archives VALUES (?, ?, ?, ?, ?)')
      .run(session, 'generation-1', CREATED_MS, storage, blob)
    return this
  }
}

export function storeOf(state: string, pollMs = 5): OpenClawStore {
  return new OpenClawStore({
    roots: () => [{ path: state, billing: 'metered', configured: false }],
    projectName: (cwd) => cwd.split('/').at(-1) ?? '',
    pollMs,
  })
}

export async function readAll(store: OpenClawStore, paths?: readonly string[]): Promise<readonly SourceBatch[]> {
  const batches: SourceBatch[] = []
  const options = { signal: new AbortController().signal, ...(paths && { paths }) }
  for await (const batch of store.read(options)) batches.push(batch)
  return batches
}

/** What a ledger would know after these batches. */
export function known(batches: readonly SourceBatch[]): readonly KnownStream[] {
  const latest = new Map(batches.map(({ stream, path: place, cursor }) => [stream, { stream, path: place, cursor }]))
  return [...latest.values()]
}

export const first = answer({ id: 'a1', at: '10:00:02.000' })
export const second = answer({ id: 'a2', parentId: 'a1', at: '10:00:09.000' })
export const third = answer({ id: 'a3', parentId: 'a2', at: '10:00:30.000' })

export function recordsOf(batches: readonly SourceBatch[]): readonly UsageRecord[] {
  return batches.flatMap(({ records }) => records)
}

/** The times of day of all records. */
export function timesOf(batches: readonly SourceBatch[]): readonly string[] {
  return recordsOf(batches).map((record) => record.timestamp.slice(11, 19))
}

/** A transcript as cold storage keeps it. */
export function envelopes(session: string, ...entries: readonly object[]): string {
  const events = entries.map((entry, seq) => ({ kind: 'event', row: { seq, event_json: JSON.stringify(entry) } }))
  return lines({ kind: 'header', version: 1, sessionId: session }, ...events)
}
