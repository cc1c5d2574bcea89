import { describe, expect, it } from 'vitest'
import { createStyle } from '../../../src/cli/terminal/style.ts'
import { type Column, type Row, renderTable } from '../../../src/cli/terminal/table.ts'
import { displayWidth } from '../../../src/cli/terminal/width.ts'

const plain = createStyle(false)

const columns: readonly Column[] = [
  { header: 'Name', align: 'left', shrinkTo: 6 },
  { header: 'Detail', align: 'right', dropOrder: 2 },
  { header: 'Tokens', align: 'right', dropOrder: 1 },
  { header: 'Cost', align: 'decimal' },
]
const rows: readonly Row[] = [
  { cells: ['a-rather-long-name', '1,234,567', { text: '1,000,000', compact: '1.00M' }, '$12.50'] },
  { cells: ['商店', '2', { text: '12', compact: '12' }, '$0.0042'] },
  { cells: ['none', '', '', { text: 'unpriced' }] },
  { cells: ['Total', '', { text: '1,000,012', compact: '1.00M' }, '$12.5042'], kind: 'total' },
]

describe('table', () => {
  it('aligns names, numbers and decimal points', () => {
    expect(`\n${renderTable({ columns, rows }, 80, plain).join('\n')}\n`).toBe(`
Name                   Detail     Tokens      Cost
──────────────────────────────────────────────────
a-rather-long-name  1,234,567  1,000,000  $12.50
商店                        2         12   $0.0042
none                                      unpriced
──────────────────────────────────────────────────
Total                          1,000,012  $12.5042
`)
  })

  it('writes counts briefly before it cuts names', () => {
    expect(`\n${renderTable({ columns, rows }, 47, plain).slice(0, 4).join('\n')}\n`).toBe(`
Name                   Detail  Tokens      Cost
───────────────────────────────────────────────
a-rather-long-name  1,234,567   1.00M  $12.50
商店                        2      12   $0.0042
`)
  })

  it('cuts names before it drops columns', () => {
    expect(`\n${renderTable({ columns, rows }, 37, plain).slice(0, 4).join('\n')}\n`).toBe(`
Name         Detail  Tokens      Cost
─────────────────────────────────────
a-rathe…  1,234,567   1.00M  $12.50
商店              2      12   $0.0042
`)
  })

  it('drops the least important column first', () => {
    const headers = [60, 30, 20, 5].map((width) => renderTable({ columns, rows }, width, plain)[0]?.split(/ +/))
    expect(headers).toEqual([
      ['Name', 'Detail', 'Tokens', 'Cost'],
      ['Name', 'Tokens', 'Cost'],
      ['Name', 'Cost'],
      ['Name', 'Cost'],
    ])
  })

  it.each([120, 80, 60, 40, 30, 20])('fits %s columns', (width) => {
    for (const line of renderTable({ columns, rows }, width, plain))
      expect(displayWidth(line)).toBeLessThanOrEqual(width)
  })

  it('prints headings above rows over all columns', () => {
    const lines = renderTable(
      { columns: [columns[0] as Column], rows: [{ cells: ['x'], heading: ['a long heading'] }] },
      8,
      plain,
    )
    expect(lines).toEqual(['Name', '────', 'a long heading', 'x'])
  })

  it('sets header and total apart on a colour terminal, and nothing in the widths changes', () => {
    const colored = renderTable({ columns, rows }, 80, createStyle(true))
    expect(colored[0]).toMatch(/^\u001b\[1m.*\u001b\[22m$/)
    expect(colored.at(-1)).toMatch(/^\u001b\[1m.*\u001b\[22m$/)
    const stripped = colored.map((line) => line.replace(/\u001b\[\d+m/g, ''))
    expect(stripped).toEqual(renderTable({ columns, rows }, 80, plain))
  })
})
