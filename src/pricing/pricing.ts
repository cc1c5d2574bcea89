import type { RecordedCost, ServiceTerms, SourceName, TokenClass, TokenCounts } from '../core/usage.ts'

/** What one token of each class costs under one set of circumstances, factors included. Immutable once used. */
export interface Rate {
  /** Unique text over everything below; the same circumstances always give the same key. */
  readonly key: string
  /** Canonical model id. */
  readonly model: string
  readonly list: 'standard' | 'long' | 'fast'
  /** First day the price is in force, `YYYY-MM-DD` UTC; `''` when it has no beginning. */
  readonly since: string
  /** Who says so: the shipped table or the user's configuration. */
  readonly origin: 'shipped' | 'override'
  /** Factors already inside the prices, for explanations: `us x1.1`, `batch x0.5`, `region x1.1`. */
  readonly factors: readonly string[]
  /** Whole pico-dollars per token; null where no price is known for the class. */
  readonly pico: Readonly<Record<TokenClass, number | null>>
}

export interface PriceQuery {
  readonly source: SourceName
  /** Model id as the log spells it. */
  readonly model: string
  /** Epoch milliseconds; picks the dated price. */
  readonly time: number
  readonly tokens: TokenCounts
  readonly terms: ServiceTerms
  readonly webSearches: number
  readonly recorded: RecordedCost | null
}

/** `calculated` from the rate; `recorded` in the log; `none`: unpriced, at least in part. */
export type CostOrigin = 'calculated' | 'recorded' | 'none'

export interface Priced {
  readonly rate: Rate | null
  /** Whole pico-dollars. A number while it is a safe integer, so that the common case needs no BigInt. */
  readonly cost: number | bigint
  readonly origin: CostOrigin
  /** Tokens no price was known for. Their cost is not in `cost`. */
  readonly unpricedTokens: number
}

export interface ModelName {
  /** Canonical id: that of the price table when known, else the id as logged. */
  readonly model: string
  /**
   * Platform told by the shape of the id: `anthropic`, `amazon-bedrock`, `google-vertex`, a gateway (`openrouter`,
   * `vercel`), or `unknown`.
   */
  readonly provider: string
}

export interface ListPrice {
  readonly model: string
  readonly tokenClass: TokenClass
  /** Whole pico-dollars per token. */
  readonly pico: number
}

export interface Pricing {
  name(model: string): ModelName
  price(query: PriceQuery): Priced
  /** Standard list prices in force at a time, for `claude_model_price_usd_per_token`. */
  listPrices(time: number): readonly ListPrice[]
  /** Identifies table and overrides; changes whenever any price may have. */
  readonly version: string
}
