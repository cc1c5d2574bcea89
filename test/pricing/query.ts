import type { ServiceTerms, TokenCounts } from '../../src/core/usage.ts'
import type { PriceOverride } from '../../src/pricing/overrides.ts'
import type { PicoPrices } from '../../src/pricing/price-list.ts'
import type { PriceQuery } from '../../src/pricing/pricing.ts'

const STANDARD: ServiceTerms = { speed: 'standard', usInference: false, tier: 'standard' }

/** A day of November 2026, after every change of price in the table. */
export const NOW = Date.parse('2026-11-15T12:00:00Z')

export function tokens(counts: Partial<TokenCounts>): TokenCounts {
  return { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0, ...counts }
}

/** A million of each class costs exactly the sum of the five list prices in dollars. */
export const MILLION_OF_EACH = tokens({
  input: 1_000_000,
  cacheWrite5m: 1_000_000,
  cacheWrite1h: 1_000_000,
  cacheRead: 1_000_000,
  output: 1_000_000,
})

type QueryChanges = Partial<Omit<PriceQuery, 'tokens' | 'terms' | 'time'>> & {
  readonly at?: string
  readonly tokens?: Partial<TokenCounts>
  readonly terms?: Partial<ServiceTerms>
}

/** A query for Claude Code, standard terms, `NOW`; `at` is a time as RFC 3339 text. */
export function query({ at, tokens: counts = {}, terms = {}, ...rest }: QueryChanges): PriceQuery {
  return {
    source: 'claude-code',
    model: 'claude-sonnet-5',
    time: at === undefined ? NOW : Date.parse(at),
    webSearches: 0,
    recorded: null,
    ...rest,
    tokens: tokens(counts),
    terms: { ...STANDARD, ...terms },
  }
}

/** Dollars per million tokens as an override has them; cache prices left out are left to the rule. */
export function usdPrices(input: number, output: number, cache: Partial<PicoPrices> = {}): PicoPrices {
  const pico = (usd: number | null | undefined) => (usd === null || usd === undefined ? null : Math.round(usd * 1e6))
  return {
    input: pico(input),
    cache_write_5m: pico(cache.cache_write_5m),
    cache_write_1h: pico(cache.cache_write_1h),
    cache_read: pico(cache.cache_read),
    output: pico(output),
  }
}

/** An override of $1 in and $1 out per million tokens, for all time. */
export function override(model: string, changes: Partial<PriceOverride> = {}): PriceOverride {
  return { model, aliases: [], since: '', standard: usdPrices(1, 1), long: null, fast: null, ...changes }
}
