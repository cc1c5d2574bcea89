import { describe, expect, it } from 'vitest'
import { csvRemarks, csvRow } from '../../../src/cli/export/csv.ts'
import type { ExportColumn } from '../../../src/cli/export/table.ts'

const TEXT: ExportColumn = { name: 'project', path: ['group', 'project'], kind: 'text' }
const MONEY: ExportColumn = { name: 'billed_cost_usd', path: ['billedCostUsd'], kind: 'decimal' }
const COUNT: ExportColumn = { name: 'total_tokens', path: ['tokens', 'total'], kind: 'integer' }

describe('cells of CSV', () => {
  it.each([
    { text: 'shop', cell: 'shop' },
    { text: '', cell: '' },
    { text: 'a,b', cell: '"a,b"' },
    { text: 'say "hi"', cell: '"say ""hi"""' },
    { text: '# no remark', cell: '"# no remark"' },
    { text: ' blanks ', cell: '" blanks "' },
    { text: '=1+1', cell: "'=1+1" },
    { text: '+1', cell: "'+1" },
    { text: '-x', cell: "'-x" },
    { text: '@SUM(A1)', cell: "'@SUM(A1)" },
    { text: '＝1', cell: "'＝1" },
    { text: '\t=1', cell: "'\\u0009=1" },
    { text: '\r=1', cell: "'\\u000d=1" },
    { text: "'=1", cell: "''=1" },
    { text: "it's", cell: "it's" },
    { text: '=HYPERLINK("http://x","y")', cell: '"\'=HYPERLINK(""http://x"",""y"")"' },
    { text: '","=1', cell: '""",""=1"' },
    { text: 'a;=1', cell: '"a;\'=1"' },
    { text: 'two\nlines', cell: 'two\\u000alines' },
    { text: 'a=b', cell: 'a=b' },
    { text: '商店', cell: '商店' },
  ])('$text is $cell', ({ text, cell }) => {
    expect(csvRow([TEXT], [text])).toBe(`${cell}\n`)
  })

  it('keeps every digit of numbers, negative ones too, and leaves out what is unknown', () => {
    const row = csvRow([COUNT, MONEY, COUNT], [2n ** 63n - 1n, '-0.000000000001', null])
    expect(row).toBe('9223372036854775807,-0.000000000001,\n')
  })

  it('keeps a remark on its line', () => {
    expect(csvRemarks(['only project = a\nb'])).toBe('# only project = a\\u000ab\n')
  })
})
