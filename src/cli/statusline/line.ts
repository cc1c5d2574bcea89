import { escapeControls } from '../../lib/escape.ts'
import type { Style } from '../terminal/style.ts'
import { displayWidth, truncate } from '../terminal/width.ts'
import { fieldOf, type Piece, type StatusFacts } from './fields.ts'

const SEPARATOR = ' | '
/** Stands for a field that is not known. */
const UNKNOWN = '–'
const NOTHING_KNOWN = 'waiting for Claude Code'

interface Part {
  readonly pieces: readonly Piece[]
  /** What has no room goes, the largest number first. */
  readonly dropOrder: number
}

/** How a line is drawn: in colours or not, and into how many columns. */
export interface LineOptions {
  readonly style: Style
  readonly width: number
}

/** What is known, the most important last to go where room is short. `remark` says what went wrong. Never empty. */
export function statusLine(facts: StatusFacts, remark: string | null, { style, width }: LineOptions): string {
  const field = (name: string) => fieldOf(name, facts, style) ?? null
  const labelled = (label: string, name: string) => labelledPieces(label, field(name), style)
  const parts: Part[] = [
    { pieces: pieceList(field('model')), dropOrder: 4 },
    { pieces: labelled('ctx', 'context'), dropOrder: 5 },
    { pieces: pieceList(field('cost')), dropOrder: 6 },
    { pieces: labelled('today', 'today'), dropOrder: 7 },
    ...facts.windows.map(({ window }) => ({
      pieces: [...labelled(window, window), ...resetPieces(field(`${window}.reset`), style)],
      dropOrder: window === '5h' ? 1 : window === '7d' ? 2 : 8,
    })),
    { pieces: remark === null ? [] : [{ text: escapeControls(remark), paint: style.yellow }], dropOrder: 3 },
  ]
  const known = parts.filter(({ pieces }) => pieces.length > 0)
  if (known.length === 0) return fitted([{ text: NOTHING_KNOWN, paint: style.dim }], width)
  return fitted(joined(withRoom(known, width), style), width)
}

/** A line after a pattern: `{field}` stands for a value, everything else for itself. Never empty. */
export function formattedLine(format: string, facts: StatusFacts, remark: string | null, options: LineOptions): string {
  const { style, width } = options
  const pieces: Piece[] = []
  // An odd number of parts: text, name, text, name, ... text.
  for (const [at, part] of format.split(/\{([^{}]*)\}/).entries()) {
    const field = at % 2 === 0 ? undefined : fieldOf(part, facts, style)
    const asWritten = at % 2 === 0 ? part : `{${part}}`
    pieces.push(field === undefined ? { text: escapeControls(asWritten) } : (field ?? { text: UNKNOWN }))
  }
  if (remark !== null) pieces.push({ text: ' ' }, { text: escapeControls(remark), paint: style.yellow })
  const isEmpty = pieces.every(({ text }) => text.trim() === '')
  return fitted(isEmpty ? [{ text: UNKNOWN }] : pieces, width)
}

function withRoom(parts: readonly Part[], width: number): readonly Part[] {
  let kept = parts
  while (kept.length > 1 && widthOf(joined(kept, null)) > width) {
    const least = Math.max(...kept.map(({ dropOrder }) => dropOrder))
    kept = kept.filter(({ dropOrder }) => dropOrder !== least)
  }
  return kept
}

function joined(parts: readonly Part[], style: Style | null): Piece[] {
  const separator: Piece = { text: SEPARATOR, ...(style !== null && { paint: style.dim }) }
  return parts.flatMap(({ pieces }, index) => (index === 0 ? pieces : [separator, ...pieces]))
}

function pieceList(piece: Piece | null): Piece[] {
  return piece === null ? [] : [piece]
}

function labelledPieces(label: string, piece: Piece | null, { dim }: Style): Piece[] {
  return piece === null ? [] : [{ text: `${label} `, paint: dim }, piece]
}

function resetPieces(piece: Piece | null, { dim }: Style): Piece[] {
  return piece === null ? [] : [{ text: ` (${piece.text})`, paint: dim }]
}

function widthOf(pieces: readonly Piece[]): number {
  return displayWidth(pieces.map(({ text }) => text).join(''))
}

/** The pieces as text of at most so many columns. */
function fitted(pieces: readonly Piece[], width: number): string {
  let room = Math.max(1, Math.floor(width))
  if (widthOf(pieces) <= room) return pieces.map(paintedText).join('')
  let line = ''
  for (const piece of pieces) {
    const columns = displayWidth(piece.text)
    // A piece that would just fit is cut, too: the mark of what is missing needs its last column.
    if (columns >= room) return line + paintedText({ ...piece, text: truncate(`${piece.text} `, room) })
    line += paintedText(piece)
    room -= columns
  }
  return line
}

function paintedText({ text, paint }: Piece): string {
  return paint === undefined || text === '' ? text : paint(text)
}
