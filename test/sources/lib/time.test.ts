import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTime } from '../../../src/sources/lib/time.ts'

function read(value: unknown) {
  const check = { bad: false }
  return { time: readTime(value, check), isBad: check.bad }
}

describe('readTime', () => {
  it.each([
    { value: '2026-05-04T09:12:44.120Z', time: Date.UTC(2026, 4, 4, 9, 12, 44, 120) },
    { value: '2026-01-31T23:59:59.999Z', time: Date.UTC(2026, 0, 31, 23, 59, 59, 999) },
    { value: '2026-05-04T09:12:44Z', time: Date.UTC(2026, 4, 4, 9, 12, 44) },
    { value: '2026-05-04T09:12:44.123456Z', time: Date.UTC(2026, 4, 4, 9, 12, 44, 123) },
    { value: '2026-05-04T09:12:44+02:00', time: Date.UTC(2026, 4, 4, 7, 12, 44) },
    { value: '2026-05-04T09:12:44', time: Date.UTC(2026, 4, 4, 9, 12, 44) },
    { value: '2026-05-04', time: Date.UTC(2026, 4, 4) },
    { value: 1_777_885_964_120.9, time: 1_777_885_964_120 },
  ])('reads $value, in UTC where it names no zone', ({ value, time }) => {
    expect(read(value)).toEqual({ time, isBad: false })
  })

  it.each([undefined, null, ''])('gives null for %j, which is no damage', (value) => {
    expect(read(value)).toEqual({ time: null, isBad: false })
  })

  it.each([
    'yesterday',
    '2026',
    '2026-13-01T00:00:00.000Z',
    '2026-05-04T25:00:00.000Z',
    '2026-05-04T09:6x:44.120Z',
    ' 2026-05-04T09:12:44.120Z',
    '0001-01-01T00:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
    `2026-05-04T09:12:44.${'1'.repeat(40)}Z`,
    0,
    -5,
    1e300,
    true,
    {},
  ])('gives null for %j and marks it', (value) => {
    expect(read(value)).toEqual({ time: null, isBad: true })
  })

  it('reads back every time that is written as Date writes it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Date.UTC(9999, 11, 31) }), (time) => {
        expect(read(new Date(time).toISOString())).toEqual({ time, isBad: false })
      }),
    )
  })
})
