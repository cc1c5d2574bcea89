import { describe, expect, it } from 'vitest'
import { boundText, numberText, valueText } from '../../../src/metrics/render/value.ts'

describe('valueText', () => {
  it.each([
    { value: 0n, scale: 'one', text: '0' },
    { value: 18_446_744_073_709_551_617n, scale: 'one', text: '18446744073709551617' },
    { value: 1n, scale: 'pico', text: '0.000000000001' },
    { value: 11_436_000_000n, scale: 'pico', text: '0.011436' },
    { value: 9_300_000_000_000_000_001n, scale: 'pico', text: '9300000.000000000001' },
    { value: 0n, scale: 'pico', text: '0' },
    { value: -2_500_000_000_000n, scale: 'pico', text: '-2.5' },
    { value: 0.1, scale: 'one', text: '0.1' },
  ] as const)('writes $value ($scale) as $text', ({ value, scale, text }) => {
    expect(valueText(value, scale)).toBe(text)
  })
})

describe('numberText', () => {
  it.each([
    [-0, '0'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    [1_749_988_799.25, '1749988799.25'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
    [Number.NaN, 'NaN'],
  ])('writes %d as %s', (value, text) => {
    expect(numberText(value)).toBe(text)
  })
})

describe('boundText', () => {
  it.each([
    [1, '1.0'],
    [600, '600.0'],
    [0.25, '0.25'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ])('writes %d as %s', (bound, text) => {
    expect(boundText(bound)).toBe(text)
  })
})
