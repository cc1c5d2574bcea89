import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/errors.ts'
import type { ServiceTerms } from '../../src/core/usage.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import type { PriceOverride } from '../../src/pricing/overrides.ts'
import { override, query, usdPrices } from './query.ts'

interface Request {
  readonly model: string
  readonly at?: string
  readonly input?: number
  readonly terms?: Partial<ServiceTerms>
}

function rateWith(overrides: readonly PriceOverride[], { model, at, input = 0, terms = {} }: Request) {
  const day = at === undefined ? {} : { at: `${at}T12:00:00Z` }
  return createPricing({ overrides }).price(query({ model, ...day, tokens: { input }, terms })).rate
}

/** Dollars per million tokens: input, 5m write, 1h write, read, output. */
function usdWith(overrides: readonly PriceOverride[], request: Request): (number | null)[] {
  return Object.values(rateWith(overrides, request)?.pico ?? {}).map((pico) => (pico === null ? null : pico / 1e6))
}

describe("a user's price", () => {
  const house = override('house-model', { aliases: ['house-model-next'], standard: usdPrices(1, 3) })

  it('prices a model the table does not know, cache prices by the rule', () => {
    expect(usdWith([house], { model: 'house-model' })).toEqual([1, 1.25, 2, 0.1, 3])
    expect(rateWith([house], { model: 'house-model' })).toMatchObject({
      origin: 'override',
      since: '',
      list: 'standard',
    })
  })

  it('is found by its aliases', () => {
    expect(usdWith([house], { model: 'house-model-next' })[0]).toBe(1)
    expect(createPricing({ overrides: [house] }).name('house-model-next').model).toBe('house-model')
  })

  it('may give every cache price itself, 0 included', () => {
    const standard = usdPrices(1, 3, { cache_write_5m: 1.1, cache_write_1h: 1.2, cache_read: 0 })
    expect(usdWith([override('m', { standard })], { model: 'm' })).toEqual([1, 1.1, 1.2, 0, 3])
  })

  it('may leave a class unpriced', () => {
    const standard = { ...usdPrices(1, 3), input: null }
    expect(usdWith([override('m', { standard })], { model: 'm' })).toEqual([null, null, null, null, 3])
  })

  it('derives the reads of a shipped model by its own exception', () => {
    const own = override('claude-opus-5-5', { standard: usdPrices(3, 15) })
    expect(usdWith([own], { model: 'claude-opus-5-5' })).toEqual([3, 3.75, 6, 0.15, 15])
  })

  it('derives a cache price of more than four decimals exactly', () => {
    const own = override('m', { standard: usdPrices(0.075, 0.3) })
    expect(usdWith([own], { model: 'm' })).toEqual([0.075, 0.09375, 0.15, 0.0075, 0.3])
  })

  it('rounds half a pico-dollar to even, where halving such a price leaves one', () => {
    // 0.0003 in, so 375 pico-dollars for a 5-minute write and 187.5 for one in a batch
    const own = override('m', { standard: usdPrices(0.0003, 1) })
    expect(rateWith([own], { model: 'm', terms: { tier: 'batch' } })?.pico.cache_write_5m).toBe(188)
  })

  it('replaces the row of a shipped model for all time, long and fast lists included', () => {
    const own = override('claude-opus-4-6', { standard: usdPrices(4, 20) })
    const request = { model: 'claude-opus-4-6', at: '2026-03-01' }
    expect(usdWith([own], request)[0]).toBe(4)
    expect(usdWith([own], { ...request, input: 300_000 })[0]).toBe(4)
    expect(usdWith([own], { ...request, terms: { speed: 'fast' } })[0]).toBe(4)
  })

  it('keeps the id, the aliases and the factors of a shipped model named by an alias', () => {
    const own = override('claude-opus-4-5', { standard: usdPrices(4, 20) })
    expect(rateWith([own], { model: 'claude-opus-4-5-20251101' })).toMatchObject({
      model: 'claude-opus-4-5-20251101',
      origin: 'override',
    })
    expect(usdWith([own], { model: 'us.anthropic.claude-opus-4-5-20251101-v1:0' })[0]).toBe(4.4)
  })

  it('can be given for one platform id alone', () => {
    const id = 'us.anthropic.claude-opus-4-8'
    const overrides = [override(id, { standard: usdPrices(3, 15) })]
    expect(usdWith(overrides, { model: id })[0]).toBe(3)
    expect(usdWith(overrides, { model: 'claude-opus-4-8' })[0]).toBe(5)
    expect(createPricing({ overrides }).name(id)).toEqual({ model: id, provider: 'amazon-bedrock' })
  })

  it('can take an alias away from a shipped model', () => {
    const own = override('m', { aliases: ['claude-sonnet-4-5'] })
    expect(rateWith([own], { model: 'claude-sonnet-4-5' })?.model).toBe('m')
    expect(rateWith([own], { model: 'claude-sonnet-4-5-20250929' })?.model).toBe('claude-sonnet-4-5-20250929')
  })

  it('has long-prompt and fast lists of its own', () => {
    const own = override('m', { long: { threshold: 1_000, prices: usdPrices(2, 2) }, fast: usdPrices(3, 3) })
    expect(usdWith([own], { model: 'm', input: 1_000 })).toEqual([1, 1.25, 2, 0.1, 1])
    expect(usdWith([own], { model: 'm', input: 1_001 })).toEqual([2, 2.5, 4, 0.2, 2])
    expect(usdWith([own], { model: 'm', input: 1_001, terms: { speed: 'fast' } })).toEqual([3, 3.75, 6, 0.3, 3])
  })

  it.each([
    ['2026-05-31', 5, 'shipped', ''],
    ['2026-06-01', 4, 'override', '2026-06-01'],
    ['2026-07-31', 4, 'override', '2026-06-01'],
    ['2026-08-01', 3, 'override', '2026-08-01'],
  ])('holds from its day until the next: on %s the input price is %d', (at, input, origin, since) => {
    const overrides = [
      override('claude-opus-4-8', { since: '2026-08-01', standard: usdPrices(3, 20) }),
      override('claude-opus-4-8', { since: '2026-06-01', standard: usdPrices(4, 20) }),
    ]
    expect(usdWith(overrides, { model: 'claude-opus-4-8', at })[0]).toBe(input)
    expect(rateWith(overrides, { model: 'claude-opus-4-8', at })).toMatchObject({ origin, since })
  })

  it('leaves fast and long prices as they were before its day', () => {
    const overrides = [override('claude-opus-4-6', { since: '2026-05-01', standard: usdPrices(4, 20) })]
    const fast = { model: 'claude-opus-4-6', terms: { speed: 'fast' as const } }
    expect(usdWith(overrides, { ...fast, at: '2026-04-30' })[0]).toBe(30)
    expect(usdWith(overrides, { ...fast, at: '2026-05-01' })[0]).toBe(4)
    expect(usdWith(overrides, { model: 'claude-opus-4-6', at: '2026-03-01', input: 300_000 })[0]).toBe(10)
  })

  it.each([
    ['unknown to the table', 'm', '2026-08-01'],
    ['whose first shipped price starts on the same day', 'claude-sonnet-5-5', '2026-09-28'],
  ])('is also the oldest price known of a model %s', (_, model, since) => {
    const overrides = [override(model, { since, standard: usdPrices(3, 20) })]
    expect(rateWith(overrides, { model, at: '2025-01-01' })).toMatchObject({ origin: 'override', since })
  })
})

