import { describe, expect, it } from 'vitest'
import { reflow } from '../../../src/cli/terminal/reflow.ts'

describe('reflow', () => {
  it.each([
    {
      what: 'wraps running text anew, whatever it was wrapped at',
      text: 'one two three\nfour five\n\nsix',
      width: 15,
      expected: 'one two three\nfour five\n\nsix',
    },
    {
      what: 'fills wider lines up',
      text: 'one two three\nfour five',
      width: 40,
      expected: 'one two three four five',
    },
    {
      what: 'keeps the second column of a term',
      text: 'html   a page to read\njson   short',
      width: 18,
      expected: 'html   a page to\n       read\njson   short',
    },
    {
      what: 'leaves tables and indented lines as they are',
      text: 'a   b   c and more\n    d   e\n  "f":   { "g": 1 }',
      width: 10,
      expected: 'a   b   c and more\n    d   e\n  "f":   { "g": 1 }',
    },
    {
      what: 'leaves comments beside commands where there is room for all',
      text: '  claude-usage-exporter a    one\n  claude-usage-exporter bcd  two',
      width: 32,
      expected: '  claude-usage-exporter a    one\n  claude-usage-exporter bcd  two',
    },
    {
      what: 'puts all of them below where one has none',
      text: '  claude-usage-exporter a    one\n  claude-usage-exporter bcd  and two',
      width: 32,
      expected: '  claude-usage-exporter a\n      one\n  claude-usage-exporter bcd\n      and two',
    },
    {
      what: 'continues a command that is too long before an option, never within quotes',
      text: '  claude-usage-exporter a --b 1 --c "d --e f" | g',
      width: 34,
      expected: '  claude-usage-exporter a --b 1 \\\n      --c "d --e f" | g',
    },
    {
      what: 'leaves a command that cannot be broken',
      text: '  claude-usage-exporter ledger check',
      width: 20,
      expected: '  claude-usage-exporter ledger check',
    },
  ])('$what', ({ text, width, expected }) => {
    expect(reflow(text, width)).toBe(expected)
  })
})
