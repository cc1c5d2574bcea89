import type { ServiceTerms, UsagePart } from '../../core/usage.ts'
import type { JsonObject } from '../lib/json.ts'

/** Who wrote a line, where and when. Texts are `''` where the line has none. */
export interface LineOrigin {
  readonly uuid: string
  /** The time as it stands in the line. */
  readonly timestamp: string
  /** The same in epoch milliseconds; null where it is missing or cannot be read. */
  readonly time: number | null
  /** Session the line belongs to: the payer's, that of the fork's original, its own, or that of the file. */
  readonly session: string
  /** `requestSessionId`, which only copies have: the session that made and paid for the call. */
  readonly paidBy: string
  /** True where the line says that it was copied by a branch. */
  readonly isFork: boolean
  readonly isSidechain: boolean
  readonly agentId: string
  readonly cwd: string
  readonly branch: string
}

/** What one line says about one response of the API. */
export interface ResponseLine {
  readonly kind: 'response'
  readonly origin: LineOrigin
  readonly identity: string
  /** True for a sub-agent's line repeated in the transcript of its parent. */
  readonly isEcho: boolean
  /** True where the line has a stop reason, which comes with the final counts. */
  readonly isFinal: boolean
  readonly isApiError: boolean
  /** Never empty; the first part belongs to the model of the response. */
  readonly parts: readonly UsagePart[]
  /** False where `iterations` do not add up to the response. */
  readonly isReconciled: boolean
  /** Of the response as a whole, without what `iterations` add. */
  readonly output: number
  readonly total: number
  readonly reasoning: number
  readonly terms: ServiceTerms
  /** `costUSD`, the estimate that releases up to mid 2025 wrote. */
  readonly costPico: bigint | null
  readonly damage: Damage
}

/** A message made up by the client, `<synthetic>`: it never reached a model. */
export interface SyntheticLine {
  readonly kind: 'synthetic'
  readonly origin: LineOrigin
  readonly identity: string
  /** True where it stands for a request that failed. */
  readonly isApiError: boolean
  readonly damage: Damage
}

/** The result of a web search: the only trace of searches whose calls stand in no log. */
export interface SearchLine {
  readonly kind: 'search'
  readonly origin: LineOrigin
  readonly identity: string
  readonly searches: number
  readonly damage: Damage
}

/** The client's running total for a session. */
export interface CostStateLine {
  readonly kind: 'cost-state'
  readonly origin: LineOrigin
  readonly totals: readonly ModelTotal[]
  readonly damage: Damage
}

/** Everything a session was billed for on one model, by the client's own account. */
export interface ModelTotal {
  /** Without `[1m]`. */
  readonly model: string
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly webSearches: number
  readonly costPico: bigint
}

/** What on a line had to be left out while the line itself was kept. */
export interface Damage {
  readonly badValue: boolean
  readonly badTime: boolean
}

export type ParsedLine = ResponseLine | SyntheticLine | SearchLine | CostStateLine | 'nothing' | 'malformed'

/** A line of the log as parsed JSON, with what is needed beside it to name what it holds. */
export interface LineSource {
  readonly json: JsonObject
  readonly text: string
  /** Session by the name of the file, for lines without one. */
  readonly fileSession: string
}
