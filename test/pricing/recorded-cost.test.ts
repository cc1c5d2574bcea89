import { describe, expect, it } from 'vitest'
import type { RecordedCost } from '../../src/core/usage.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import { query } from './query.ts'

const PRICED = 'claude-sonnet-5'
const PARTLY = 'claude-2.1'
const UNKNOWN = 'gpt-5'

/** A token of input and one read from the cache: 2,200,000 on Sonnet 5; only the first has a price on Claude 2.1. */
const TOKENS = { input: 1, cacheRead: 1 }

const client = (pico: bigint): RecordedCost => ({ origin: 'client', pico })
const provider = (pico: bigint): RecordedCost => ({ origin: 'provider', pico })

const calculated = [2_200_000, 'calculated', 0]
const partly = [8_000_000, 'none', 1]
const unpriced = [0, 'none', 2]
const recorded = [5, 'recorded', 0]
const free = [0, 'recorded', 0]

describe.each([
  { mode: 'auto' as const, claude: calculated, pi: recorded, billed: recorded, billedFree: free },
  { mode: 'calculate' as const, claude: calculated, pi: calculated, billed: calculated, billedFree: calculated },
  { mode: 'recorded' as const, claude: recorded, pi: recorded, billed: recorded, billedFree: free },
])('recorded costs: $mode', ({ mode, claude, pi, billed, billedFree }) => {
  const pricing = createPricing({ recordedCosts: mode })

  it.each([
    { what: 'no cost', source: 'claude-code' as const, model: PRICED, cost: null, is: calculated },
    { what: 'no cost', source: 'claude-code' as const, model: UNKNOWN, cost: null, is: unpriced },
    { what: 'costUSD', source: 'claude-code' as const, model: PRICED, cost: client(5n), is: claude },
    { what: 'costUSD', source: 'claude-code' as const, model: PARTLY, cost: client(5n), is: recorded },
    { what: 'costUSD', source: 'claude-code' as const, model: UNKNOWN, cost: client(5n), is: recorded },
    { what: 'costUSD 0', source: 'claude-code' as const, model: PRICED, cost: client(0n), is: calculated },
    { what: 'costUSD 0', source: 'claude-code' as const, model: PARTLY, cost: client(0n), is: partly },
    { what: 'costUSD 0', source: 'claude-code' as const, model: UNKNOWN, cost: client(0n), is: unpriced },
    { what: 'an estimate', source: 'pi' as const, model: PRICED, cost: client(5n), is: pi },
    { what: 'an estimate', source: 'openclaw' as const, model: UNKNOWN, cost: client(5n), is: recorded },
    { what: 'an estimate of 0', source: 'pi' as const, model: PRICED, cost: client(0n), is: calculated },
    { what: 'an estimate of 0', source: 'openclaw' as const, model: UNKNOWN, cost: client(0n), is: unpriced },
    { what: 'a negative estimate', source: 'openclaw' as const, model: PRICED, cost: client(-5n), is: calculated },
    { what: 'a billed amount', source: 'pi' as const, model: PRICED, cost: provider(5n), is: billed },
    { what: 'a billed amount', source: 'openclaw' as const, model: UNKNOWN, cost: provider(5n), is: recorded },
    { what: 'a billed 0', source: 'openclaw' as const, model: PRICED, cost: provider(0n), is: billedFree },
    { what: 'a billed 0', source: 'pi' as const, model: UNKNOWN, cost: provider(0n), is: free },
    { what: 'a negative bill', source: 'pi' as const, model: PRICED, cost: provider(-5n), is: calculated },
  ])('$source, $model with $what: $is', ({ source, model, cost: stated, is }) => {
    const { cost, origin, unpricedTokens } = pricing.price(query({ source, model, tokens: TOKENS, recorded: stated }))
    expect([cost, origin, unpricedTokens]).toEqual(is)
  })
})

describe('a recorded cost', () => {
  const pricing = createPricing()

  it('stands alone: no search fee is added', () => {
    const { cost } = pricing.price(query({ source: 'pi', tokens: TOKENS, webSearches: 4, recorded: client(5n) }))
    expect(cost).toBe(5)
  })

  it('keeps the rate for what else is asked of it', () => {
    const { rate } = pricing.price(query({ source: 'pi', tokens: TOKENS, recorded: client(5n) }))
    expect(rate?.model).toBe(PRICED)
  })

  it('is exact beyond the safe numbers', () => {
    const pico = 9_007_199_254_740_993n
    expect(pricing.price(query({ source: 'pi', tokens: TOKENS, recorded: provider(pico) })).cost).toBe(pico)
  })

  it('is used for an unknown model also where no token was counted', () => {
    const { cost, origin } = pricing.price(query({ model: UNKNOWN, recorded: client(5n) }))
    expect([cost, origin]).toEqual([5, 'recorded'])
  })
})
