import { describe, expect, it } from 'vitest'
import { countText, percentText, usdText } from '../../src/core/figure-text.ts'
import { cut, nameText } from '../../src/lib/name-text.ts'
import { amountText, timeText } from '../../src/notify/values.ts'

describe('values in notices', () => {
  it.each([
    ['dollars to the cent', usdText(68_620_000_000_000n), '$68.62'],
    ['dollars over', usdText(-18_620_000_000_000n), '-$18.62'],
    ['half a cent to the even one below', usdText(1_005_000_000_000n), '$1.00'],
    ['half a cent to the even one above', usdText(1_015_000_000_000n), '$1.02'],
    ['thousands of dollars', usdText(1_234_567_890_000_000_000n), '$1,234,567.89'],
    ['next to nothing', usdText(1n), '$0.00'],
    ['tokens of a budget', amountText(1_000_000n, 'tokens'), '1,000,000 tokens'],
    ['tokens beyond what a float holds', amountText(9_007_199_254_740_993n, 'tokens'), '9,007,199,254,740,993 tokens'],
    ['tokens per minute', countText(3_500_000.4), '3,500,000'],
    ['a share', percentText(1.3724), '137.2%'],
    ['a time in summer', timeText(Date.parse('2026-05-04T07:12:44Z'), 'Europe/Berlin'), '2026-05-04 09:12 +02:00'],
    ['a time in UTC', timeText(0, 'UTC'), '1970-01-01 00:00 +00:00'],
  ])('%s', (_when, text, expected) => {
    expect(text).toBe(expected)
  })

  it('cuts a long name without halving a character', () => {
    expect(nameText('x'.repeat(200))).toBe(`${'x'.repeat(79)}…`)
    expect(cut('ab😀cd', 4)).toBe('ab…')
    expect(cut('ab😀cd', 5)).toBe('ab😀…')
    expect(cut('ab😀cd', 6)).toBe('ab😀cd')
  })

  it('keeps a name on its line', () => {
    expect(nameText('shop\n\u202eevil\u001b[31m')).toBe('shop\\u000a\\u202eevil\\u001b[31m')
  })
})
