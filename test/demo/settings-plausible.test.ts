import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plausibleBetween } from '../../src/demo/plausible.ts'

describe('plausibleBetween', () => {
  it.each([
    { low: 116n, high: 131n, amount: 120n },
    { low: 880n, high: 1_190n, amount: 1_000n },
    { low: 1_234n, high: 1_236n, amount: 1_235n },
    { low: 7n, high: 7n, amount: 7n },
  ])('$low to $high is $amount', ({ low, high, amount }) => {
    expect(plausibleBetween(low, high)).toBe(amount)
  })

  it('never leaves the range', () => {
    const amounts = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 18n }), fc.bigInt({ min: 0n, max: 10n ** 18n }))
    fc.assert(
      fc.property(amounts, ([low, width]) => {
        const amount = plausibleBetween(low, low + width)
        expect(amount >= low && amount <= low + width).toBe(true)
      }),
    )
  })
})
