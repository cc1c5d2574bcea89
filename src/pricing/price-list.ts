import type { TokenClass } from '../core/usage.ts'
import type { Factor } from './price-table.ts'
import type { Rate } from './pricing.ts'

/** Whole pico-dollars per token; null where no price is known. */
export type PicoPrices = Rate['pico']

/** What changes the price because of where inference ran. At most one of them applies to a request. */
export type Surcharge = 'none' | 'us' | 'region'

/** One list of a model while it is in force, with a rate for every way of running a request. */
export interface PriceList {
  readonly since: string
  /** Epoch milliseconds, inclusive. */
  readonly from: number
  /** Epoch milliseconds, exclusive. */
  readonly until: number
  /** Longest prompt, in tokens, the list does not apply to; -1 when it applies to all. */
  readonly thresholdTokens: number
  readonly rates: Readonly<Record<Surcharge, { readonly plain: Rate; readonly batch: Rate }>>
}

export interface PriceListSpec {
  readonly model: string
  readonly list: Rate['list']
  /** `YYYY-MM-DD` UTC, inclusive; `''` when the list has no beginning. */
  readonly since: string
  /** `YYYY-MM-DD` UTC, exclusive; `''` when the list has no end. */
  readonly to: string
  readonly thresholdTokens: number
  readonly origin: Rate['origin']
  readonly pico: PicoPrices
}

export interface Factors {
  readonly us: Factor
  readonly region: Factor
  readonly batch: Factor
}

/**
 * Builds every rate of a list once, so that equal circumstances share one object.
 * Batch requests cannot be fast: on a fast list the batch rates are the plain ones.
 */
export function createPriceList(spec: PriceListSpec, factors: Factors): PriceList {
  const pair = (labels: readonly string[], surcharge: Factor) => {
    const plain = createRate(spec, labels, scaleAll(spec.pico, surcharge))
    if (spec.list === 'fast') return { plain, batch: plain }
    const both = multiply(surcharge, factors.batch)
    return { plain, batch: createRate(spec, [...labels, label('batch', factors.batch)], scaleAll(spec.pico, both)) }
  }
  return {
    since: spec.since,
    from: spec.since === '' ? Number.NEGATIVE_INFINITY : startOfDay(spec.since),
    until: spec.to === '' ? Number.POSITIVE_INFINITY : startOfDay(spec.to),
    thresholdTokens: spec.thresholdTokens,
    rates: {
      none: pair([], [1, 1]),
      us: pair([label('us', factors.us)], factors.us),
      region: pair([label('region', factors.region)], factors.region),
    },
  }
}

/** First instant of a UTC day given as `YYYY-MM-DD`, epoch milliseconds. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`)
}

/** `value` times an exact factor; whole pico-dollars, halves to the even neighbour. */
export function scale(value: number, [numerator, denominator]: Factor): number {
  const product = value * numerator
  const quotient = Math.floor(product / denominator)
  const twice = (product % denominator) * 2
  if (twice < denominator || (twice === denominator && quotient % 2 === 0)) return quotient
  return quotient + 1
}

function createRate(spec: PriceListSpec, factors: readonly string[], pico: PicoPrices): Rate {
  const { model, list, since, origin } = spec
  return { key: JSON.stringify([model, list, since, origin, factors, pico]), model, list, since, origin, factors, pico }
}

function scaleAll(pico: PicoPrices, factor: Factor): PicoPrices {
  const scaled = (tokenClass: TokenClass) => {
    const price = pico[tokenClass]
    return price === null ? null : scale(price, factor)
  }
  return {
    input: scaled('input'),
    cache_write_5m: scaled('cache_write_5m'),
    cache_write_1h: scaled('cache_write_1h'),
    cache_read: scaled('cache_read'),
    output: scaled('output'),
  }
}

function multiply(a: Factor, b: Factor): Factor {
  return [a[0] * b[0], a[1] * b[1]]
}

function label(name: string, [numerator, denominator]: Factor): string {
  return `${name} x${numerator / denominator}`
}
