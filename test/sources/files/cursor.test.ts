import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor, type FileCursor, isReadThrough } from '../../../src/sources/files/cursor.ts'

const cursor: FileCursor = { stamp: '120-1700', offset: 120, head: 'aaaa', tail: 'bbbb', state: 's', mark: '' }

describe('a saved cursor', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.record<FileCursor>({
          stamp: fc.string(),
          offset: fc.maxSafeNat(),
          head: fc.string(),
          tail: fc.string(),
          state: fc.option(fc.string({ unit: 'binary' })),
          mark: fc.constantFrom('', 'oversize', 'torn'),
        }),
        (any) => {
          expect(decodeCursor(encodeCursor(any))).toEqual(any)
        },
      ),
    )
  })

  it('is short', () => {
    expect(encodeCursor(cursor).length).toBeLessThan(120)
  })

  it.each([
    { what: 'its stamp and size', stamp: '120-1700', size: 120, expected: true },
    { what: 'a larger file', stamp: '121-1700', size: 121, expected: false },
    { what: 'another time', stamp: '120-1701', size: 120, expected: false },
    { what: 'a time that begins alike', stamp: '120-170', size: 120, expected: false },
    { what: 'a file with more than was read', stamp: '120-1700', size: 1200, expected: false },
    { what: 'a size that begins alike', stamp: '120-1700', size: 12, expected: false },
  ])('says that a file was read to its end: $expected for $what', ({ stamp, size, expected }) => {
    expect(isReadThrough(encodeCursor(cursor), stamp, size)).toBe(expected)
  })
})
