import { describe, expect, it } from 'vitest'
import { scoreOf, tryAll } from '../../../bench/forecast-scores.ts'

describe('on made-up histories', () => {
  it.each([
    ['week', 'weekdays'],
    ['week', 'spike'],
    ['month', 'weekdays'],
    ['month', 'spike'],
  ] as const)(
    'of a %s with %s, the forecast errs less than even spending, at the median and in bad cases',
    (kind, history) => {
      const trials = tryAll(kind, history, 10, ['even', 'shipped'])
      const [shipped, even] = (['shipped', 'even'] as const).map((name) =>
        scoreOf(trials.filter(({ method }) => method === name)),
      )
      expect(shipped?.median).toBeLessThan(0.8 * (even?.median ?? 0))
      expect(shipped?.percentile90).toBeLessThan(0.8 * (even?.percentile90 ?? 0))
      expect(shipped?.inBand).toBeGreaterThan(0.6)
    },
  )
})
