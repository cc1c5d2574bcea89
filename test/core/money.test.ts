import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountOf, setAmount, zeroMeasures } from '../../src/core/measures.ts'
import { decimalFromPico, divideHalfEven, picoFromDecimal, usdFromPico } from '../../src/core/money.ts'

describe('picoFromDecimal', () => {
  it.each([
    ['0', 0n],
    ['0.011436', 11_436_000_000n],
    ['1e-7', 100_000n],
    ['2.5E+3', 2_500_000_000_000_000n],
    ['-1.5', -1_500_000_000_000n],
    ['0.0000000000005', 0n],
    ['0.0000000000015', 2n],
    ['0.0000000000025', 2n],
    ['0.00000000000250001', 3n],
    ['123456789.000000000001', 123_456_789_000_000_000_001n],
  ])('%s dollars are %s pico-dollars', (text, pico) => {
    expect(picoFromDecimal(text)).toBe(pico)
  })

  it.each(['', 'NaN', 'Infinity', '1,5', '0x10', '1e9999', ' 1'])('%j is no amount', (text) => {
    expect(picoFromDecimal(text)).toBeNull()
  })
})

describe('decimalFromPico', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000000000001'],
    [11_436_000_000n, '0.011436'],
    [-1_500_000_000_000n, '-1.5'],
    [42_000_000_000_000n, '42'],
  ])('%s', (pico, text) => {
    expect(decimalFromPico(pico)).toBe(text)
  })

  it('is undone by picoFromDecimal', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), (pico) => picoFromDecimal(decimalFromPico(pico)) === pico),
    )
  })

  it('gives floats their nearest value', () => {
    expect(usdFromPico(100_000_000_000n)).toBe(0.1)
  })
})

describe('divideHalfEven', () => {
  it.each([
    [5n, 2n, 2n],
    [7n, 2n, 4n],
    [7n, 3n, 2n],
    [8n, 3n, 3n],
  ])('%s / %s = %s', (numerator, denominator, quotient) => {
    expect(divideHalfEven(numerator, denominator)).toBe(quotient)
  })
})

describe('amounts in two columns', () => {
  it('are exact at any size, given as number or bigint', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(Number.MAX_SAFE_INTEGER), fc.bigInt(0n, 10n ** 27n)), (pico) => {
        const values = zeroMeasures()
        setAmount(values, 'cost_usd', pico)
        expect(amountOf(values, 'cost_usd')).toBe(BigInt(pico))
      }),
    )
  })
})
