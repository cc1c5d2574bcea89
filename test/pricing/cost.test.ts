import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenCounts } from '../../src/core/usage.ts'
import { cacheEffect } from '../../src/pricing/cost.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import type { Rate } from '../../src/pricing/pricing.ts'
import { override, query, tokens, usdPrices } from './query.ts'

const pricing = createPricing()
const MAX = Number.MAX_SAFE_INTEGER

const count = fc.oneof(fc.maxSafeNat(), fc.nat(10_000_000))
const counts: fc.Arbitrary<TokenCounts> = fc.record({
  input: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  cacheRead: count,
  output: count,
})
const half: fc.Arbitrary<TokenCounts> = counts.map((of) => ({
  input: Math.floor(of.input / 2),
  cacheWrite5m: Math.floor(of.cacheWrite5m / 2),
  cacheWrite1h: Math.floor(of.cacheWrite1h / 2),
  cacheRead: Math.floor(of.cacheRead / 2),
  output: Math.floor(of.output / 2),
}))
const model = fc.constantFrom(
  'claude-opus-5-5',
  'claude-haiku-5-5',
  'claude-2.1',
  'us.anthropic.claude-opus-4-6',
  'gpt-5',
)

describe('calculated cost', () => {
  it('is the exact sum of tokens times price, whatever its size', () => {
    fc.assert(
      fc.property(model, counts, fc.maxSafeNat(), (id, used, webSearches) => {
        const { cost, rate } = pricing.price(query({ model: id, tokens: used, webSearches }))
        const exact = exactCost(rate, used) + BigInt(webSearches) * 10_000_000_000n
        expect(BigInt(cost)).toBe(exact)
        expect(typeof cost).toBe(exact <= BigInt(MAX) ? 'number' : 'bigint')
      }),
    )
  })

  it('is exact around the largest safe number', () => {
    // $5 per million: 5,000,000 pico-dollars per token
    const perToken = 5_000_000
    const largest = Math.floor(MAX / perToken)
    const cost = (input: number) => pricing.price(query({ model: 'claude-opus-5', tokens: { input } })).cost
    expect(cost(largest)).toBe(largest * perToken)
    expect(cost(largest + 1)).toBe(BigInt(largest + 1) * BigInt(perToken))
    expect(cost(MAX)).toBe(BigInt(MAX) * BigInt(perToken))
  })

  it('is additive: the cost of two requests is the cost of their tokens together', () => {
    fc.assert(
      fc.property(half, half, (a, b) => {
        const cost = (used: TokenCounts) =>
          BigInt(pricing.price(query({ model: 'claude-opus-5-5', tokens: used })).cost)
        expect(cost(add(a, b))).toBe(cost(a) + cost(b))
      }),
    )
  })

  it('never falls when tokens are added, across the long-prompt threshold too', () => {
    const few = fc.nat(150_000).map((input) => tokens({ input, output: input }))
    fc.assert(
      fc.property(fc.oneof(few, half), fc.oneof(few, half), (a, b) => {
        const cost = (used: TokenCounts) =>
          BigInt(pricing.price(query({ model: 'claude-haiku-5-5', tokens: used })).cost)
        expect(cost(add(a, b))).toBeGreaterThanOrEqual(cost(a))
      }),
    )
  })

  it('counts no more than 2^53 - 1 unpriced tokens', () => {
    const used = { input: MAX, output: MAX }
    expect(pricing.price(query({ model: 'gpt-5', tokens: used })).unpricedTokens).toBe(MAX)
  })
})

