import type { Billing, RejectReason, SessionClaim, SessionTurn, SourceName, UsageRecord } from '../../core/usage.ts'

/** A folder that holds an agent's logs. */
export interface LogRoot {
  /** Real path (symlinks resolved). */
  readonly path: string
  readonly billing: Billing
  /** True when the user named it: then its absence is a problem, not normal. */
  readonly configured: boolean
}

export interface LogFile {
  readonly root: LogRoot
  readonly path: string
  /** Path below the root, with `/` on every platform. */
  readonly relative: string
  readonly encoding: 'plain' | 'zstd'
  /** Kind within the format, for formats that have several. */
  readonly kind: string
}

/** One agent's way of writing line-based logs. Discovery, tailing and cursors are shared by all formats. */
export interface LogFormat {
  readonly source: SourceName
  /** Candidate roots, existing or not. */
  roots(): readonly LogRoot[]
  /** Globs below a root (fast-glob syntax). */
  readonly globs: readonly string[]
  /** Judges a path found by the globs; null when it is no log of this format. */
  classify(root: LogRoot, relative: string): LogFile | null
  /** `state` is what `LineScanner.state()` gave at the cursor; null at the start of a file. */
  open(file: LogFile, state: string | null, modifiedMs: number): LineScanner
}

/** Reads whole lines; remembers what later lines of the same file need. */
export interface LineScanner {
  /**
   * Consumes whole lines of `block[start, end)`; `end` lies just behind a line feed (or at the end of a settled last
   * line without one). Returns where it stopped: `end`, or behind an earlier line when `out` is full. Must not keep
   * references into `block`: it is reused. Never throws.
   */
  scan(block: Buffer, start: number, end: number, out: ScanOutput): number
  /** What a new scanner needs to carry on behind the last consumed line; short. */
  state(): string
}

export const RECORDS_PER_BATCH = 500

export class ScanOutput {
  records: UsageRecord[] = []
  /** Identities seen before that are settled now. */
  closed: string[] = []
  claims: SessionClaim[] = []
  /** Turns of humans; several of one session are possible. */
  turns: SessionTurn[] = []
  lines = 0
  rejected: Partial<Record<RejectReason, number>> = {}

  get isFull(): boolean {
    return this.records.length >= RECORDS_PER_BATCH
  }

  reject(reason: RejectReason, count = 1): void {
    this.rejected[reason] = (this.rejected[reason] ?? 0) + count
  }
}
