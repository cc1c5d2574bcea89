import { describe, expect, it } from 'vitest'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import type { Rate } from '../../src/pricing/pricing.ts'
import { MILLION_OF_EACH, query } from './query.ts'

const pricing = createPricing()

/** Dollars per million tokens: input, 5m write, 1h write, read, output. */
function usd(rate: Rate | null): (number | null)[] {
  if (rate === null) return []
  return Object.values(rate.pico).map((pico) => (pico === null ? null : pico / 1_000_000))
}

describe('the five token classes', () => {
  it.each([
    ['input', { input: 1 }, 2_000_000],
    ['5-minute cache writes', { cacheWrite5m: 1 }, 2_500_000],
    ['1-hour cache writes', { cacheWrite1h: 1 }, 4_000_000],
    ['cache reads', { cacheRead: 1 }, 200_000],
    ['output', { output: 1 }, 10_000_000],
    ['all together', { input: 1, cacheWrite5m: 1, cacheWrite1h: 1, cacheRead: 1, output: 1 }, 18_700_000],
  ])('Sonnet 5: one token of %s', (_, counts, pico) => {
    expect(pricing.price(query({ model: 'claude-sonnet-5', tokens: counts }))).toMatchObject({
      cost: pico,
      origin: 'calculated',
      unpricedTokens: 0,
    })
  })
})

describe('dated prices', () => {
  it.each([
    ['before the model came out, the oldest known', '2026-09-01T00:00:00Z', 200_000, '2026-09-28'],
    ['on its first day', '2026-09-28T00:00:00Z', 200_000, '2026-09-28'],
    ['in the last millisecond before the cut', '2026-10-06T23:59:59.999Z', 200_000, '2026-09-28'],
    ['from the first instant of the cut', '2026-10-07T00:00:00Z', 100_000, '2026-10-07'],
    ['later', '2030-01-01T00:00:00Z', 100_000, '2026-10-07'],
  ])('Sonnet 5.5 cache read %s', (_, at, cost, since) => {
    const priced = pricing.price(query({ model: 'claude-sonnet-5-5', at, tokens: { cacheRead: 1 } }))
    expect(priced).toMatchObject({ cost, rate: { list: 'standard', since } })
  })

  it('Sonnet 5 did not rise on 2026-09-01', () => {
    const { rate } = pricing.price(query({ model: 'claude-sonnet-5', at: '2026-09-02T00:00:00Z' }))
    expect(usd(rate)).toEqual([2, 2.5, 4, 0.2, 10])
  })
})

describe('long prompts', () => {
  const HAIKU = 'claude-haiku-5-5'
  const SONNET = 'claude-sonnet-4-5-20250929'

  it.each([
    { model: HAIKU, at: '2026-11-01T00:00:00Z', prompt: { input: 100_000 }, list: 'standard' },
    { model: HAIKU, at: '2026-11-01T00:00:00Z', prompt: { input: 100_001 }, list: 'long' },
    { model: HAIKU, at: '2026-11-01T00:00:00Z', prompt: { input: 1, cacheRead: 99_999 }, list: 'standard' },
    { model: HAIKU, at: '2026-11-01T00:00:00Z', prompt: { input: 2, cacheRead: 99_999 }, list: 'long' },
    { model: HAIKU, at: '2026-11-01T00:00:00Z', prompt: { cacheWrite5m: 60_000, cacheWrite1h: 40_001 }, list: 'long' },
    { model: HAIKU, at: '2026-11-01T00:00:00Z', prompt: { input: 1, output: 500_000 }, list: 'standard' },
    { model: SONNET, at: '2026-04-29T23:59:59.999Z', prompt: { input: 10, cacheRead: 250_000 }, list: 'long' },
    { model: SONNET, at: '2026-04-29T23:59:59.999Z', prompt: { cacheRead: 200_000 }, list: 'standard' },
    { model: SONNET, at: '2026-04-30T00:00:00Z', prompt: { input: 10, cacheRead: 250_000 }, list: 'standard' },
    { model: 'claude-opus-4-6', at: '2026-03-12T23:59:59Z', prompt: { input: 200_001 }, list: 'long' },
    { model: 'claude-opus-4-6', at: '2026-03-13T00:00:00Z', prompt: { input: 200_001 }, list: 'standard' },
    { model: 'claude-opus-5', at: '2026-11-01T00:00:00Z', prompt: { input: 900_000 }, list: 'standard' },
  ])('$model at $at with $prompt: $list list', ({ model, at, prompt, list }) => {
    expect(pricing.price(query({ model, at, tokens: prompt })).rate?.list).toBe(list)
  })

  it('prices every token of the request from the long list, output included', () => {
    const { cost } = pricing.price(query({ model: HAIKU, tokens: { input: 1, cacheRead: 100_000, output: 10 } }))
    expect(cost).toBe(1 * 500_000 + 100_000 * 50_000 + 10 * 2_500_000)
  })
})

