import * as z from 'zod/mini'
import type { TokenClass } from '../core/usage.ts'
import { calendarDate } from './calendar-date.ts'
import { integer, text } from './types.ts'
import { accepting } from './value-type.ts'

/** Whole pico-dollars per token; null where the user gave no price for the class. */
type ClassPrices = Readonly<Record<TokenClass, number | null>>

/** A price list of the user's own for one model. */
export interface PriceOverride {
  readonly model: string
  readonly aliases: readonly string[]
  /** First day in force, `YYYY-MM-DD` UTC; `''`: since ever. */
  readonly since: string
  readonly standard: ClassPrices
  /** For requests whose prompt is longer than `threshold` tokens. */
  readonly long: { readonly threshold: number; readonly prices: ClassPrices } | null
  readonly fast: ClassPrices | null
}

const DECIMALS = 4
const MAX_USD_PER_MTOK = 1_000_000

// A dollar per million tokens is a million pico-dollars per token: four decimals leave whole hundreds.
const price = accepting('dollars per million tokens, from 0, with at most four decimals', (value) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= MAX_USD_PER_MTOK)) return undefined
  const scaled = Math.round(value * 10 ** DECIMALS)
  return scaled / 10 ** DECIMALS === value ? scaled * 100 : undefined
})

const prices = {
  input: price,
  output: price,
  cache_write_5m: z.optional(price),
  cache_write_1h: z.optional(price),
  cache_read: z.optional(price),
}

const fastList = z.strictObject(prices, { error: 'prices' })
const longList = z.strictObject(
  { threshold: integer(1, 100_000_000).schema, ...prices },
  { error: 'a threshold and prices' },
)

export const priceOverride: z.ZodMiniType<PriceOverride> = z.pipe(
  z.strictObject(
    {
      model: text.schema,
      aliases: z.optional(z.array(text.schema, { error: 'a list of model ids' })),
      since: z.optional(calendarDate),
      ...prices,
      long: z.optional(longList),
      fast: z.optional(fastList),
    },
    { error: 'a model and its prices' },
  ),
  z.transform((row) => ({
    model: row.model,
    aliases: row.aliases ?? [],
    since: row.since ?? '',
    standard: classPrices(row),
    long: row.long ? { threshold: row.long.threshold, prices: classPrices(row.long) } : null,
    fast: row.fast ? classPrices(row.fast) : null,
  })),
)

function classPrices(row: Partial<Record<TokenClass, number | undefined>>): ClassPrices {
  return {
    input: row.input ?? null,
    cache_write_5m: row.cache_write_5m ?? null,
    cache_write_1h: row.cache_write_1h ?? null,
    cache_read: row.cache_read ?? null,
    output: row.output ?? null,
  }
}
