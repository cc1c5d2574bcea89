import type { Measures } from '../core/measures.ts'
import type { Response } from '../core/response.ts'
import type { Billing, SessionClaim, SessionTurn, SourceName } from '../core/usage.ts'
import type { BilledBucket, BucketQuery, BudgetLedger, UsageBucket } from './budgets.ts'
import type { SharedLedger } from './machines.ts'
import type { OrganizationLedger } from './organization.ts'
import type { SessionUse } from './session-use.ts'

/** Who used what, as far as sums are kept apart. */
export interface Label {
  readonly source: SourceName
  readonly agent: string
  readonly provider: string
  /** Canonical model id. */
  readonly model: string
  /** Model id as logged. */
  readonly modelId: string
  readonly project: string
  readonly branch: string
  readonly billing: Billing
  /** Whose logs told of it first. */
  readonly machine: string
}

export interface LabelRow extends Label {
  readonly id: number
  /** False while the history it was found in is still being loaded: its counters are not shown yet. */
  readonly exposed: boolean
  /** Epoch milliseconds until which its counters are shown at 0, so that their first increase is seen. */
  readonly zeroUntil: number
  /** True when it is counted under `other` because the series limit was reached. */
  readonly folded: boolean
}

/** The price circumstances a response was charged under, kept for explanations. */
export interface RateRow {
  readonly key: string
  readonly model: string
  readonly description: string
  /** Pico-dollars per token in the order of TOKEN_CLASSES; null where no price is known. */
  readonly pico: readonly (number | null)[]
}

/** What one stream brought: folded and priced, not yet in the ledger. */
export interface Append {
  readonly source: SourceName
  readonly stream: string
  readonly path: string
  readonly expected: string | null
  readonly cursor: string
  readonly lines: number
  readonly bytes: number
  readonly rejected: Readonly<Record<string, number>>
}

/** A response and the stream that told of it last. */
export interface Draft {
  readonly response: Response
  readonly stream: string
}

export interface AppendBatch {
  readonly streams: readonly Append[]
  /** At most one per identity. */
  readonly drafts: readonly Draft[]
  /** Lines folded away within the batch, per source. */
  readonly duplicates: ReadonlyMap<SourceName, number>
  /** Identities of held responses that are settled now. */
  readonly closed: readonly { readonly source: SourceName; readonly identity: string }[]
  readonly claims: readonly SessionClaim[]
  /** In any order; the newest of a session counts. A session without a response is remembered, not counted. */
  readonly turns: readonly SessionTurn[]
  /** Rates used by the responses that the ledger may not know yet. */
  readonly rates: readonly RateRow[]
  /** False while history that predates the exporter is loaded. */
  readonly live: boolean
  /** Epoch milliseconds. */
  readonly now: number
  /** How long a label set born live is shown at 0, milliseconds. */
  readonly zeroFirstMs: number
}

/** What a commit changed, for whoever keeps sums in memory. */
export interface Delta extends Changed {
  /** Of the ledger once it was committed. Of several deltas of one commit the same; it grows with every commit. */
  readonly revision: number
}

export interface Changed {
  /** All that the other parts name, and perhaps more. */
  readonly labels: readonly LabelRow[]
  readonly rollup: readonly RollupChange[]
  readonly counters: readonly CounterChange[]
  readonly sessions: readonly SessionStart[]
  readonly tallies: readonly SourceTally[]
  /** True when session claims were stored. */
  readonly claims: boolean
}

export interface RollupChange {
  /** Start of the quarter of an hour, epoch milliseconds. */
  readonly slot: number
  readonly label: number
  readonly values: Measures
}

export interface CounterChange {
  readonly label: number
  /** Never negative once the label is exposed. */
  readonly published: Measures
  /** What corrections would have taken away; never negative. */
  readonly reversed: Measures
}

export interface SessionStart {
  readonly source: SourceName
  readonly label: number
  readonly sessions: number
}

export interface SourceTally {
  readonly source: SourceName
  readonly lines: number
  readonly bytes: number
  readonly rejected: Readonly<Record<string, number>>
  readonly duplicates: number
  /** Newest response time, epoch milliseconds, 0 when there is none. */
  readonly newest: number
}