describe('prices that contradict each other', () => {
  it.each([
    {
      when: 'an alias of two models',
      overrides: [override('a', { aliases: ['c'] }), override('b', { aliases: ['c'] })],
      message: 'Price of "b": the alias "c" already stands for "a"',
      fix: 'Name each id in one price only.',
    },
    {
      when: 'an alias that is another priced model',
      overrides: [override('a', { aliases: ['b'] }), override('b')],
      message: 'Price of "a": the alias "b" already stands for "b"',
      fix: 'Name each id in one price only.',
    },
    {
      when: 'one model twice for all time',
      overrides: [override('a'), override('a')],
      message: 'Price of "a": given twice from the same day',
      fix: 'Keep one of the two, or give them different "since" days.',
    },
    {
      when: 'one model twice from a day, under two of its ids',
      overrides: [
        override('claude-opus-4-5', { since: '2026-10-01' }),
        override('claude-opus-4-5-20251101', { since: '2026-10-01' }),
      ],
      message: 'Price of "claude-opus-4-5-20251101": given twice from the same day',
      fix: 'Keep one of the two, or give them different "since" days.',
    },
  ])('$when: refused', ({ overrides, message, fix }) => {
    expect(() => createPricing({ overrides })).toThrow(
      expect.toSatisfy((error) => error instanceof OperatorError && error.message === message && error.fix === fix),
    )
  })

  it('are not the same alias on two dated prices of one model', () => {
    const overrides = [override('a', { aliases: ['c'] }), override('a', { aliases: ['c'], since: '2026-10-01' })]
    expect(createPricing({ overrides }).name('c').model).toBe('a')
  })
})
