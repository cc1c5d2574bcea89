import { TOKEN_CLASSES, type TokenClass, type TokenCounts } from '../core/usage.ts'
import type { Rate } from './pricing.ts'

/** Whole pico-dollars: a number while it is a safe integer, else a bigint. */
export type Pico = number | bigint

/**
 * Cost of the tokens that have a price, plus the fee of the web searches, which needs no model. Exact.
 *
 * @param searchPico fee of one web search in whole pico-dollars
 */
export function calculateCost(rate: Rate | null, tokens: TokenCounts, webSearches: number, searchPico: number): Pico {
  let sum = webSearches * searchPico
  if (rate !== null) {
    const { pico } = rate
    sum +=
      tokens.input * (pico.input ?? 0) +
      tokens.cacheWrite5m * (pico.cache_write_5m ?? 0) +
      tokens.cacheWrite1h * (pico.cache_write_1h ?? 0) +
      tokens.cacheRead * (pico.cache_read ?? 0) +
      tokens.output * (pico.output ?? 0)
  }
  // Nothing here is negative, so a sum in the safe range means that no step before it left the range either.
  return sum <= Number.MAX_SAFE_INTEGER ? sum : calculateInBigInt(rate, tokens, webSearches, searchPico)
}

/** Tokens of the classes that have no price, at most 2^53 - 1. */
export function countUnpriced(rate: Rate | null, tokens: TokenCounts): number {
  let unpriced = 0
  for (const tokenClass of TOKEN_CLASSES) {
    if (rate === null || rate.pico[tokenClass] === null) unpriced += tokens[COUNT_OF[tokenClass]]
  }
  return Math.min(unpriced, Number.MAX_SAFE_INTEGER)
}

/** What the cache changed about the cost of a request, against sending everything as plain input. Never negative. */
export interface CacheEffect {
  /** Pico-dollars that reading from the cache saved. */
  readonly savings: Pico
  /** Pico-dollars that writing to the cache cost on top of the input price. */
  readonly premium: Pico
}

export function cacheEffect(rate: Rate, tokens: TokenCounts): CacheEffect {
  const { input, cache_write_5m: write5m, cache_write_1h: write1h, cache_read: read } = rate.pico
  return {
    savings: sumProducts(tokens.cacheRead, priceGap(input, read), 0, 0),
    premium: sumProducts(tokens.cacheWrite5m, priceGap(write5m, input), tokens.cacheWrite1h, priceGap(write1h, input)),
  }
}

/** A bigint as a number where that is exact. */
export function compactPico(pico: bigint): Pico {
  return pico <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(pico) : pico
}

const COUNT_OF: Readonly<Record<TokenClass, keyof TokenCounts>> = {
  input: 'input',
  cache_write_5m: 'cacheWrite5m',
  cache_write_1h: 'cacheWrite1h',
  cache_read: 'cacheRead',
  output: 'output',
}

function calculateInBigInt(rate: Rate | null, tokens: TokenCounts, webSearches: number, searchPico: number): bigint {
  let sum = BigInt(webSearches) * BigInt(searchPico)
  if (rate === null) return sum
  for (const tokenClass of TOKEN_CLASSES) {
    sum += BigInt(tokens[COUNT_OF[tokenClass]]) * BigInt(rate.pico[tokenClass] ?? 0)
  }
  return sum
}

function priceGap(higher: number | null, lower: number | null): number {
  return higher === null || lower === null ? 0 : Math.max(0, higher - lower)
}

function sumProducts(count: number, price: number, otherCount: number, otherPrice: number): Pico {
  const sum = count * price + otherCount * otherPrice
  if (sum <= Number.MAX_SAFE_INTEGER) return sum
  return BigInt(count) * BigInt(price) + BigInt(otherCount) * BigInt(otherPrice)
}
