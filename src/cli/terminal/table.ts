import type { Paint, Style } from './style.ts'
import { displayWidth, truncate } from './width.ts'

export interface Column {
  readonly header: string
  /** `decimal`: the points stand below each other. */
  readonly align: 'left' | 'right' | 'decimal'
  /** Where there is no room, the column with the largest number goes first; columns without one stay. */
  readonly dropOrder?: number
  /** The text may be cut to this many columns. */
  readonly shrinkTo?: number
}

export interface Cell {
  readonly text: string
  /** Stands in where the full text has no room. */
  readonly compact?: string
  readonly paint?: Paint
}

export interface Row {
  readonly cells: readonly (Cell | string)[]
  /** `total` closes a table and is set apart. */
  readonly kind?: 'row' | 'total' | 'rest'
  /** Lines above the row, over all columns. */
  readonly heading?: readonly string[]
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

const GAP = '  '
/** Where nothing can go any more, names are cut to this. */
const LAST_COLUMNS = 4

/**
 * Lines of an aligned table that is no wider than `width` if at all possible: first counts are written short, then
 * names are cut, then the least important columns go, then names are cut to their first letters.
 */
export function renderTable(table: Table, width: number, style: Style): string[] {
  const { columns, rows } = chooseLayout(table, width)
  const lines = [
    style.bold(
      line(
        columns,
        columns.map(({ header }) => header),
      ),
    ),
  ]
  const rule = style.dim('─'.repeat(totalWidth(columns)))
  lines.push(rule)
  for (const [index, { cells, kind = 'row', heading = [] }] of rows.entries()) {
    if (kind === 'total' && rows[index - 1]?.kind !== 'total') lines.push(rule)
    lines.push(...heading)
    const whole: Paint = kind === 'total' ? style.bold : kind === 'rest' ? style.dim : (text) => text
    lines.push(whole(line(columns, cells.map(textOf), cells.map(paintOf))))
  }
  return lines
}

interface SizedColumn extends Column {
  readonly width: number
}

interface Layout {
  readonly columns: readonly SizedColumn[]
  readonly rows: readonly Row[]
}

function chooseLayout(table: Table, width: number): Layout {
  const full = measure(table)
  if (totalWidth(full.columns) <= width) return full
  let current = withCompactCells(table)
  for (;;) {
    const layout = shrink(measure(current), width)
    if (totalWidth(layout.columns) <= width) return layout
    const last = current.columns.reduce((found, { dropOrder = 0 }) => Math.max(found, dropOrder), 0)
    if (last === 0) return shrink(measure(current), width, LAST_COLUMNS)
    const kept = current.columns.map(({ dropOrder }) => dropOrder !== last)
    current = {
      columns: current.columns.filter((_, index) => kept[index]),
      rows: current.rows.map((row) => ({ ...row, cells: row.cells.filter((_, index) => kept[index]) })),
    }
  }
}

function withCompactCells({ columns, rows }: Table): Table {
  const compact = (cell: Cell | string) =>
    typeof cell === 'string' || cell.compact === undefined ? cell : { ...cell, text: cell.compact }
  return { columns, rows: rows.map((row) => ({ ...row, cells: row.cells.map(compact) })) }
}

/** Lines up decimal points and finds how wide each column is. */
function measure({ columns, rows }: Table): Layout {
  const places = columns.map(({ align }, index) =>
    align === 'decimal' ? Math.max(0, ...rows.map(({ cells }) => placesOf(textOf(cells[index])))) : 0,
  )
  const aligned = rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, index) => alignDecimal(cell, places[index] ?? 0)),
  }))
  const widths = columns.map(({ header }, index) =>
    Math.max(displayWidth(header), ...aligned.map(({ cells }) => displayWidth(textOf(cells[index])))),
  )
  return { columns: columns.map((column, index) => ({ ...column, width: widths[index] ?? 0 })), rows: aligned }
}

/** Takes what is too much from the columns that can be cut, the widest first. */
function shrink({ columns, rows }: Layout, width: number, least = Number.POSITIVE_INFINITY): Layout {
  const leastOf = (column: SizedColumn) =>
    column.shrinkTo === undefined ? column.width : Math.min(column.shrinkTo, least)
  const sized = columns.map((column) => ({ ...column }))
  for (let excess = totalWidth(sized) - width; excess > 0; excess--) {
    const widest = sized.filter((column) => column.width > leastOf(column)).sort((a, b) => b.width - a.width)[0]
    if (widest === undefined) break
    widest.width -= 1
  }
  return { columns: sized, rows }
}

function totalWidth(columns: readonly SizedColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width, GAP.length * Math.max(0, columns.length - 1))
}

function line(columns: readonly SizedColumn[], texts: readonly string[], paints: readonly Paint[] = []): string {
  return columns
    .map(({ align, width }, index) => {
      const text = truncate(texts[index] ?? '', width)
      const painted = paints[index]?.(text) ?? text
      const padding = ' '.repeat(Math.max(0, width - displayWidth(text)))
      if (align !== 'left') return padding + painted
      return index === columns.length - 1 ? painted : painted + padding
    })
    .join(GAP)
    .trimEnd()
}

function alignDecimal(cell: Cell | string, places: number): Cell | string {
  const text = textOf(cell)
  const missing = places - placesOf(text)
  if (places === 0 || missing === 0 || !/\d/.test(text)) return cell
  const padded = text + ' '.repeat(missing)
  return typeof cell === 'string' ? padded : { ...cell, text: padded }
}

/** Characters from the decimal point on. */
function placesOf(text: string): number {
  return /\.\d+$/.exec(text)?.[0].length ?? 0
}

function textOf(cell: Cell | string | undefined): string {
  return typeof cell === 'string' ? cell : (cell?.text ?? '')
}

function paintOf(cell: Cell | string): Paint {
  return (typeof cell === 'string' ? undefined : cell.paint) ?? ((text) => text)
}
