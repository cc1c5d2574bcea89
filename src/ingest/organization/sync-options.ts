import type { BucketWidth, Generation, Report } from '../../core/organization.ts'
import type { SyncCause, SyncRun } from '../../core/sync-run.ts'
import type { OrganizationLedger } from '../../ledger/organization.ts'
import type { Logger } from '../../lib/logger.ts'
import type { AdminApi, Reach } from '../../sources/admin-api/admin-api.ts'
import type { OnProgress } from './run-state.ts'
import type { Span } from './span.ts'

export interface SyncSettings {
  readonly usageWidth: BucketWidth
  /** Of the analytics pair; the legacy pair knows days only. */
  readonly costWidth: BucketWidth
  /** How far back the first load goes, milliseconds. */
  readonly historyMs: number
  /** Time limit of a run with all its attempts, milliseconds; 10 min unless given. */
  readonly limitMs?: number
  /** Attempts after the first; 3 unless given. */
  readonly retries?: number
}

/** What a run tells while it goes on. Must not throw. Dry runs tell nothing but the progress they were asked for. */
export interface SyncEvents {
  started(source: string): void
  finished(run: SyncRun): void
  progress?(source: string, done: number, total: number, rows: number): void
  /** Rows of a report, or what is known of its days, changed in the ledger. */
  changed(report: Report): void
}

export interface OrganizationSyncOptions {
  readonly api: AdminApi
  readonly ledger: OrganizationLedger
  readonly reach: (generation: Generation, width: BucketWidth, now: number) => Reach
  readonly settings: SyncSettings
  readonly now: () => number
  /** Waits, milliseconds, or until the signal aborts; does not reject. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  readonly random?: () => number
  readonly events: SyncEvents
  readonly logger: Logger
}

export interface SyncRequest {
  readonly report: Report
  readonly cause: SyncCause
  /** Read this instead of what is due, epoch milliseconds. */
  readonly range?: Span
  /** Only tell what would change: nothing is stored, not even the run. */
  readonly dryRun?: boolean
  readonly onProgress?: OnProgress
}