describe('web searches', () => {
  it.each([
    {
      when: 'beside tokens',
      model: 'claude-sonnet-5',
      used: { input: 1 },
      terms: {},
      cost: 2_000_000 + 30_000_000_000,
    },
    {
      when: 'never multiplied by geography',
      model: 'claude-sonnet-5',
      used: { input: 1 },
      terms: { usInference: true },
      cost: 2_200_000 + 30_000_000_000,
    },
    {
      when: 'never halved by batch',
      model: 'claude-sonnet-5',
      used: { input: 1 },
      terms: { tier: 'batch' as const },
      cost: 1_000_000 + 30_000_000_000,
    },
    { when: 'without any tokens', model: 'unknown', used: {}, terms: {}, cost: 30_000_000_000 },
  ])('$when: three cost $0.03', ({ model: id, used, terms, cost }) => {
    expect(pricing.price(query({ model: id, tokens: used, terms, webSearches: 3 }))).toMatchObject({
      cost,
      origin: 'calculated',
      unpricedTokens: 0,
    })
  })

  it('are priced even when the tokens are not', () => {
    expect(pricing.price(query({ model: 'gpt-5', tokens: { input: 7 }, webSearches: 1 }))).toMatchObject({
      cost: 10_000_000_000,
      origin: 'none',
      unpricedTokens: 7,
    })
  })
})

describe('cacheEffect', () => {
  const rate = (id: string): Rate => {
    const found = pricing.price(query({ model: id })).rate
    if (found === null) throw new Error(`${id} has a price`)
    return found
  }

  it.each([
    { model: 'claude-sonnet-5', used: { cacheRead: 1 }, savings: 1_800_000, premium: 0 },
    { model: 'claude-sonnet-5', used: { cacheWrite5m: 1 }, savings: 0, premium: 500_000 },
    { model: 'claude-sonnet-5', used: { cacheWrite1h: 1 }, savings: 0, premium: 2_000_000 },
    { model: 'claude-sonnet-5', used: { input: 5, output: 5 }, savings: 0, premium: 0 },
    {
      model: 'claude-fable-5-2',
      used: { cacheWrite5m: 1, cacheWrite1h: 1, cacheRead: 10 },
      savings: 78_000_000,
      premium: 10_000_000,
    },
    // no cache prices known
    { model: 'claude-2.1', used: { cacheWrite5m: 1, cacheWrite1h: 1, cacheRead: 1 }, savings: 0, premium: 0 },
  ])('$model, $used: saved $savings, paid $premium more', ({ model: id, used, savings, premium }) => {
    expect(cacheEffect(rate(id), tokens(used))).toEqual({ savings, premium })
  })

  it('is never negative, also where a price of the user makes caching pointless', () => {
    const standard = usdPrices(1, 1, { cache_write_5m: 0.5, cache_write_1h: 0, cache_read: 3 })
    const odd = createPricing({ overrides: [override('odd', { standard })] })
    const { rate: oddRate } = odd.price(query({ model: 'odd' }))
    if (oddRate === null) throw new Error('the model has a price')
    const used = tokens({ cacheWrite5m: 9, cacheWrite1h: 9, cacheRead: 9 })
    expect(cacheEffect(oddRate, used)).toEqual({ savings: 0, premium: 0 })
  })

  it('stays exact beyond the safe numbers', () => {
    expect(
      cacheEffect(rate('claude-sonnet-5'), tokens({ cacheWrite5m: MAX, cacheWrite1h: MAX, cacheRead: MAX })),
    ).toEqual({
      savings: BigInt(MAX) * 1_800_000n,
      premium: BigInt(MAX) * 2_500_000n,
    })
  })
})

function exactCost(rate: Rate | null, used: TokenCounts): bigint {
  if (rate === null) return 0n
  const { pico } = rate
  return [
    [used.input, pico.input],
    [used.cacheWrite5m, pico.cache_write_5m],
    [used.cacheWrite1h, pico.cache_write_1h],
    [used.cacheRead, pico.cache_read],
    [used.output, pico.output],
  ].reduce((sum, [of, price]) => sum + BigInt(of ?? 0) * BigInt(price ?? 0), 0n)
}

function add(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    input: a.input + b.input,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    cacheRead: a.cacheRead + b.cacheRead,
    output: a.output + b.output,
  }
}
