import type { Generation } from './organization.ts'

/** Why a run failed. Closed list: it is a label value. */
export const SYNC_FAILURES = [
  /** No valid credential: missing, malformed, revoked or expired. */
  'auth',
  /** A valid credential that may not read this. */
  'permission',
  'rate_limit',
  'overloaded',
  /** No connection, or one that broke. */
  'network',
  /** The run's time limit. */
  'timeout',
  /** An answer that is not what the API promises: not JSON, another shape, a cursor that goes in circles. */
  'invalid_response',
  'bad_request',
  /** This organisation has no such endpoint. */
  'unsupported',
  /** The ledger could not store it. */
  'ledger',
] as const
export type SyncFailure = (typeof SYNC_FAILURES)[number]

export interface SyncErrorDetail {
  /** How long the server asks to wait, milliseconds. */
  readonly retryAfterMs?: number
  /** The server's name of the request, for its support. */
  readonly requestId?: string
  /** HTTP status, where there was an answer. */
  readonly status?: number
  readonly cause?: unknown
}

/** A run over an organisation's API that failed. The message never holds a secret. */
export class SyncError extends Error {
  override readonly name = 'SyncError'
  readonly reason: SyncFailure
  readonly retryAfterMs: number | undefined
  readonly requestId: string | undefined
  readonly status: number | undefined

  constructor(reason: SyncFailure, message: string, detail: SyncErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.reason = reason
    this.retryAfterMs = detail.retryAfterMs
    this.requestId = detail.requestId
    this.status = detail.status
  }
}

/** What made a run begin. `catch_up`: a scheduled one that was missed, asleep or not running. */
export const SYNC_CAUSES = ['start', 'schedule', 'catch_up', 'command', 'request'] as const
export type SyncCause = (typeof SYNC_CAUSES)[number]

/**
 * `partial`: some of the range was stored before it failed. `interrupted`: the program was stopped meanwhile, or it
 * ended without a word.
 */
export const SYNC_RESULTS = ['running', 'ok', 'partial', 'failed', 'interrupted'] as const
export type SyncResult = (typeof SYNC_RESULTS)[number]

/** What a run did to the rows of the ledger. */
export interface RowChanges {
  readonly fetched: number
  readonly added: number
  readonly changed: number
  /** Rows that did not come back. */
  readonly removed: number
  readonly unchanged: number
}

export const NO_CHANGES: RowChanges = { fetched: 0, added: 0, changed: 0, removed: 0, unchanged: 0 }

export function addChanges(a: RowChanges, b: RowChanges): RowChanges {
  return {
    fetched: a.fetched + b.fetched,
    added: a.added + b.added,
    changed: a.changed + b.changed,
    removed: a.removed + b.removed,
    unchanged: a.unchanged + b.unchanged,
  }
}

/** One entry of the run log. */
export interface SyncRun {
  readonly id: number
  /** As in the `source` label: `anthropic-usage`, `claude-code`. */
  readonly source: string
  readonly cause: SyncCause
  readonly startedAt: number
  /** Epoch milliseconds; null while it runs. */
  readonly endedAt: number | null
  readonly result: SyncResult
  /** Null where none was chosen: session logs, the directory, a run that failed before. */
  readonly generation: Generation | null
  /** The range that was to be read, epoch milliseconds; null where there is none. */
  readonly from: number | null
  readonly to: number | null
  readonly attempts: number
  readonly requests: number
  readonly changes: RowChanges
  readonly reason: SyncFailure | null
  /** What went wrong in words, with the request id; never a secret. */
  readonly error: string | null
}