/** Sessions whose first response was in a quarter of an hour, of those that count as started. */
export interface SlotSessions {
  /** Start of the quarter of an hour, epoch milliseconds. */
  readonly slot: number
  readonly label: number
  readonly sessions: number
}

/** Held responses to publish; one that fits any of the conditions is taken. */
export interface HeldSelection {
  /** Held since before this instant, epoch milliseconds. */
  readonly heldBefore?: number
  /** Whose line was written before this instant, epoch milliseconds. */
  readonly writtenBefore?: number
  /** Read from one of these streams of the source. */
  readonly streams?: { readonly source: SourceName; readonly ids: readonly string[] }
}

export interface ReconcileOptions {
  /** Only totals stored before this instant, so that every log of the session has been read. Epoch milliseconds. */
  readonly storedBefore: number
  /** Epoch milliseconds until which a difference that appears now is shown at 0. */
  readonly zeroUntil: number
}

export interface UnloggedRow {
  readonly source: SourceName
  readonly project: string
  readonly model: string
  /** Of the agent's total that it follows from, epoch milliseconds. */
  readonly at: number
  readonly input: bigint
  readonly output: bigint
  readonly cacheRead: bigint
  readonly cacheWrite: bigint
  readonly costPico: bigint
  readonly zeroUntil: number
}

/** What a session used under one label within a range of time. */
export interface ActiveSession {
  readonly source: SourceName
  readonly session: string
  readonly label: number
  /** Of all classes. */
  readonly tokens: number
  /** Without cache reads. */
  readonly newTokens: number
  readonly requests: number
  /**
   * Requests of the whole session since its last human turn, so the same on each of its rows; none from more than
   * 24 hours before the end of the range are counted. Null while no human turn of the session is known.
   */
  readonly unattendedRequests: number | null
  /** Time of the last response, epoch milliseconds. */
  readonly last: number
}

