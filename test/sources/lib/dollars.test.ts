import { describe, expect, it } from 'vitest'
import { readDollars } from '../../../src/sources/lib/dollars.ts'

function read(value: unknown) {
  const check = { bad: false }
  return { pico: readDollars(value, check), isBad: check.bad }
}

describe('readDollars', () => {
  it.each([
    { value: 0, pico: 0n },
    { value: 0.011436, pico: 11_436_000_000n },
    { value: 1e-7, pico: 100_000n },
    { value: 999_999, pico: 999_999_000_000_000_000n },
    { value: null, pico: null },
    { value: undefined, pico: null },
  ])('reads $value as $pico pico-dollars', ({ value, pico }) => {
    expect(read(value)).toEqual({ pico, isBad: false })
  })

  it.each([-0.01, 1_000_000, 1e300, Number.NaN, '0.01', true, {}])('gives null for %j and marks it', (value) => {
    expect(read(value)).toEqual({ pico: null, isBad: true })
  })
})
