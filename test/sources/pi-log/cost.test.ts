import { describe, expect, it } from 'vitest'
import { readCost } from '../../../src/sources/pi-log/cost.ts'

describe('readCost', () => {
  it.each([
    {
      when: 'an estimate',
      cost: { input: 0.000036, total: 0.011436 },
      is: { pico: 11_436_000_000n, origin: 'client' },
    },
    { when: 'a tiny estimate', cost: { total: 1e-7 }, is: { pico: 100_000n, origin: 'client' } },
    {
      when: 'a billed amount of pi',
      cost: { total: 0.5, totalFromProvider: true },
      is: { pico: 500_000_000_000n, origin: 'provider' },
    },
    {
      when: 'a billed amount of OpenClaw',
      cost: { total: 0.5, totalOrigin: 'provider-billed' },
      is: { pico: 500_000_000_000n, origin: 'provider' },
    },
    { when: 'a billed 0', cost: { total: 0, totalFromProvider: true }, is: { pico: 0n, origin: 'provider' } },
    {
      when: 'an estimate of 0, which says that no price was known',
      cost: { total: 0, totalFromProvider: false },
      is: null,
    },
    { when: 'parts without a total', cost: { input: 1, output: 2 }, is: null },
    { when: 'no cost', cost: undefined, is: null },
    { when: 'something else', cost: 'free', is: null },
  ])('$when', ({ cost, is }) => {
    const check = { bad: false }
    expect(readCost(cost, check)).toEqual(is)
    expect(check.bad).toBe(false)
  })

  it.each([{ total: -1 }, { total: '1.5' }, { total: 1e300 }, { total: 1_000_001 }])(
    'refuses %j and says so',
    (cost) => {
      const check = { bad: false }
      expect(readCost(cost, check)).toBeNull()
      expect(check.bad).toBe(true)
    },
  )
})