export const DIMENSIONS = [
  'day',
  'source',
  'agent',
  'project',
  'provider',
  'model',
  'branch',
  'billing',
  'machine',
  'session',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

export interface UsageQuery {
  /** Epoch milliseconds, from inclusive, to exclusive; whole quarters of an hour. */
  readonly from: number
  readonly to: number
  readonly by: readonly Exclude<Dimension, 'day'>[]
  /** Day boundaries, ascending, for grouping by day: group i is [days[i], days[i + 1]). */
  readonly days?: readonly number[]
  readonly where?: Partial<Readonly<Record<Exclude<Dimension, 'day' | 'session'>, string>>>
}

export interface UsageRow {
  /** Index into `days`, or 0. */
  readonly day: number
  /** Values of `by`, in its order. */
  readonly group: readonly string[]
  readonly values: Measures
}

export interface SessionRow {
  readonly source: SourceName
  readonly session: string
  /** The agent and the project of most of its requests in the range. */
  readonly agent: string
  readonly project: string
  /** All that took part, in any order. */
  readonly uses: readonly SessionUse[]
  readonly first: number
  readonly last: number
  readonly values: Measures
}

/** One response as stored, or a part of it, for explanations. */
export interface StoredPart {
  readonly time: number
  readonly session: string
  readonly label: Label
  readonly costOrigin: 'calculated' | 'recorded' | 'none'
  readonly rate: RateRow | null
  readonly values: Measures
}

export interface CheckReport {
  /** `ok`, or what the database itself found wrong. */
  readonly integrity: string
  readonly responses: number
  /** Differences between the sums of the responses and the rollup, and of the settled responses and the counters. */
  readonly differences: readonly string[]
  /** Impossible rows of organisations' reports. Reading the days again replaces them. */
  readonly organizationFaults: readonly string[]
}

export interface FrozenLedger {
  readonly ledger: Ledger
  /** Deltas up to this one are in it, later ones are not. */
  readonly revision: number
}

/** The durable store behind every figure. All methods may reject with LedgerError. */
export interface Ledger extends OrganizationLedger, BudgetLedger, SharedLedger {
  /** For messages: a path, or a URL without its password. */
  readonly place: string
  /**
   * Stores everything of the batches, cursors included, in one transaction, or nothing. The batches may come as they are
   * made: many of them share the cost of a commit without being in memory at once. One delta for each.
   */
  append(batches: Iterable<AppendBatch> | AsyncIterable<AppendBatch>): Promise<readonly Delta[]>
  /** Publishes the held responses the selection names. */
  settleHeld(selection: HeldSelection): Promise<Delta>
  /** Ends the baseline: shows every hidden label and counts the sessions found so far. */
  expose(options: { readonly source: SourceName; readonly roots: readonly string[] }): Promise<Delta>
  /** Compares the agents' own totals with the responses and publishes the difference. True when anything changed. */
  reconcileClaims(options: ReconcileOptions): Promise<boolean>
  markGone(source: SourceName, streams: readonly string[], now: number): Promise<void>
  setFolded(labels: readonly number[]): Promise<void>
  prune(before: number): Promise<number>

  /** Roots whose history is loaded. */
  loadedRoots(source: SourceName): Promise<readonly string[]>
  streams(source: SourceName): Promise<readonly { stream: string; path: string; cursor: string }[]>
  /** Those that anything was ever counted under. */
  labels(): Promise<readonly LabelRow[]>
  counters(): Promise<readonly CounterChange[]>
  /** Sums per slot that begins within the range, epoch milliseconds, from inclusive, to exclusive. */
  slots(from: number, to?: number): Promise<readonly RollupChange[]>
  sessionStarts(): Promise<readonly SessionStart[]>
  /** The same per quarter of an hour that begins within the range, epoch milliseconds, from inclusive, to exclusive. */
  sessionSlots(from: number, to: number): Promise<readonly SlotSessions[]>
  tallies(): Promise<readonly SourceTally[]>
  unlogged(): Promise<readonly UnloggedRow[]>
  /** Sessions with a response after `since` and up to `until`, epoch milliseconds. */
  activeSessions(since: number, until: number): Promise<readonly ActiveSession[]>
  /** What the organisations' reports say per bucket, summed over the labels that match, ascending by start. */
  billedBuckets(query: BucketQuery): Promise<readonly BilledBucket[]>
  usageBuckets(query: BucketQuery): Promise<readonly UsageBucket[]>
  heldCount(): Promise<number>
  /** Streams with responses that are not published yet. */
  heldStreams(source: SourceName): Promise<readonly string[]>
  sizeBytes(): Promise<number>

  usage(query: UsageQuery): Promise<readonly UsageRow[]>
  sessions(query: { readonly from: number; readonly to: number }): Promise<readonly SessionRow[]>
  explain(query: {
    readonly from: number
    readonly to: number
    readonly session?: string
  }): Promise<readonly StoredPart[]>
  /** Sessions whose id begins with the text, newest first, at most 20. */
  findSessions(prefix: string): Promise<readonly { source: SourceName; session: string; first: number; last: number }[]>
  /** Time of the first and last response, or null for an empty ledger. */
  span(): Promise<{ readonly first: number; readonly last: number } | null>
  /** When something new was last read into the ledger, epoch milliseconds; null before the first time. */
  lastStored(): Promise<number | null>

  /** Itself as it is at this moment, for reading a lot while more is appended; to be closed. */
  freeze(): Promise<FrozenLedger>

  check(): Promise<CheckReport>
  rebuildRollups(): Promise<void>
  backup(path: string): Promise<void>
  close(): Promise<void>
}

export const SLOT_MS = 15 * 60 * 1000

/** What went wrong with the store, in the words of the `reason` label; `away`: the server cannot be reached. */
export const LEDGER_FAILURES = [
  'busy',
  'full',
  'read_only',
  'corrupt',
  'conflict',
  'overflow',
  'away',
  'other',
] as const
export type LedgerFailure = (typeof LEDGER_FAILURES)[number]

export class LedgerError extends Error {
  override readonly name = 'LedgerError'
  readonly failure: LedgerFailure

  constructor(failure: LedgerFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.failure = failure
  }
}
