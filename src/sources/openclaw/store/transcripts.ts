import type Database from 'better-sqlite3'
import { columnsOf, DatabaseProblem } from './open-database.ts'

/** The largest entry that is read. Real ones stay below 1 MB. */
export const ENTRY_LIMIT_BYTES = 64 * 1024 * 1024

export interface SessionExtent {
  readonly session: string
  readonly lastSeq: number
  /** Changes when OpenClaw rewrites the session's rows; `''` where it does not say. */
  readonly generation: string
}

export interface EventRow {
  readonly seq: number
  /** The entry as JSON; null where it is compressed, or larger than the limit. */
  readonly json: unknown
  readonly jsonBytes: number | null
  readonly zstd: unknown
  readonly zstdBytes: number | null
  /** Epoch milliseconds. */
  readonly createdAt: unknown
}

export interface BlobRow {
  readonly session: string
  readonly generation: string
  readonly key: unknown
  readonly encoding: unknown
  readonly bytes: number
  readonly createdAt: unknown
  /** Number of the row, to fetch the blob with. */
  readonly row: number
}

/** The queries that a store needs, with what its version of the schema lacks left out. */
export interface Transcripts {
  sessions(): readonly SessionExtent[]
  /** Rows of a session behind `seq`, in order. One at a time: a session may be larger than memory. */
  rowsBehind(session: string, seq: number): IterableIterator<EventRow>
  /** Key of a session, `agent:<agent>:...`. */
  keyOf(session: string): unknown
  /** Transcripts of deleted and reset sessions. */
  archives(): readonly BlobRow[]
  archive(row: number): unknown
  /** Transcripts of inactive sessions that were moved out of the rows but not out of the file. */
  cold(): readonly BlobRow[]
  coldArchive(row: number): unknown
}

/** Prepares the queries; null where there is no transcript in the database. Throws DatabaseProblem for other schemas. */
export function transcriptsIn(database: Database.Database): Transcripts | null {
  const events = columnsOf(database, 'transcript_events')
  if (events.size === 0) return null
  const isUsable =
    events.has('session_id') &&
    events.get('seq')?.includes('INT') &&
    (events.has('event_json') || events.has('event_zstd'))
  if (!isUsable)
    throw new DatabaseProblem(
      'unsupported',
      'The table transcript_events is of a version that this exporter does not know.',
    )

  const windows = columnsOf(database, 'session_windows')
  const keyOf =
    windows.has('session_id') && windows.has('session_key')
      ? database.prepare<[string], { key: unknown }>(
          'SELECT session_key AS key FROM session_windows WHERE session_id = ?',
        )
      : null
  const sessions = database.prepare<[], SessionRow>(sessionsQuery(columnsOf(database, 'transcript_rewrite_watermarks')))
  const rows = database.prepare<[string, number], EventRow>(rowsQuery(events))
  const archives = blobQueries(database, 'session_transcript_archives')
  const cold = blobQueries(database, 'session_transcript_cold_archives')
  return {
    sessions: () => sessions.all().flatMap(sessionExtent),
    rowsBehind: (session, seq) => rows.iterate(session, seq),
    keyOf: (session) => keyOf?.get(session)?.key,
    archives: archives.list,
    archive: archives.get,
    cold: cold.list,
    coldArchive: cold.get,
  }
}

type Columns = ReadonlyMap<string, string>

interface SessionRow {
  readonly session: unknown
  readonly lastSeq: unknown
  readonly generation: unknown
}

/** Jumps from one session to the next through the primary key, instead of walking over every row. */
function sessionsQuery(watermarks: Columns): string {
  const generation =
    watermarks.has('session_id') && watermarks.has('generation')
      ? '(SELECT generation FROM transcript_rewrite_watermarks WHERE session_id = id)'
      : `''`
  return `
    WITH RECURSIVE ids(id) AS (
      SELECT min(session_id) FROM transcript_events
      UNION ALL
      SELECT (SELECT min(session_id) FROM transcript_events WHERE session_id > id) FROM ids WHERE id IS NOT NULL
    )
    SELECT id AS session, (SELECT max(seq) FROM transcript_events WHERE session_id = id) AS lastSeq,
      ${generation} AS generation
    FROM ids WHERE id IS NOT NULL`
}

function sessionExtent({ session, lastSeq, generation }: SessionRow): readonly SessionExtent[] {
  if (typeof session !== 'string' || typeof lastSeq !== 'number') return []
  return [{ session, lastSeq, generation: String(generation ?? '') }]
}

function rowsQuery(events: Columns): string {
  return `
    SELECT seq, ${limited(events, 'event_json', 'json')}, ${limited(events, 'event_zstd', 'zstd')},
      ${orNull(events, 'created_at')} AS createdAt
    FROM transcript_events
    WHERE session_id = ? AND seq > ? AND typeof(seq) = 'integer' AND seq <= ${Number.MAX_SAFE_INTEGER}
    ORDER BY seq`
}

/** A column and its size in bytes. The size is known without loading the value, so that no huge one ever is. */
function limited(columns: Columns, column: string, name: string): string {
  if (!columns.has(column)) return `NULL AS ${name}, NULL AS ${name}Bytes`
  const bytes = `octet_length(${column})`
  return `iif(${bytes} <= ${ENTRY_LIMIT_BYTES}, ${column}, NULL) AS ${name}, ${bytes} AS ${name}Bytes`
}

function orNull(columns: Columns, column: string): string {
  return columns.has(column) ? column : 'NULL'
}

interface BlobQueries {
  readonly list: () => readonly BlobRow[]
  readonly get: (row: number) => unknown
}

function blobQueries(database: Database.Database, table: string): BlobQueries {
  const columns = columnsOf(database, table)
  if (!columns.has('session_id') || !columns.has('archive_blob')) return { list: () => [], get: () => null }
  const createdAt = orNull(columns, columns.has('archived_at') ? 'archived_at' : 'created_at')
  const list = database.prepare<[], BlobRow>(`
    SELECT CAST(session_id AS TEXT) AS session, coalesce(CAST(${orNull(columns, 'generation')} AS TEXT), '') AS generation,
      ${orNull(columns, 'session_key')} AS key, ${orNull(columns, 'encoding')} AS encoding,
      octet_length(archive_blob) AS bytes, ${createdAt} AS createdAt, rowid AS row
    FROM ${table}
    WHERE session_id IS NOT NULL AND archive_blob IS NOT NULL`)
  const get = database.prepare<[number], { blob: unknown }>(`SELECT archive_blob AS blob FROM ${table} WHERE rowid = ?`)
  return { list: () => list.all(), get: (row) => get.get(row)?.blob }
}
