import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bar,
  formatBytes,
  formatCompact,
  formatCount,
  formatRatio,
  formatUsd,
  formatUsdExact,
} from '../../../src/cli/terminal/figures.ts'
import { durationText } from '../../../src/core/duration-text.ts'
import { picoFromDecimal } from '../../../src/core/money.ts'

const pico = (usd: string) => picoFromDecimal(usd) ?? 0n

describe('figures', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [1_234_567, '1,234,567'],
    [12_345_678_901_234_567_890n, '12,345,678,901,234,567,890'],
  ])('count %s is %s', (count, text) => {
    expect(formatCount(count)).toBe(text)
  })

  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1.00k'],
    [12_345, '12.3k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
    [1_234_567_890n, '1.23B'],
    [5_000_000_000_000_000, '5,000,000,000,000,000'],
  ])('compact %s is %s', (count, text) => {
    expect(formatCompact(count)).toBe(text)
  })

  it.each([
    ['0', '$0.00'],
    ['0.00000001', '<$0.0001'],
    ['0.00005', '<$0.0001'],
    ['0.000051', '$0.0001'],
    ['0.0042', '$0.0042'],
    ['0.0999', '$0.0999'],
    ['0.09999', '$0.10'],
    ['0.1', '$0.10'],
    ['1.005', '$1.00'],
    ['1234.56', '$1,234.56'],
    ['9223372036854775808.01', '$9,223,372,036,854,775,808.01'],
    ['-3.5', '-$3.50'],
  ])('%s dollars are %s', (usd, text) => {
    expect(formatUsd(pico(usd))).toBe(text)
  })

  it.each([
    ['0', '$0.00'],
    ['1.5', '$1.50'],
    ['0.000000000001', '$0.000000000001'],
    ['0.0000055', '$0.0000055'],
    ['1234567.1', '$1,234,567.10'],
    ['-0.25', '-$0.25'],
  ])('%s dollars are exactly %s', (usd, text) => {
    expect(formatUsdExact(pico(usd))).toBe(text)
  })

  it('exact dollars lose no digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (amount) => {
        expect(picoFromDecimal(formatUsdExact(amount).replace(/[$,]/g, ''))).toBe(amount)
      }),
    )
  })

  it.each([
    [0, '0.0%'],
    [0.0001, '<0.1%'],
    [0.9123, '91.2%'],
    [1, '100.0%'],
    [1.5, '150.0%'],
  ])('ratio %s is %s', (ratio, text) => {
    expect(formatRatio(ratio)).toBe(text)
  })

  it.each([
    [-5, '0 s'],
    [45_000, '45 s'],
    [59_600, '1 min'],
    [3_600_000, '1 h'],
    [6_600_000, '1 h 50 min'],
    [86_400_000, '1 d'],
    [97_200_000, '1 d 3 h'],
    [40 * 86_400_000, '40 d'],
  ])('%s ms are %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [12_345, '12.3 kB'],
    [999_600, '1.0 MB'],
    [1_234_567_890, '1.2 GB'],
    [5_000_000_000_000, '5.00 TB'],
  ])('%s bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it.each([
    [0, ''],
    [0.5, '█████'],
    [0.0125, '▏'],
    [1, '██████████'],
    [7, '██████████'],
  ])('a share of %s is a bar of "%s"', (share, text) => {
    expect(bar(share, 10)).toBe(text)
  })
})
