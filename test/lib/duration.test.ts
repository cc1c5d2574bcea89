import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../src/lib/duration.ts'

describe('parseDuration', () => {
  it.each([
    { text: '250ms', ms: 250 },
    { text: '60s', ms: 60_000 },
    { text: '10m', ms: 600_000 },
    { text: '1h30m', ms: 5_400_000 },
    { text: '400d', ms: 34_560_000_000 },
    { text: '2w', ms: 1_209_600_000 },
    { text: ' 5s ', ms: 5_000 },
    { text: '90', ms: 90_000 },
    { text: '0.5', ms: 500 },
    { text: 90, ms: 90_000 },
    { text: 0.25, ms: 250 },
    { text: 0, ms: 0 },
  ])('reads $text as $ms ms', ({ text, ms }) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', 's', '-1s', '1.5h', '1 h', '5y', '1h 30m', 'soon', -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %s',
    (text) => {
      expect(parseDuration(text)).toBeNull()
    },
  )
})
