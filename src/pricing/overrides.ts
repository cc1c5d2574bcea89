import { createPriceList, type PicoPrices, type PriceList, scale } from './price-list.ts'
import type { Factor, PriceTable } from './price-table.ts'

/**
 * The user's own prices of a model, known to the table or not. From `since` on they replace everything the table says
 * about the model: without `long` or `fast` there is no such list any more.
 *
 * Prices are whole pico-dollars per token, in hundreds (four decimals of dollars per million tokens), so that the
 * factors 11/10 and 1/2 stay exact. A cache price of null follows from the input price by the rule of the table.
 */
export interface PriceOverride {
  readonly model: string
  readonly aliases: readonly string[]
  /** First day in force, `YYYY-MM-DD` UTC; `''` for all time. */
  readonly since: string
  readonly standard: PicoPrices
  /** For every token of a request whose prompt has more tokens than the threshold. */
  readonly long: { readonly threshold: number; readonly prices: PicoPrices } | null
  readonly fast: PicoPrices | null
}

/** The three lists of a model, each oldest first. */
export interface PriceLists {
  readonly standard: readonly PriceList[]
  readonly long: readonly PriceList[]
  readonly fast: readonly PriceList[]
}

/** Compiles an override for the model with this canonical id. */
export function overrideLists(
  { since, standard, long, fast }: PriceOverride,
  id: string,
  table: PriceTable,
): PriceLists {
  const list = (kind: 'standard' | 'long' | 'fast', prices: PicoPrices, thresholdTokens = -1) =>
    createPriceList(
      {
        model: id,
        list: kind,
        since,
        to: '',
        thresholdTokens,
        origin: 'override',
        pico: withCachePrices(prices, id, table.cacheRule),
      },
      table.factors,
    )
  return {
    standard: [list('standard', standard)],
    long: long ? [list('long', long.prices, long.threshold)] : [],
    fast: fast ? [list('fast', fast)] : [],
  }
}

function withCachePrices(prices: PicoPrices, id: string, rule: PriceTable['cacheRule']): PicoPrices {
  const exception = rule.readExceptions.find(({ model }) => model === id)
  const derived = (factor: Factor) => (prices.input === null ? null : scale(prices.input, factor))
  return {
    input: prices.input,
    cache_write_5m: prices.cache_write_5m ?? derived(rule.write5m),
    cache_write_1h: prices.cache_write_1h ?? derived(rule.write1h),
    cache_read: prices.cache_read ?? derived(exception?.read ?? rule.read),
    output: prices.output,
  }
}
