import { countText, usdText } from '../core/figure-text.ts'
import type { AdviceUsage } from './advice.ts'
import { usdExactText } from './text.ts'
import { groupUse, sumUse, type Use, useCostPico, useTokens, useTotal } from './use.ts'

export interface HourlyCost {
  /** Pico-dollars per hour. */
  readonly pico: bigint
  readonly isPlan: boolean
  readonly formula: string
}

/** Tokens per minute now, and of which classes: all, or those that are not read from the cache. */
interface Rate {
  readonly tokensPerMinute: number
  readonly withCacheReads: boolean
}

const MILLION = 1_000_000n
/** Prices are printed, and reckoned with, to a hundredth of a cent. */
const STEP_PICO = 100_000_000n

/**
 * What a rate of tokens costs per hour, at what such tokens cost on average in these rows of the last 7 days, cache reads
 * that came with them included. Null where that is not known, or comes to nothing.
 */
export function hourlyCost({ tokensPerMinute, withCacheReads }: Rate, rows: readonly AdviceUsage[]): HourlyCost | null {
  const isPlan = useCostPico(sumUse(groupUse(rows, 'metered', []))) === 0n
  const use = sumUse(groupUse(rows, isPlan ? 'plan' : 'metered', []))
  const tokens = withCacheReads ? useTotal(use) : newTokens(use)
  if (tokens === 0n) return null
  const exact = (useCostPico(use) * MILLION) / tokens
  const perMillion = exact - (exact % STEP_PICO)
  const rate = BigInt(Math.round(tokensPerMinute))
  const pico = (rate * 60n * perMillion) / MILLION
  if (pico === 0n) return null
  const price = usdExactText(perMillion)
  return {
    pico,
    isPlan,
    formula: `${countText(rate)} tokens x 60 minutes x ${price} / 1 M = ${usdText(pico)} per hour`,
  }
}

export function hourlyText(cost: HourlyCost | null): string {
  if (cost === null) return ''
  const costs = cost.isPlan ? 'it would cost' : 'it costs'
  return ` At that rate and its mean price of the last 7 days ${costs} ${usdText(cost.pico)} per hour${cost.isPlan ? ' at list prices' : ''}.`
}

function newTokens(use: Pick<Use, 'values'>): bigint {
  return useTotal(use) - useTokens(use, 'cache_read')
}
