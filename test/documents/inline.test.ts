import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { literal, name, nameInCell, sentence } from '../../src/documents/markdown/inline.ts'
import { left, table } from '../../src/documents/markdown/table.ts'
import { cellsByEscape, cellsByPipe, openText } from './gfm.ts'

describe('a name', () => {
  it.each([
    ['plain', 'shop', '`shop`'],
    ['with a backtick', 'a`b', '``a`b``'],
    ['with a backtick at its end', 'a`', '`` a` ``'],
    ['with blanks at both ends', ' a ', '`  a  `'],
    ['of nothing', '', '(empty)'],
    ['of blanks', '  ', '(empty)'],
    ['with a line feed', 'a\nb', '`a\\u000ab`'],
    ['with a direction mark', '\u202ea', '`\\u202ea`'],
    ['with half a character', 'a\ud800', '`a\ufffd`'],
    ['with markup', '<b>@x</b>', '`<b>@x</b>`'],
  ])('%s', (_, text, expected) => expect(name(text)).toBe(expected))

  it.each([
    ['with a bar', 'a|b', '`a\\|b`'],
    ['with a backslash before a bar', 'a\\|b', '`a\\u005c\\|b`'],
    ['with a backslash at its end', 'a\\', '`a\\`'],
  ])('in a cell, %s', (_, text, expected) => expect(nameInCell(text)).toBe(expected))

  it('is cut off where nobody reads on, never within a character', () => {
    expect(name('x'.repeat(10_000))).toBe(`\`${'x'.repeat(79)}…\``)
    expect(name('😀'.repeat(200))).toBe(`\`${'😀'.repeat(79)}…\``)
    expect(name('😀'.repeat(80))).toBe(`\`${'😀'.repeat(80)}\``)
  })
})

describe('a sentence', () => {
  it.each([
    ['of words', 'Budget shop has used 114.0% of $260.00.', 'Budget shop has used 114.0% of $260.00.'],
    ['with markup', 'a *b* [c](d) <e> f_g', 'a \\*b\\* \\[c\\](d) \\<e\\> f\\_g'],
    ['with a mention', 'ask @octocat.', 'ask `@octocat`.'],
    ['with a reference', 'see (acme/shop#12)', 'see (`acme/shop#12`)'],
    ['with an address', 'at https://evil.example/a|b, now', 'at `https://evil.example/a\\u007cb`, now'],
    ['with an address without a scheme', 'www.evil.example', '`www.evil.example`'],
    ['that begins like a list', '1. first', '1\\. first'],
    ['that begins with a number', '6.1 M tokens', '6.1 M tokens'],
    ['that begins like an item', '- item', '\\- item'],
    ['over two lines', 'a\n# b', '`a\\u000a#` b'],
  ])('%s', (_, text, expected) => expect(sentence(text)).toBe(expected))
})

describe('whatever the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('`', '``', '|', '\\', ' ', '\n', '@a', '#1', '<', '*', 'a', '-', '.', '"', '://'))
      .map((parts) => parts.join('')),
  )

  it('a table has as many cells as columns, by any reader', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
        const cells = texts.flatMap((one) => [nameInCell(one), sentence(one) || 'none'])
        const lines = table(
          cells.map(() => left('x')),
          [cells],
        )
        for (const line of lines) {
          expect(line).not.toMatch(/[\n\r]/)
          expect(cellsByPipe(line)).toHaveLength(cells.length)
          expect(cellsByEscape(line)).toHaveLength(cells.length)
        }
      }),
    )
  })

  it('no markup is left outside code spans', () => {
    fc.assert(
      fc.property(text, (one) => {
        for (const inline of [name(one), nameInCell(one), literal(one), sentence(one)]) {
          expect(openText(inline)).not.toMatch(/[<>*_[\]`|&~@#]|:\/\//)
        }
      }),
    )
  })
})
