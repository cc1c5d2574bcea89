import { describe, expect, it } from 'vitest'
import { wrap } from '../../../src/cli/terminal/wrap.ts'

describe('wrap', () => {
  it.each([
    { text: 'one two three', width: 80, indent: 0, lines: ['one two three'] },
    { text: 'one two three', width: 7, indent: 0, lines: ['one two', 'three'] },
    { text: 'Label  one two three', width: 14, indent: 7, lines: ['Label  one two', '       three'] },
    { text: 'unbreakable', width: 5, indent: 2, lines: ['unbreakable'] },
    { text: '', width: 5, indent: 0, lines: [''] },
  ])('"$text" in $width columns', ({ text, width, indent, lines }) => {
    expect(wrap(text, width, indent)).toEqual(lines)
  })
})
