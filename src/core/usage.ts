/** The agents whose logs are read. Also the value of the `source` label. */
export const SOURCE_NAMES = ['claude-code', 'openclaw', 'pi'] as const
export type SourceName = (typeof SOURCE_NAMES)[number]

/** The five disjoint token classes, in the order used everywhere. A total is always their sum. */
export const TOKEN_CLASSES = ['input', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'output'] as const
export type TokenClass = (typeof TOKEN_CLASSES)[number]

/** Tokens of one response, per class. Each is an integer from 0 to 2^53 - 1. */
export interface TokenCounts {
  readonly input: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly cacheRead: number
  readonly output: number
}

/** How the provider ran a request, as far as it changes the price. */
export interface ServiceTerms {
  readonly speed: 'standard' | 'fast'
  /** True where the log says `inference_geo: "us"`. */
  readonly usInference: boolean
  readonly tier: 'standard' | 'batch' | 'priority'
}

/** The tokens one model spent within a response. Most responses have exactly one part. */
export interface UsagePart {
  /** Model id as the log spells it; `unknown` where the log has none. */
  readonly model: string
  readonly tokens: TokenCounts
  /** Billed web searches. */
  readonly webSearches: number
}

/** A cost the log itself carries. */
export interface RecordedCost {
  readonly pico: bigint
  /** `provider`: the billed amount, wins even at 0. `client`: an estimate made by the agent. */
  readonly origin: 'provider' | 'client'
}

/** Facts about a response that are counted beside its tokens. A bit set, so that it is one column in the ledger. */
export const FLAG = {
  /** The log never got the final output count. */
  unfinal: 1,
  /** A request whose counts are all zero because nobody reported any. */
  noUsage: 2,
  /** An error or aborted response with only zeros: not a request. */
  error: 4,
  /** `iterations` that do not add up to the response. */
  unreconciled: 8,
  /** Not a response of its own (a web search seen only in a tool result): no request is counted. */
  notARequest: 16,
  /** The log had no usable time; the file's time stands in. */
  guessedTime: 32,
} as const

/**
 * One line of a log that says what a response used. Several lines may describe one response (same `identity`); the
 * ledger keeps one, whichever order they arrive in.
 */
export interface UsageRecord {
  readonly source: SourceName
  /** What makes the response unique within its source. The ledger stores a hash of it. */
  readonly identity: string
  /** Identity of a copy that lacks a response id; such a copy counts only while no line with the response id is known. */
  readonly shadows: string | null

  // Whose numbers win: the larger value of the first field that differs, in this order. One whole line wins.
  /** Source's own judgement of how complete the line is. */
  readonly winRank: number
  readonly rankOutput: number
  readonly rankTotal: number
  /** The line's time and id as text, the tie-break. `''` where missing. */
  readonly timestamp: string
  readonly uuid: string

  /** Never empty. `parts[0]` belongs to the model of the response. */
  readonly parts: readonly UsagePart[]
  readonly terms: ServiceTerms
  /** Part of output, for reports. */
  readonly reasoning: number
  /** Tokens the provider only reported in a total: outside the five classes and never priced. */
  readonly unsplit: number
  readonly recordedCost: RecordedCost | null
  /** Bits of FLAG. */
  readonly flags: number

  // Whose labels win: the smaller value of the first field that differs, in this order.
  readonly ownerRank: number
  /** Epoch milliseconds of the line. The earliest of all lines dates the response. */
  readonly time: number
  /** Time of the first dated line of the file, epoch milliseconds. */
  readonly fileTime: number
  readonly session: string
  /** The session that paid, where the line names one; it overrides `session` whichever line wins. */
  readonly paidBy: string | null
  readonly agent: string
  readonly project: string
  readonly branch: string
  readonly provider: string
  /** `plan` where a flat-rate plan covers the root this was read from. */
  readonly billing: Billing

  /** True when no later line can be expected to change the numbers. */
  readonly settled: boolean
}

export type Billing = 'metered' | 'plan'

/**
 * An agent's own running total for a session and model, over everything it was billed for, calls that stand on no log
 * line included. The last one wins.
 */
export interface SessionClaim {
  readonly source: SourceName
  readonly session: string
  /** Model id as the log spells it, without `[1m]`. */
  readonly model: string
  readonly project: string
  /** Epoch milliseconds. */
  readonly time: number
  /** Cumulative; cache writes are not split by lifetime in the claim. */
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly webSearches: number
  /** Cumulative cost by the agent's own estimate. */
  readonly costPico: bigint
  /** Session whose running total this one continued from (a fork made with its predecessor's sum), if known. */
  readonly continues: string | null
}

/**
 * When a human last wrote to a session, as far as a batch shows it. Where there is none nothing is known: not every log
 * says who wrote.
 */
export interface SessionTurn {
  readonly source: SourceName
  readonly session: string
  /** Epoch milliseconds. */
  readonly time: number
}

/** Why something in a log was not counted as it stood. Closed list: it is a label value. */
export const REJECT_REASONS = [
  /** Not JSON, or JSON of the wrong shape. */
  'malformed',
  /** Longer than the line limit; skipped unread. */
  'oversize',
  /** A count that is no integer from 0 to 2^53 - 1; the count is taken as 0, the line is kept. */
  'bad_value',
  /** A time that cannot be read; the line is kept. */
  'bad_time',
  /** Compressed data or a database row that cannot be decoded. */
  'undecodable',
  /** The ledger refused the record. */
  'refused',
] as const
export type RejectReason = (typeof REJECT_REASONS)[number]
