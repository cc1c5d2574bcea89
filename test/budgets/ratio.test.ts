import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ratioOf, reachesRatio } from '../../src/budgets/ratio.ts'

describe('ratioOf', () => {
  it.each([
    ['nothing', 0n, 5n, 0],
    ['a third', 1n, 3n, 1 / 3],
    ['more than one', 6_862n, 5_000n, 1.3724],
    ['less than nothing', -1n, 4n, -0.25],
    ['amounts beyond doubles', 10n ** 40n + 1n, 2n * 10n ** 40n, 0.5],
    ['a tiny share', 1n, 10n ** 40n, 1e-40],
    ['a huge multiple', 10n ** 40n, 1n, 1e40],
    ['just above the middle of two doubles', 4_503_599_627_370_481n, 9_007_199_254_740_961n, 0.5000000000000001],
    ['17 digits', 12_345_678_901_234_567n, 10n ** 16n, 1.2345678901234567],
  ])('%s', (_case, numerator, denominator, expected) => {
    expect(ratioOf(numerator, denominator)).toBe(expected)
  })

  it('is what dividing doubles gives while they are exact', () => {
    const exact = Number.MAX_SAFE_INTEGER
    fc.assert(
      fc.property(fc.integer({ min: -exact, max: exact }), fc.integer({ min: 1, max: exact }), (a, b) => {
        expect(ratioOf(BigInt(a), BigInt(b)) + 0).toBe(a / b + 0)
      }),
    )
  })

  it('does not change when both are multiplied', () => {
    const amount = fc.bigInt({ min: 1n, max: 10n ** 40n })
    fc.assert(
      fc.property(amount, amount, amount, (a, b, factor) => {
        expect(ratioOf(a * factor, b * factor)).toBe(ratioOf(a, b))
      }),
    )
  })
})

describe('reachesRatio', () => {
  it.each([
    ['three quarters', 0.75, 75n, 100n],
    ['nine tenths, which no double is', 0.9, 9n * 10n ** 29n, 10n ** 30n],
    ['seven tenths', 0.7, 7n * 10n ** 39n, 10n ** 40n],
    ['a ratio written with an exponent', 1e-7, 1n, 10_000_000n],
    ['a large ratio written with an exponent', 1e21, 10n ** 21n, 1n],
    ['all of it', 1, 10n ** 40n, 10n ** 40n],
    ['more than all of it', 1.5, 15n, 10n],
    ['a share that is no whole number', 0.75, 3n, 3n],
  ])('%s, from the very amount on', (_case, ratio, amount, whole) => {
    expect(reachesRatio(amount, whole, ratio)).toBe(true)
    expect(reachesRatio(amount - 1n, whole, ratio)).toBe(false)
  })
})
