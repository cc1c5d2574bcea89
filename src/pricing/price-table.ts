/**
 * Dollars per million tokens, in the order of TOKEN_CLASSES: input, cache write 5m, cache write 1h, cache read, output.
 * Null where no price was ever published.
 */
export type UsdPrices = readonly [
  input: number,
  cacheWrite5m: number | null,
  cacheWrite1h: number | null,
  cacheRead: number | null,
  output: number,
]

/** Prices and the UTC days they are in force: `from` inclusive, `to` exclusive, open where left out. */
export interface DatedPrices {
  readonly usd: UsdPrices
  readonly from?: string
  readonly to?: string
}

/** Prices for every token of a request whose prompt (input, cache writes and cache reads) is above the threshold. */
export interface LongPrices extends DatedPrices {
  readonly thresholdTokens: number
}

/** Where the prices of a model come from. */
export interface Evidence {
  /** `published`: on a price page. The others say what stands in for one. */
  readonly confidence: 'published' | 'client catalog' | 'press' | 'low'
  readonly source: string
  /** Day the source was read, `YYYY-MM-DD`. */
  readonly asOf: string
}

export interface ModelPrices extends Evidence {
  /** Canonical id, the value of the `model` label. */
  readonly id: string
  readonly family: string
  /** Other ids the vendor gives the same model. */
  readonly aliases?: readonly string[]
  /** Oldest first, without gaps. */
  readonly standard: readonly DatedPrices[]
  readonly long?: readonly LongPrices[]
  readonly fast?: readonly DatedPrices[]
  /** Whether inference kept in the US costs more. */
  readonly usInference: boolean
  /** Whether the regional endpoints of Amazon Bedrock cost more. */
  readonly regionalPremium: boolean
}

/** An exact factor: numerator and denominator. */
export type Factor = readonly [numerator: number, denominator: number]

export interface PriceTable {
  /** Day of the newest evidence in the table, `YYYY-MM-DD`. */
  readonly asOf: string
  readonly webSearchUsdPerThousand: number
  readonly factors: { readonly us: Factor; readonly region: Factor; readonly batch: Factor }
  /** How cache prices follow from the input price. */
  readonly cacheRule: {
    readonly write5m: Factor
    readonly write1h: Factor
    readonly read: Factor
    /** Models whose reads cost another part of the input price, from a day on (`''`: always). */
    readonly readExceptions: readonly { readonly model: string; readonly since: string; readonly read: Factor }[]
    /** Models published with rounded cache prices. */
    readonly rounded: readonly string[]
  }
  /** Newest first. */
  readonly models: readonly ModelPrices[]
}
