import { escapeControls } from '../../lib/escape.ts'
import type { ExportCell, ExportColumn, ExportRow } from './table.ts'

/** A row as a JSON object on one line. Numbers have every digit, however many a reader keeps of them. */
export function jsonRow(columns: readonly ExportColumn[], row: ExportRow): string {
  const members = new Map<string, string | string[]>()
  for (const [index, { path, kind }] of columns.entries()) {
    const [name, inner] = path
    const value = valueText(row[index] ?? null, kind)
    if (inner === undefined) {
      members.set(name, value)
      continue
    }
    const group = members.get(name)
    if (Array.isArray(group)) group.push(member(inner, value))
    else members.set(name, [member(inner, value)])
  }
  const texts = [...members].map(([name, value]) => member(name, Array.isArray(value) ? `{${value.join(',')}}` : value))
  return `{${texts.join(',')}}`
}

/** Members of a document, a line each, without the braces around them. */
export function jsonMembers(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${escapeControls(JSON.stringify(value))}`)
    .join(',\n')
}

function member(name: string, value: string): string {
  return `${JSON.stringify(name)}:${value}`
}

function valueText(value: ExportCell, kind: ExportColumn['kind']): string {
  if (value === null) return 'null'
  // JSON escapes less than a terminal obeys; an escape sequence more changes no string.
  return kind === 'text' ? escapeControls(JSON.stringify(String(value))) : String(value)
}
