/** What a stream of the store is: a session's rows, or one of its transcripts kept as a blob. */
type StreamKind = 'rows' | 'archive' | 'cold'

export interface StreamName {
  /** Path of the database. */
  readonly database: string
  readonly kind: StreamKind
  readonly session: string
  /** Which of a session's transcripts; `''` where there is one only. */
  readonly generation: string
}

const PREFIX = 'sqlite:'

/** A name that no path can take and that two streams never share. */
export function streamName({ database, kind, session, generation }: StreamName): string {
  return PREFIX + JSON.stringify([database, kind, session, generation])
}

/** The database a stream belongs to; null for a stream of another source. */
export function databaseOfStream(stream: string): string | null {
  if (!stream.startsWith(PREFIX)) return null
  try {
    const parts: unknown = JSON.parse(stream.slice(PREFIX.length))
    return Array.isArray(parts) && typeof parts[0] === 'string' ? parts[0] : null
  } catch {
    return null
  }
}
