import { type Html, type HtmlValue, html } from './html.ts'

export interface Column<Row> {
  readonly header: string
  /** Numbers stand under each other at the right. */
  readonly isNumber?: boolean
  cell(row: Row, index: number): HtmlValue
}

export interface TableParts<Row> {
  /** Also what the part of the page that scrolls is called. */
  readonly caption: string
  /** The first one names the row. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** Stays the same while a row is about the same thing. Rows without one become each other in their order. */
  key?(row: Row): string
}

/** A table that scrolls by itself where it is too wide. */
export function table<Row>({ caption, columns, rows, key }: TableParts<Row>): Html {
  const heads = columns.map(({ header, isNumber }) => html`<th scope="col"${textual(isNumber)}>${header}</th>`)
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>${rows.map((row, index) => rowOf(row, index, columns, key?.(row)))}</tbody>
</table></div>`
}

function rowOf<Row>(row: Row, index: number, columns: readonly Column<Row>[], key?: string): Html {
  const [first, ...others] = columns
  return html`<tr${key === undefined ? null : html` data-key="${key}"`}><th scope="row">${first?.cell(row, index)}</th>${others.map(
    (column) => html`<td${textual(column.isNumber)}>${column.cell(row, index)}</td>`,
  )}</tr>
`
}

function textual(isNumber = false): Html | null {
  return isNumber ? null : html` class="t"`
}
