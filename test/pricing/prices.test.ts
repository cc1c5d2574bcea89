import { describe, expect, it } from 'vitest'
import { startOfDay } from '../../src/pricing/price-list.ts'
import type { DatedPrices, Factor, ModelPrices } from '../../src/pricing/price-table.ts'
import { PRICE_TABLE } from '../../src/pricing/prices.ts'

const { cacheRule, factors, models } = PRICE_TABLE

const rows = models.flatMap((model) =>
  (['standard', 'long', 'fast'] as const).flatMap((list) =>
    (model[list] ?? []).map((prices) => ({ id: model.id, list, ...prices, from: prices.from ?? '' })),
  ),
)

describe('the shipped price table', () => {
  it('names every model and alias once', () => {
    const names = models.flatMap(({ id, aliases = [] }) => [id, ...aliases])
    expect(names).toHaveLength(new Set(names).size)
    expect(models).toHaveLength(32)
  })

  it('is as of its newest evidence', () => {
    expect(PRICE_TABLE.asOf).toBe(
      models
        .map(({ asOf }) => asOf)
        .sort()
        .at(-1),
    )
  })

  it('gives a source and a real day for every model', () => {
    for (const { id, source, asOf } of models) {
      expect(source, id).not.toBe('')
      expect(new Date(startOfDay(asOf)).toISOString(), id).toMatch(asOf)
    }
  })

  it('follows the cache rule: writes 1.25x and 2x of input, reads 0.1x, but for the listed exceptions', () => {
    const checked = rows.filter(({ id, usd }) => usd[3] !== null && !cacheRule.rounded.includes(id))
    expect(checked).toHaveLength(39)
    for (const { id, list, from, usd } of checked) {
      const [input, write5m, write1h, read] = usd
      const exception = cacheRule.readExceptions.find((known) => known.model === id && known.since <= from)
      const expected = [cacheRule.write5m, cacheRule.write1h, exception?.read ?? cacheRule.read]
      expect([write5m, write1h, read], `${id} ${list} ${from}`).toEqual(expected.map((factor) => times(input, factor)))
    }
  })

  it('needs every exception it lists', () => {
    const names = [...cacheRule.readExceptions.map(({ model }) => model), ...cacheRule.rounded]
    for (const name of names) {
      const row = rows.findLast(({ id, list }) => id === name && list === 'standard')
      expect(row?.usd[3], name).not.toBe(times(row?.usd[0] ?? Number.NaN, cacheRule.read))
    }
  })

  it('keeps every price whole in pico-dollars per token under every factor', () => {
    const denominator = factors.us[1] * factors.region[1] * factors.batch[1]
    for (const { id, usd } of rows) {
      for (const price of usd) {
        const pico = (price ?? 0) * 1_000_000
        expect(Math.abs(pico - Math.round(pico)), id).toBeLessThan(1e-6)
        expect(Math.round(pico) % denominator, id).toBe(0)
      }
    }
  })

  it('has standard prices for all time, without gaps', () => {
    for (const { id, standard } of models) {
      expect(standard.at(-1)?.to, id).toBeUndefined()
      standard.slice(1).forEach((prices, index) => {
        expect(standard[index]?.to, id).toBe(prices.from)
      })
    }
  })

  it('charges more for long prompts and fast mode than for standard', () => {
    for (const { id, list, usd } of rows.filter((row) => row.list !== 'standard')) {
      const standard = models.find((model) => model.id === id)?.standard.at(-1)?.usd
      usd.forEach((price, index) => {
        expect(price, `${id} ${list}`).toBeGreaterThan(standard?.[index] ?? Number.NaN)
      })
    }
  })
})