describe('fast mode', () => {
  it.each([
    ['claude-opus-5-5', '2026-11-01', 'fast', [8, 10, 16, 0.4, 40]],
    ['claude-fable-5-2', '2026-11-15', 'fast', [16, 20, 32, 0.4, 80]],
    ['claude-opus-4-7', '2026-07-23', 'fast', [30, 37.5, 60, 3, 150]],
    ['claude-opus-4-7', '2026-07-24', 'standard', [5, 6.25, 10, 0.5, 25]],
    ['claude-opus-4-6', '2026-06-28', 'fast', [30, 37.5, 60, 3, 150]],
    ['claude-opus-4-6', '2026-06-29', 'standard', [5, 6.25, 10, 0.5, 25]],
    ['claude-sonnet-5', '2026-11-01', 'standard', [2, 2.5, 4, 0.2, 10]],
  ])('%s on %s: %s list', (model, day, list, prices) => {
    const { rate } = pricing.price(query({ model, at: `${day}T12:00:00Z`, terms: { speed: 'fast' } }))
    expect(rate?.list).toBe(list)
    expect(usd(rate)).toEqual(prices)
  })

  it('stands alone above the long-prompt threshold', () => {
    const long = { model: 'claude-opus-4-6', at: '2026-03-01T00:00:00Z', tokens: { input: 300_000 } }
    expect(pricing.price(query({ ...long, terms: { speed: 'fast' } })).cost).toBe(300_000 * 30_000_000)
    expect(pricing.price(query(long)).cost).toBe(300_000 * 10_000_000)
  })

  it('is asked for by a gateway id', () => {
    expect(pricing.price(query({ model: 'anthropic/claude-opus-4.8-fast' })).rate?.list).toBe('fast')
  })
})

