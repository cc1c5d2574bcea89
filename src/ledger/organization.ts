import type {
  ApiUsageRow,
  BilledCostRow,
  BucketReport,
  ClaudeCodeRow,
  Directory,
  Generation,
} from '../core/organization.ts'
import type { RowChanges, SyncRun } from '../core/sync-run.ts'

/** Rows of a range that was read completely. They take the place of all the ledger has of it. */
export interface Window<Row> {
  readonly organization: string
  /** Null for `claude-code`. */
  readonly generation: Generation | null
  readonly widthMs: number
  /** Epoch milliseconds, whole buckets, from inclusive, to exclusive. */
  readonly from: number
  readonly to: number
  /** Epoch milliseconds. A stored bucket that begins later and did not come back is kept, unless of another kind. */
  readonly completeTo: number
  readonly readAt: number
  readonly rows: readonly Row[]
}

export interface ReplaceOptions {
  /** Only tell what would change. */
  readonly dryRun?: boolean
}

/** How well a UTC day of a report is known. Days without one are unknown, not empty. */
export interface CoveredDay {
  /** Start of the day, epoch milliseconds. */
  readonly day: number
  readonly generation: Generation | null
  readonly widthMs: number
  /** Until when the day's data are complete, at most its end. Epoch milliseconds. */
  readonly completeTo: number
  /** When the whole day, up to `completeTo`, was read last: the start of the oldest reading that is still in it. */
  readonly readAt: number
}

export const API_DIMENSIONS = [
  'organization',
  'workspace',
  'api_key',
  'model',
  'service_tier',
  'context_window',
  'cost_type',
  'token_type',
  'description',
] as const
export type ApiDimension = (typeof API_DIMENSIONS)[number]

export interface ApiQuery {
  /** Epoch milliseconds, from inclusive, to exclusive. Buckets that begin in it count. */
  readonly from: number
  readonly to: number
  /** Dimensions of the result; those that a report does not have are `none`. */
  readonly by: readonly ApiDimension[]
  /** Boundaries, ascending, to group by time: group i is [edges[i], edges[i + 1]). */
  readonly edges?: readonly number[]
  readonly organization?: string
}

export interface ApiUsageSum {
  /** Index into `edges`, or 0. */
  readonly slot: number
  /** Values of `by`, in its order. */
  readonly group: readonly string[]
  readonly input: bigint
  readonly cacheWrite5m: bigint
  readonly cacheWrite1h: bigint
  readonly cacheRead: bigint
  readonly output: bigint
  readonly webSearches: bigint
  /** Null as soon as one of the rows has no count. */
  readonly requests: bigint | null
}

export interface BilledSum {
  readonly slot: number
  readonly group: readonly string[]
  readonly amountPico: bigint
  /** Null as soon as one of the rows has none. */
  readonly listPico: bigint | null
}

export interface StoredDirectory extends Directory {
  readonly organization: string
  /** Epoch milliseconds. */
  readonly readAt: number
}

export interface StoredClaudeCodeRow extends ClaudeCodeRow {
  readonly organization: string
}

/** What a run is when it begins. */
export type RunStart = Pick<SyncRun, 'source' | 'cause' | 'startedAt'>
/** What a run is when it ends; `endedAt` is set. */
export type RunEnd = Omit<SyncRun, 'id' | keyof RunStart>

/** What the ledger keeps of organisations, and the log of all runs. All methods may reject with LedgerError. */
export interface OrganizationLedger {
  /**
   * In one transaction: deletes the stored buckets of the window that did not come back, writes those that did and
   * marks the days as covered. Rejects with LedgerError `conflict` when a stored bucket lies across an end of the window
   * (see `widenWindow`).
   */
  replaceUsage(window: Window<ApiUsageRow>, options?: ReplaceOptions): Promise<RowChanges>
  replaceCost(window: Window<BilledCostRow>, options?: ReplaceOptions): Promise<RowChanges>
  replaceClaudeCode(window: Window<ClaudeCodeRow>, options?: ReplaceOptions): Promise<RowChanges>
  /** Makes the directory what it is now. Entries that are gone stay known, as `deleted`, for the names of old use. */
  saveDirectory(
    organization: string,
    directory: Directory,
    readAt: number,
    options?: ReplaceOptions,
  ): Promise<RowChanges>

  /** The range widened so that no stored bucket of the report lies across its ends. */
  widenWindow(
    organization: string,
    report: BucketReport,
    range: { readonly from: number; readonly to: number },
  ): Promise<{ readonly from: number; readonly to: number }>
  /** Covered days that begin within the range, ascending. */
  coverage(
    organization: string,
    report: BucketReport,
    range: { readonly from: number; readonly to: number },
  ): Promise<readonly CoveredDay[]>
  apiUsage(query: ApiQuery): Promise<readonly ApiUsageSum[]>
  billedCost(query: ApiQuery): Promise<readonly BilledSum[]>
  claudeCode(range: { readonly from: number; readonly to: number }): Promise<readonly StoredClaudeCodeRow[]>
  directories(): Promise<readonly StoredDirectory[]>
  /** Organisations that anything is known of, sorted. */
  organizations(): Promise<readonly string[]>

  startRun(run: RunStart): Promise<number>
  endRun(id: number, end: RunEnd): Promise<void>
  /** Ends runs that a program which is no more left open: `interrupted`. Tells how many. */
  interruptRuns(now: number): Promise<number>
  /** Newest first. */
  runs(query: {
    readonly source?: string
    readonly result?: SyncRun['result']
    readonly since?: number
    readonly limit: number
  }): Promise<readonly SyncRun[]>
  /** Forgets runs that began before; the newest of each source and its last success stay. Tells how many. */
  pruneRuns(before: number): Promise<number>
}
