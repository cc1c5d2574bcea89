import { describe, expect, it } from 'vitest'
import { createPricing, type PricingOptions } from '../../src/pricing/create-pricing.ts'
import { NOW, override, query, usdPrices } from './query.ts'

const pricing = createPricing()

describe('name', () => {
  it('gives the model and provider labels, nothing else', () => {
    expect(pricing.name('claude-sonnet-4-5')).toEqual({ model: 'claude-sonnet-4-5-20250929', provider: 'anthropic' })
    expect(pricing.name(' gpt-5 ')).toEqual({ model: 'gpt-5', provider: 'unknown' })
  })
})

describe('aliases', () => {
  it('price a dotted id that would be unpriced', () => {
    const aliases = new Map([['claude-sonnet-4.5', 'claude-sonnet-4-5']])
    const request = query({ model: 'claude-sonnet-4.5', tokens: { input: 1 } })
    expect(pricing.price(request).origin).toBe('none')
    expect(createPricing({ aliases }).price(request)).toMatchObject({ cost: 3_000_000, origin: 'calculated' })
  })

  it('may point at a price of the user', () => {
    const aliases = new Map([['claude-opus-5', 'house-model']])
    const overrides = [override('house-model', { standard: usdPrices(7, 7) })]
    const priced = createPricing({ aliases, overrides }).price(query({ model: 'claude-opus-5', tokens: { input: 1 } }))
    expect(priced).toMatchObject({ cost: 7_000_000, rate: { model: 'house-model' } })
  })
})

describe('listPrices', () => {
  const of = (model: string, time: number, options: PricingOptions = {}) =>
    createPricing(options)
      .listPrices(time)
      .filter((price) => price.model === model)
      .map(({ tokenClass, pico }) => [tokenClass, pico])

  it('lists the standard prices in force, in the order of the classes', () => {
    expect(of('claude-haiku-5-5', NOW)).toEqual([
      ['input', 100_000],
      ['cache_write_5m', 125_000],
      ['cache_write_1h', 200_000],
      ['cache_read', 10_000],
      ['output', 500_000],
    ])
  })

  it('follows the date', () => {
    expect(of('claude-sonnet-5-5', Date.parse('2026-10-06T00:00:00Z'))).toContainEqual(['cache_read', 200_000])
    expect(of('claude-sonnet-5-5', NOW)).toContainEqual(['cache_read', 100_000])
  })

  it('leaves out classes without a price', () => {
    expect(of('claude-2.1', NOW)).toEqual([
      ['input', 8_000_000],
      ['output', 24_000_000],
    ])
  })

  it('lists each model once, not its aliases', () => {
    const rows = pricing.listPrices(NOW)
    const keys = rows.map(({ model, tokenClass }) => `${model} ${tokenClass}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(new Set(rows.map(({ model }) => model)).size).toBe(32)
  })

  it('includes the prices of the user', () => {
    const overrides = [override('house-model', { standard: usdPrices(7, 8) })]
    expect(of('house-model', NOW, { overrides })).toContainEqual(['output', 8_000_000])
  })
})

describe('version', () => {
  it('is the same for the same prices', () => {
    expect(createPricing().version).toBe(pricing.version)
    expect(createPricing({ overrides: [], aliases: new Map(), recordedCosts: 'auto' }).version).toBe(pricing.version)
    expect(pricing.version).toMatch(/^[0-9a-f]{12}$/)
  })

  it.each<PricingOptions>([
    { overrides: [override('house-model', { standard: usdPrices(7, 8) })] },
    { overrides: [override('claude-opus-5', { standard: usdPrices(5, 25) })] },
    { overrides: [override('claude-opus-5', { since: '2026-11-01', standard: usdPrices(5, 26) })] },
    { aliases: new Map([['a', 'claude-opus-5']]) },
    { recordedCosts: 'recorded' },
    { bedrockRegionFactor: false },
  ])('changes with %j', (options) => {
    expect(createPricing(options).version).not.toBe(pricing.version)
  })
})
