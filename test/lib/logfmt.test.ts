import { describe, expect, it } from 'vitest'
import { formatLogfmt } from '../../src/lib/logfmt.ts'

describe('formatLogfmt', () => {
  it('puts time, level and message first', () => {
    const event = { level: 'info', time: '2026-03-01T00:00:00.000Z', files: 3, msg: 'Loaded' }
    expect(formatLogfmt(event)).toBe('time=2026-03-01T00:00:00.000Z level=info msg=Loaded files=3')
  })

  it.each([
    { what: 'plain text', facts: { a: 'x/y.z' }, line: 'a=x/y.z' },
    { what: 'text with blanks', facts: { a: 'x y' }, line: 'a="x y"' },
    { what: 'quotes and equal signs', facts: { a: '"=' }, line: 'a="\\"="' },
    { what: 'backslashes', facts: { a: 'C:\\x' }, line: 'a="C:\\\\x"' },
    { what: 'line feeds', facts: { a: 'x\ny' }, line: 'a="x\\ny"' },
    { what: 'empty text', facts: { a: '' }, line: 'a=""' },
    { what: 'numbers, switches and null', facts: { a: 1.5, b: false, c: null }, line: 'a=1.5 b=false c=null' },
    { what: 'lists', facts: { a: [1, 'x'] }, line: 'a="[1,\\"x\\"]"' },
    {
      what: 'nested facts',
      facts: { err: { code: 'EACCES', at: { line: 1 } } },
      line: 'err.code=EACCES err.at.line=1',
    },
    { what: 'names that would break the line', facts: { 'a b="': 1 }, line: 'a_b__=1' },
    { what: 'nothing for undefined', facts: { a: undefined, b: 1 }, line: 'b=1' },
  ])('writes $what', ({ facts, line }) => {
    expect(formatLogfmt(facts)).toBe(line)
  })
})
