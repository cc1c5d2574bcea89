import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/errors.ts'
import { SECTION_BEGIN, SECTION_END, sectionIn, withSection } from '../../src/documents/files/section.ts'

const BEGIN = SECTION_BEGIN
const END = SECTION_END
const put = (file: string, section = 'new\n') => withSection(Buffer.from(file), section, 'STATUS.md').toString()

describe('a section of a file', () => {
  it.each([
    ['takes the place of an earlier one', `a\n${BEGIN}\nold\n${END}\nb\n`, `a\n${BEGIN}\nnew\n${END}\nb\n`],
    ['goes between marks with nothing between', `${BEGIN}\n${END}`, `${BEGIN}\nnew\n${END}`],
    ['keeps carriage returns', `a\r\n${BEGIN}\r\nold\r\n${END}\r\nb`, `a\r\n${BEGIN}\r\nnew\r\n${END}\r\nb`],
    ['keeps blanks beside marks', `  ${BEGIN}  \nold\n\t${END} \n`, `  ${BEGIN}  \nnew\n\t${END} \n`],
    ['goes to the end where there are no marks', 'a\n', `a\n\n${BEGIN}\nnew\n${END}\n`],
    ['goes behind a blank line that is there', 'a\n\n', `a\n\n${BEGIN}\nnew\n${END}\n`],
    ['leaves out the line feed that the file ends without', 'a', `a\n\n${BEGIN}\nnew\n${END}`],
    ['has the line ends of the file it goes to the end of', 'a\r\n', `a\r\n\r\n${BEGIN}\r\nnew\r\n${END}\r\n`],
    ['is all there is in an empty file', '', `${BEGIN}\nnew\n${END}\n`],
    [
      'takes marks in running text for text',
      `Put \`${BEGIN}\` before ${END}.\n`,
      `Put \`${BEGIN}\` before ${END}.\n\n${BEGIN}\nnew\n${END}\n`,
    ],
  ])('%s', (_, before, after) => expect(put(before)).toBe(after))

  it.each([
    ['only its begin', `${BEGIN}\nold\n`, 'Only one of the two marks'],
    ['only its end', `old\n${END}\n`, 'Only one of the two marks'],
    ['its end first', `${END}\n${BEGIN}\n`, 'ends before it begins'],
    ['two begins', `${BEGIN}\n${BEGIN}\n`, 'Only one of the two marks'],
    ['two of them', `${BEGIN}\n${END}\n${BEGIN}\n${END}\n`, 'several sections'],
    ['a byte 0', 'a\0b', 'no text file'],
  ])('is refused in a file with %s', (_, file, message) => {
    expect(() => put(file)).toThrow(OperatorError)
    expect(() => put(file)).toThrow(message)
    expect(() => put(file)).toThrow('nothing was written')
  })

  it('changes no byte outside its marks, and nothing the second time', () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array.filter((byte) => byte !== 0)))
    const section = fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\0\u2028\u2029]/g, '')),
      { maxLength: 3 },
    )
    fc.assert(
      fc.property(
        bytes,
        bytes,
        section,
        section,
        fc.constantFrom('\n', '\r\n'),
        (before, after, first, second, eol) => {
          const [head, tail] = [Buffer.concat([before, Buffer.from(eol)]), Buffer.concat([Buffer.from(eol), after])]
          const file = Buffer.concat([head, Buffer.from(`${BEGIN}${eol}old${eol}${END}`), tail])
          const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
          for (const lines of [first, second, second]) {
            const once = withSection(file, text(lines), 'f')
            expect(once.subarray(0, head.length)).toEqual(head)
            expect(once.subarray(once.length - tail.length)).toEqual(tail)
            expect(withSection(once, text(lines), 'f')).toEqual(once)
          }
        },
      ),
    )
  })

  it('is put at the end of any file without touching it, and found there', () => {
    const text = fc.array(fc.constantFrom('a', '\n', '\r\n', ' ', BEGIN.slice(4), 'ü')).map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (file) => {
        const once = put(file)
        expect(once.startsWith(file)).toBe(true)
        expect(put(once)).toBe(once)
        expect(put(put(once, 'other\n'))).toBe(once)
        expect(sectionIn(Buffer.from(once))?.trim()).toBe('new')
      }),
    )
  })
})