describe('factors', () => {
  const US = { usInference: true }
  const BATCH = { tier: 'batch' } as const

  it.each([
    { model: 'claude-opus-5-5', terms: {}, input: 4, factors: [] },
    { model: 'claude-opus-5-5', terms: US, input: 4.4, factors: ['us x1.1'] },
    { model: 'claude-opus-5-5', terms: BATCH, input: 2, factors: ['batch x0.5'] },
    { model: 'claude-opus-5-5', terms: { ...US, ...BATCH }, input: 2.2, factors: ['us x1.1', 'batch x0.5'] },
    { model: 'claude-opus-5-5', terms: { ...US, speed: 'fast' as const }, input: 8.8, factors: ['us x1.1'] },
    { model: 'claude-opus-5-5', terms: { ...BATCH, speed: 'fast' as const }, input: 8, factors: [] },
    { model: 'claude-opus-5-5', terms: { tier: 'priority' as const }, input: 4, factors: [] },
    // fast mode has ended here: a batch request is a batch request again
    { model: 'claude-opus-4-6', terms: { ...BATCH, speed: 'fast' as const }, input: 2.5, factors: ['batch x0.5'] },
    // geography: only from 4.6 on, only the first party
    { model: 'claude-sonnet-4-6', terms: US, input: 3.3, factors: ['us x1.1'] },
    { model: 'claude-sonnet-4-5', terms: US, input: 3, factors: [] },
    { model: 'claude-mythos-preview', terms: US, input: 25, factors: [] },
    { model: 'anthropic.claude-opus-5-5', terms: US, input: 4, factors: [] },
    { model: 'claude-opus-5-5@default', terms: US, input: 4, factors: [] },
    // Bedrock regions: from 4.5 on, not global
    { model: 'eu.anthropic.claude-opus-5-5', terms: {}, input: 4.4, factors: ['region x1.1'] },
    { model: 'us.anthropic.claude-opus-5-5', terms: US, input: 4.4, factors: ['region x1.1'] },
    { model: 'us.anthropic.claude-opus-5-5', terms: BATCH, input: 2.2, factors: ['region x1.1', 'batch x0.5'] },
    { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', terms: {}, input: 1.1, factors: ['region x1.1'] },
    { model: 'us.anthropic.claude-opus-4-1-20250805-v1:0', terms: {}, input: 15, factors: [] },
    { model: 'global.anthropic.claude-opus-5-5', terms: {}, input: 4, factors: [] },
    { model: 'anthropic.claude-opus-5-5', terms: {}, input: 4, factors: [] },
  ])('$model, $terms: $input', ({ model, terms, input, factors }) => {
    const { rate } = pricing.price(query({ model, terms }))
    expect(rate?.factors).toEqual(factors)
    expect(usd(rate)[0]).toBe(input)
  })

  it('apply to every class, the long list too', () => {
    const { rate } = pricing.price(
      query({ model: 'claude-haiku-5-5', tokens: { input: 100_001 }, terms: { ...US, ...BATCH } }),
    )
    expect(rate?.list).toBe('long')
    expect(usd(rate)).toEqual([0.275, 0.34375, 0.55, 0.0275, 1.375])
  })

  it('of Bedrock regions can be switched off', () => {
    const off = createPricing({ bedrockRegionFactor: false })
    expect(usd(off.price(query({ model: 'eu.anthropic.claude-opus-5-5' })).rate)[0]).toBe(4)
  })
})

describe('classes and models without a price', () => {
  it('Claude 2.1: cache tokens are unpriced, the rest is priced', () => {
    expect(pricing.price(query({ model: 'claude-2.1', tokens: MILLION_OF_EACH }))).toMatchObject({
      cost: 32_000_000_000_000,
      origin: 'none',
      unpricedTokens: 3_000_000,
    })
    expect(pricing.price(query({ model: 'claude-2.1', tokens: { input: 1 } }))).toMatchObject({
      cost: 8_000_000,
      origin: 'calculated',
      unpricedTokens: 0,
    })
  })

  it('an unknown model: every token is unpriced', () => {
    expect(pricing.price(query({ model: 'claude-opus-9', tokens: MILLION_OF_EACH }))).toEqual({
      rate: null,
      cost: 0,
      origin: 'none',
      unpricedTokens: 5_000_000,
    })
  })
})

describe('a rate', () => {
  it('is one object under the same circumstances', () => {
    const first = pricing.price(query({ model: 'claude-sonnet-4-5', terms: { tier: 'batch' } })).rate
    const other = pricing.price(
      query({ model: 'anthropic.claude-sonnet-4-5', at: '2026-11-02T00:00:00Z', terms: { tier: 'batch' } }),
    ).rate
    expect(first).not.toBeNull()
    expect(other).toBe(first)
  })

  it('has a key of its own', () => {
    const seen = new Map<string, Rate>()
    for (const model of ['claude-opus-4-6', 'us.anthropic.claude-opus-4-6', 'claude-opus-4-7']) {
      for (const speed of ['standard', 'fast'] as const) {
        for (const usInference of [false, true]) {
          for (const tier of ['standard', 'batch', 'priority'] as const) {
            for (const input of [1, 300_000]) {
              const terms = { speed, usInference, tier }
              const { rate } = pricing.price(query({ model, at: '2026-03-01T00:00:00Z', tokens: { input }, terms }))
              if (rate === null) throw new Error(`${model} has a price`)
              expect(seen.get(rate.key) ?? rate).toBe(rate)
              seen.set(rate.key, rate)
            }
          }
        }
      }
    }
    // Opus 4.6: (none, us, region) x (standard, long) x (plain, batch), and 3 fast; Opus 4.7: (none, us) x 2, and 2 fast
    expect(seen.size).toBe(12 + 3 + 4 + 2)
  })
})
