import type { ResponseUsage } from './parse-usage.ts'

/** Model of the messages that the client makes up. */
export const SYNTHETIC_MODEL = '<synthetic>'

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
  /** True where the line says that a branch copied it. */
  readonly isFork: boolean
  readonly isSidechain: boolean
  readonly agentId: string
  readonly cwd: string
  readonly branch: string
}

interface Line {
  readonly origin: LineOrigin
  /** A count could not be taken and reads as 0. */
  readonly badValue: boolean
  /** The time could not be read. */
  readonly badTime: boolean
}

/** What one line says about one response of the API. */
export interface ResponseLine extends Line {
  readonly kind: 'response'
  readonly identity: string
  /** True for a sub-agent's line repeated in the transcript of its parent. */
  readonly isEcho: boolean
  /** True where the line has a stop reason, which comes with the final counts. */
  readonly isFinal: boolean
  readonly isApiError: boolean
  readonly usage: ResponseUsage
  /** `costUSD`, the estimate that releases up to mid 2025 wrote. */
  readonly costPico: bigint | null
}

/** A message made up by the client, `<synthetic>`: it never reached a model. */
export interface SyntheticLine extends Line {
  readonly kind: 'synthetic'
  readonly identity: string
  /** True where it stands for a request that failed. */
  readonly isApiError: boolean
}

/** The result of a web search: the only trace of searches whose calls stand in no log. */
export interface SearchLine extends Line {
  readonly kind: 'search'
  readonly identity: string
  readonly searches: number
}

/** The client's running totals for a session. */
export interface CostStateLine extends Line {
  readonly kind: 'cost-state'
  readonly totals: readonly ModelTotal[]
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

export type ParsedLine = ResponseLine | SyntheticLine | SearchLine | CostStateLine | 'nothing' | 'malformed'
