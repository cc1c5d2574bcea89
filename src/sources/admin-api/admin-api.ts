import type {
  ApiUsageRow,
  BilledCostRow,
  BucketWidth,
  ClaudeCodeRow,
  Directory,
  Generation,
} from '../../core/organization.ts'

/** Rows of a range, all pages of it. */
export interface Reading<Row> {
  readonly rows: readonly Row[]
  /**
   * Until when the data are complete, epoch milliseconds, at most the end of the range. Before it, a row that is absent
   * means that nothing was used; after it, nothing follows from that.
   */
  readonly completeTo: number
}

export interface RangeQuery {
  readonly generation: Generation
  readonly width: BucketWidth
  /** Epoch milliseconds, whole buckets, from inclusive, to exclusive, at most `maxRangeMs` apart. */
  readonly from: number
  readonly to: number
}

/** Called whenever a request is sent and whenever a page was read. */
export interface ReadEvents {
  request(): void
  page(rows: number): void
}

/**
 * One organisation's usage, cost and directory. Every method reads all pages or rejects with a SyncError; none retries.
 * The signal bounds everything, bodies that trickle in as well.
 */
export interface AdminApi {
  readonly organization: string
  /** Changes when the credential does: a digest of it, never the credential. */
  credentialMark(): Promise<string>
  /** The generation to read a report from: the configured one, or the newest that the organisation answers for. */
  chooseGeneration(report: 'usage' | 'cost', events: ReadEvents, signal: AbortSignal): Promise<Generation>
  readUsage(query: RangeQuery, events: ReadEvents, signal: AbortSignal): Promise<Reading<ApiUsageRow>>
  readCost(query: RangeQuery, events: ReadEvents, signal: AbortSignal): Promise<Reading<BilledCostRow>>
  /** `day`: start of a UTC day, epoch milliseconds. */
  readClaudeCode(day: number, events: ReadEvents, signal: AbortSignal): Promise<Reading<ClaudeCodeRow>>
  readDirectory(events: ReadEvents, signal: AbortSignal): Promise<Directory>
}

/** What the API can be asked for at once. */
export interface Reach {
  /** Longest range of one query, milliseconds. */
  readonly maxRangeMs: number
  /** Earliest start, epoch milliseconds. */
  readonly earliest: number
}
