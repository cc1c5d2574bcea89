import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displayWidth, truncate } from '../../../src/cli/terminal/width.ts'

describe('width', () => {
  it.each([
    ['shop', 4],
    ['naïve', 5],
    ['nai\u0308ve', 5],
    ['商店', 4],
    ['🛒 shop', 7],
    ['👩‍👩‍👧', 2],
    ['❤\ufe0f', 2],
    ['a\u200bb', 2],
    ['', 0],
  ])('"%s" takes %s columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns)
  })

  it.each([
    ['shop', 4, 'shop'],
    ['shopping', 4, 'sho…'],
    ['商店街', 4, '商…'],
    ['商店街', 5, '商店…'],
    ['shop', 0, ''],
    ['shop', 1, '…'],
  ])('"%s" in %s columns is "%s"', (text, columns, cut) => {
    expect(truncate(text, columns)).toBe(cut)
  })

  it('never cuts to more than it may, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 20 }), (text, columns) => {
        expect(displayWidth(truncate(text, columns))).toBeLessThanOrEqual(columns)
      }),
    )
  })
})
