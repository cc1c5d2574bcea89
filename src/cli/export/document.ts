import { csvNames, csvRemarks, csvRow } from './csv.ts'
import { type ExportHead, headMembers, headRemarks } from './head.ts'
import { jsonMembers, jsonRow } from './json.ts'
import type { ExportTable } from './table.ts'

export type ExportFormat = 'csv' | 'json'

export interface DocumentPart {
  readonly text: string
  readonly rows: number
}

export interface DocumentOptions {
  /** Whether CSV begins with what the table is. */
  readonly remarks: boolean
}

/** Text of the whole document, a part at a time. */
export function documentParts(
  format: ExportFormat,
  head: ExportHead,
  table: ExportTable,
  options: DocumentOptions,
): AsyncIterable<DocumentPart> {
  return format === 'csv' ? csvParts(head, table, options) : jsonParts(head, table)
}

async function* csvParts(head: ExportHead, table: ExportTable, { remarks }: DocumentOptions) {
  const { columns } = table
  yield { text: (remarks ? csvRemarks(headRemarks(head)) : '') + csvNames(columns), rows: 0 }
  for await (const rows of table.chunks()) {
    yield { text: rows.map((row) => csvRow(columns, row)).join(''), rows: rows.length }
  }
}

async function* jsonParts(head: ExportHead, table: ExportTable) {
  const { columns } = table
  yield { text: `{\n${jsonMembers(headMembers(head))},\n  "rows": [`, rows: 0 }
  let separator = '\n'
  for await (const rows of table.chunks()) {
    if (rows.length === 0) continue
    yield { text: separator + rows.map((row) => `    ${jsonRow(columns, row)}`).join(',\n'), rows: rows.length }
    separator = ',\n'
  }
  yield { text: '\n  ]\n}\n', rows: 0 }
}
