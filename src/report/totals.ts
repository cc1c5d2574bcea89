import { accumulate, amountOf, MEASURE, type Measure, type Measures, zeroMeasures } from '../core/measures.ts'
import { type Billing, TOKEN_CLASSES, type TokenClass } from '../core/usage.ts'

/** Sums of responses, apart by who pays: what costs money and what a plan covers are never added up as one amount. */
export interface Totals {
  readonly metered: Measures
  readonly plan: Measures
}

export function emptyTotals(): Totals {
  return { metered: zeroMeasures(), plan: zeroMeasures() }
}

/** Adds in place. */
export function addValues(sum: Totals, billing: Billing, values: Measures): void {
  accumulate(sum[billing], values)
}

/** Adds in place. */
export function addTotals(sum: Totals, more: Totals, sign: 1 | -1 = 1): Totals {
  accumulate(sum.metered, more.metered, sign)
  accumulate(sum.plan, more.plan, sign)
  return sum
}

export function sumOf(rows: Iterable<Totals>): Totals {
  const sum = emptyTotals()
  for (const row of rows) addTotals(sum, row)
  return sum
}

export function count(totals: Totals, measure: Measure): bigint {
  return BigInt(totals.metered[MEASURE[measure]] ?? 0) + BigInt(totals.plan[MEASURE[measure]] ?? 0)
}

export function tokensOf(totals: Totals, tokenClass: TokenClass): bigint {
  return count(totals, tokenClass)
}

export function totalTokens(totals: Totals): bigint {
  return TOKEN_CLASSES.reduce((sum, tokenClass) => sum + tokensOf(totals, tokenClass), 0n)
}

/** Pico-dollars at list price of use that is paid per token. */
export function estimatedPico(totals: Totals): bigint {
  return amountOf(totals.metered, 'cost_usd')
}

/** Pico-dollars at list price of use that a plan covers. */
export function planPico(totals: Totals): bigint {
  return amountOf(totals.plan, 'cost_usd')
}

/** Whether anything at all was used under this kind of billing. */
export function hasUse(totals: Totals, billing: Billing): boolean {
  return totals[billing].some((value) => value !== 0 && value !== 0n)
}

/** Share of the prompt that came from the cache, 0 to 1; null where there was no prompt. */
export function cacheHitRatio(totals: Totals): number | null {
  const prompt = totalTokens(totals) - tokensOf(totals, 'output')
  return prompt === 0n ? null : Number(tokensOf(totals, 'cache_read')) / Number(prompt)
}

/** Pico-dollars that reading the cache saved, less what writing it cost on top. Negative where caching did not pay. */
export function cacheGainPico(totals: Totals, billing: Billing): bigint {
  return amountOf(totals[billing], 'saved_usd') - amountOf(totals[billing], 'premium_usd')
}
