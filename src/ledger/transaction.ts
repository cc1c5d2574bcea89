import type { Measures } from '../core/measures.ts'
import type { SessionClaim, SourceName } from '../core/usage.ts'
import type { Append, Label, LabelRow, RateRow, SourceTally } from './ledger.ts'

/** A response as a row: `message` and, for those few that used several models or rates, `message_part`. */
export interface MessageRow {
  readonly key: Buffer
  /** Earliest time, epoch milliseconds. */
  readonly at: number
  readonly sessionId: number
  readonly flags: number
  readonly winRank: number
  readonly winOutput: number
  readonly winTotal: number
  readonly winAt: number
  readonly winUuid: string
  readonly ownRank: number
  readonly ownAt: number
  readonly ownFileAt: number
  readonly ownSessionId: number
  /** True when the session is one that a line named as the payer. */
  readonly isPaid: boolean
  /** Never empty. */
  readonly parts: readonly PartRow[]
}

export interface PartRow {
  readonly labelId: number
  readonly rateId: number
  readonly costOrigin: number
  readonly values: Measures
}

export interface SessionRef {
  readonly source: SourceName
  readonly session: string
}

export interface SessionTouch extends SessionRef {
  readonly first: number
  readonly last: number
}

export interface HeldRow {
  readonly key: Buffer
  readonly since: number
  readonly lineAt: number
  readonly source: SourceName
  readonly stream: string
}

export interface TurnRow {
  readonly sessionId: number
  /** Epoch milliseconds. */
  readonly time: number
}

export interface ClaimRow {
  readonly sessionId: number
  readonly claim: SessionClaim
}

/**
 * One open transaction, in the steps an append is made of. Each database does them its own way; what is done with the
 * answers is the same for all and lives in append.ts.
 */
export interface LedgerTransaction {
  /** The machine whose logs are read: streams and what is held are its own. */
  readonly machine: string
  /** Forgets what it remembers of rows, because they were changed without it. */
  forget(): void

  /** The stored cursor, null for a stream never read. */
  cursor(source: SourceName, stream: string): Promise<string | null>
  saveStream(stream: Append, now: number): Promise<void>
  addTally(tally: SourceTally): Promise<void>

  /** Ids in the order asked for; unknown ones are created with the given exposure. */
  internLabels(
    labels: readonly Label[],
    exposure: { exposed: boolean; zeroUntil: number },
  ): Promise<readonly LabelRow[]>
  label(id: number): Promise<LabelRow>
  internRates(rates: readonly RateRow[]): Promise<ReadonlyMap<string, number>>
  /** Ids in the order asked for; known sessions have their span widened. */
  internSessions(sessions: readonly SessionTouch[]): Promise<readonly number[]>
  session(id: number): Promise<SessionRef>
  /** Counts these sessions under a label unless they are counted already; tells the ids that were not. */
  startSessions(sessions: ReadonlyMap<number, number>): Promise<readonly number[]>

  /** Which of the keys belong to responses whose rows were pruned. */
  prunedAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>>
  /** Remembers keys whose copies without a response id no longer count; tells those that are new. */
  addShadows(keys: readonly Buffer[]): Promise<readonly Buffer[]>
  shadowedAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>>

  /** Inserts rows whose key is new; tells for each whether it was. */
  insertMessages(rows: readonly MessageRow[]): Promise<readonly boolean[]>
  message(key: Buffer): Promise<MessageRow | null>
  updateMessage(row: MessageRow): Promise<void>
  deleteMessage(key: Buffer): Promise<void>

  hold(rows: readonly HeldRow[]): Promise<void>
  heldAmong(keys: readonly Buffer[]): Promise<ReadonlySet<string>>
  release(key: Buffer): Promise<void>

  addRollup(slot: number, labelId: number, sessionId: number, values: Measures): Promise<void>
  /** kind 0: published, 1: reversed. */
  addCounter(labelId: number, kind: 0 | 1, values: Measures): Promise<void>
  saveClaims(claims: readonly ClaimRow[], now: number): Promise<void>
  /** An older turn than the one known changes nothing. */
  saveTurns(turns: readonly TurnRow[]): Promise<void>
}