// Prices Claude Code 2.1.329 uses for its own /cost: in, out, 5m write, 1h write, read, dollars per million tokens.
const CLIENT_CATALOG: readonly [models: string, list: 'standard' | 'long', prices: readonly number[]][] = [
  ['claude-3-5-haiku-20241022', 'standard', [0.8, 4, 1, 1.6, 0.08]],
  ['claude-haiku-4-5-20251001', 'standard', [1, 5, 1.25, 2, 0.1]],
  ['claude-haiku-5-5', 'standard', [0.1, 0.5, 0.125, 0.2, 0.01]],
  ['claude-haiku-5-5', 'long', [0.5, 2.5, 0.625, 1, 0.05]],
  ['claude-3-5-sonnet-20241022', 'standard', [3, 15, 3.75, 6, 0.3]],
  ['claude-3-7-sonnet-20250219', 'standard', [3, 15, 3.75, 6, 0.3]],
  ['claude-sonnet-4-20250514', 'standard', [3, 15, 3.75, 6, 0.3]],
  ['claude-sonnet-4-5-20250929', 'standard', [3, 15, 3.75, 6, 0.3]],
  ['claude-sonnet-4-6', 'standard', [3, 15, 3.75, 6, 0.3]],
  ['claude-sonnet-5', 'standard', [2, 10, 2.5, 4, 0.2]],
  ['claude-sonnet-5-5', 'standard', [2, 10, 2.5, 4, 0.1]],
  ['claude-opus-4-20250514', 'standard', [15, 75, 18.75, 30, 1.5]],
  ['claude-opus-4-1-20250805', 'standard', [15, 75, 18.75, 30, 1.5]],
  ['claude-opus-4-5-20251101', 'standard', [5, 25, 6.25, 10, 0.5]],
  ['claude-opus-4-6', 'standard', [5, 25, 6.25, 10, 0.5]],
  ['claude-opus-4-7', 'standard', [5, 25, 6.25, 10, 0.5]],
  ['claude-opus-4-8', 'standard', [5, 25, 6.25, 10, 0.5]],
  ['claude-opus-5', 'standard', [5, 25, 6.25, 10, 0.5]],
  ['claude-opus-5-5', 'standard', [4, 20, 5, 8, 0.2]],
  ['claude-fable-5', 'standard', [10, 50, 12.5, 20, 1]],
  ['claude-mythos-5', 'standard', [10, 50, 12.5, 20, 1]],
  ['claude-fable-5-1', 'standard', [10, 50, 12.5, 20, 0.25]],
  ['claude-mythos-5-1', 'standard', [10, 50, 12.5, 20, 0.25]],
  ['claude-fable-5-2', 'standard', [8, 40, 10, 16, 0.2]],
  ['claude-mythos-5-2', 'standard', [8, 40, 10, 16, 0.2]],
]

describe('the catalog of the Claude Code client', () => {
  it.each(CLIENT_CATALOG)('agrees on %s, %s', (id, list, [input, output, write5m, write1h, read]) => {
    expect(
      latest(
        models.find((model) => model.id === id),
        list,
      )?.usd,
    ).toEqual([input, write5m, write1h, read, output])
  })

  it.each([
    ['claude-opus-4-6', 30, 150, 3],
    ['claude-opus-4-7', 30, 150, 3],
    ['claude-opus-4-8', 10, 50, 1],
    ['claude-opus-5', 10, 50, 1],
    ['claude-opus-5-5', 8, 40, 0.4],
    ['claude-fable-5-2', 16, 80, 0.4],
  ])('agrees on %s, fast: %d in, %d out, %d read', (id, input, output, read) => {
    const usd = latest(
      models.find((model) => model.id === id),
      'fast',
    )?.usd
    expect([usd?.[0], usd?.[4], usd?.[3]]).toEqual([input, output, read])
  })
})

function latest(model: ModelPrices | undefined, list: 'standard' | 'long' | 'fast'): DatedPrices | undefined {
  return model?.[list]?.at(-1)
}

/** Rounded to what a decimal price can hold, to undo the binary fraction. */
function times(usd: number, [numerator, denominator]: Factor): number {
  return Number(((usd * numerator) / denominator).toFixed(6))
}
