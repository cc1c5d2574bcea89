import { escapeControls } from '../../lib/escape.ts'
import type { ExportColumn, ExportRow } from './table.ts'

/** What a spreadsheet takes for the beginning of a formula; the wide forms of these characters too. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/
/** Where commas are decimal points, a semicolon begins a cell. */
const FORMULA_AFTER_SEMICOLON = /;(?=\s*[=+\-@＝＋－＠])/g

/** A row of CSV as RFC 4180 has it, but with a line feed alone at the end. */
export function csvRow(columns: readonly ExportColumn[], row: ExportRow): string {
  return line(
    row.map((cell, index) => (columns[index]?.kind === 'text' ? textCell(String(cell ?? '')) : String(cell ?? ''))),
  )
}

export function csvNames(columns: readonly ExportColumn[]): string {
  return line(columns.map(({ name }) => name))
}

/** Remarks above the table, which no reader of CSV knows unless told that `#` begins them. */
export function csvRemarks(remarks: readonly string[]): string {
  return remarks.map((remark) => `# ${escapeControls(remark)}\n`).join('')
}

/**
 * Text out of a log as a cell: an apostrophe before what a spreadsheet would calculate, control and direction characters
 * as `\uXXXX`, quoted where a reader could take a part of it for something else.
 */
function textCell(text: string): string {
  const defused = (FORMULA.test(text) ? `'${text}` : text).replace(FORMULA_AFTER_SEMICOLON, ";'")
  const visible = escapeControls(defused)
  return /[",;#]|^\s|\s$/.test(visible) ? `"${visible.replaceAll('"', '""')}"` : visible
}

function line(cells: readonly string[]): string {
  return `${cells.join(',')}\n`
}
