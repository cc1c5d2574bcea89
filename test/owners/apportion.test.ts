import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion, roundTogether } from '../../src/owners/apportion.ts'

const sumOf = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n)
const amount = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })

describe('apportion', () => {
  it.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [100n, [1n, 2n], [33n, 67n]],
    [-100n, [1n, 2n], [-33n, -67n]],
    [7n, [0n, 5n, -3n], [0n, 7n, 0n]],
    [0n, [1n, 1n], [0n, 0n]],
  ])('%s by %s is %s', (total, weights, parts) => {
    expect(apportion(total, weights)).toEqual(parts)
  })

  it('knows no answer without weight', () => {
    expect([apportion(5n, []), apportion(5n, [0n, -1n])]).toEqual([null, null])
  })

  it('gives parts that add up to the amount, each less than one off', () => {
    fc.assert(
      fc.property(amount, fc.array(fc.bigInt({ min: -5n, max: 10n ** 18n }), { minLength: 1 }), (total, weights) => {
        const parts = apportion(total, weights)
        const all = sumOf(weights.filter((weight) => weight > 0n))
        if (parts === null) return all === 0n
        expect(sumOf(parts)).toBe(total)
        return parts.every((part, index) => {
          const weight = weights[index] ?? 0n
          const off = part * all - total * (weight > 0n ? weight : 0n)
          return (off < 0n ? -off : off) < all
        })
      }),
    )
  })
})

describe('roundTogether', () => {
  it.each([
    [[33n, 33n, 34n], 10n, [3n, 3n, 4n]],
    [[15n, 15n], 10n, [2n, 1n]],
    [[-15n, 5n], 10n, [-1n, 0n]],
    [[], 10n, []],
  ])('%s in units of %s is %s', (amounts, unit, rounded) => {
    expect(roundTogether(amounts, unit)).toEqual(rounded)
  })

  it('gives amounts that add up to the rounded sum, each less than a unit off', () => {
    fc.assert(
      fc.property(fc.array(amount), fc.bigInt({ min: 1n, max: 10n ** 10n }), (amounts, unit) => {
        const rounded = roundTogether(amounts, unit)
        const off = sumOf(rounded) * unit - sumOf(amounts)
        expect((off < 0n ? -off : off) * 2n <= unit).toBe(true)
        return rounded.every((value, index) => {
          const difference = value * unit - (amounts[index] ?? 0n)
          return (difference < 0n ? -difference : difference) < unit
        })
      }),
    )
  })
})
