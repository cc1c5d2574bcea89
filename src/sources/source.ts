import type { RootStatus, TailMode } from '../core/status.ts'
import type { RejectReason, SessionClaim, SessionTurn, SourceName, UsageRecord } from '../core/usage.ts'

/** What one stream (a log file, or a session inside a foreign database) brought, up to 500 records. */
export interface SourceBatch {
  readonly source: SourceName
  /** Stable id of the stream; cursors are kept per stream. */
  readonly stream: string
  /** Where it was found, for people. */
  readonly path: string
  /** The cursor this batch continues from; null for a stream never read before. */
  readonly expected: string | null
  /** Where to resume. Saved in the same transaction as the records, never before. Opaque to everyone but the source. */
  readonly cursor: string
  readonly records: readonly UsageRecord[]
  /** Identities from earlier batches of the stream that are now settled. */
  readonly closed: readonly string[]
  readonly claims: readonly SessionClaim[]
  /** The newest turn of a human of each session that the batch shows one of. */
  readonly turns: readonly SessionTurn[]
  readonly tally: Tally
}

export interface Tally {
  /** Lines (or rows) passed over, wanted or not. */
  lines: number
  bytes: number
  rejected: Partial<Record<RejectReason, number>>
}

export interface KnownStream {
  readonly stream: string
  readonly path: string
  readonly cursor: string
}

export interface SourceStatus {
  readonly roots: readonly RootStatus[]
  /** Streams that exist now. */
  readonly streams: number
  /** How changes are noticed. */
  readonly tailMode: TailMode
  /** Bytes that the running scan still has to read, and in all; for progress. */
  readonly bytesDone: number
  readonly bytesTotal: number
}

export interface Source {
  readonly name: SourceName
  /** Forgets what it holds in memory and continues from these cursors. Called at start and after a failed append. */
  restore(streams: readonly KnownStream[]): void
  /**
   * Reads everything new. With `paths`, looks at those alone; without, looks for new and vanished streams too.
   * Never throws for one bad file: that is tallied and shown in the status.
   */
  read(options: ReadOptions): AsyncIterable<SourceBatch>
  /** Calls back with paths that may have changed, or null for "look at everything". Returns the stop function. */
  follow(changed: (paths: readonly string[] | null) => void): Promise<() => Promise<void>>
  status(): SourceStatus
  /** Streams of the last restore whose file is gone. */
  gone(): readonly string[]
}

export interface ReadOptions {
  readonly signal: AbortSignal
  readonly paths?: readonly string[]
}
