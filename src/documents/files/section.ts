import { OperatorError } from '../../core/errors.ts'

const NAME = 'claude-usage-exporter'
export const SECTION_BEGIN = `<!-- ${NAME}:begin -->`
export const SECTION_END = `<!-- ${NAME}:end -->`

/** A mark counts on a line of its own only: in running text it is talked about. */
const MARK = new RegExp(`^[ \\t]*<!-- ${NAME}:(begin|end) -->[ \\t]*\\r?$`, 'gm')

/**
 * The content of a file with the section in it: between its marks, or at the end where there are none. Every byte
 * outside the marks stays as it is, whatever the encoding makes of it. Throws OperatorError where marks make no pair.
 *
 * @param section lines with line feeds
 */
export function withSection(content: Buffer, section: string, path: string): Buffer {
  // A character per byte, so that positions are those of bytes.
  const text = content.toString('latin1')
  if (text.includes('\0')) throw notText(path)
  const marks = [...text.matchAll(MARK)].map((match) => ({ kind: match[1], start: match.index, line: match[0] }))
  const [begin, end] = marks
  if (begin === undefined) return appended(content, text, section)
  if (marks.length !== 2 || begin.kind !== 'begin' || end?.kind !== 'end') throw unpaired(marks, path)
  const eol = begin.line.endsWith('\r') ? '\r\n' : '\n'
  const from = begin.start + begin.line.length + 1
  return Buffer.concat([content.subarray(0, from), linesOf(section, eol), content.subarray(end.start)])
}

/** The section that stands in a file; null without one. */
export function sectionIn(content: Buffer): string | null {
  const text = content.toString('latin1')
  const [begin, end] = [...text.matchAll(MARK)]
  return begin?.[1] === 'begin' && end?.[1] === 'end' ? text.slice(begin.index + begin[0].length, end.index) : null
}

/** Behind a blank line. A file that ends without a line feed goes on doing so. */
function appended(content: Buffer, text: string, section: string): Buffer {
  const eol = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
  const isEnded = text === '' || text.endsWith('\n')
  const before = text === '' || /(^|\n)\r?\n$/.test(text) ? '' : isEnded ? eol : eol + eol
  const block = linesOf(`${SECTION_BEGIN}\n${section}${SECTION_END}`, eol)
  return Buffer.concat([content, Buffer.from(before), block, Buffer.from(isEnded ? eol : '')])
}

function linesOf(text: string, eol: string): Buffer {
  return Buffer.from(eol === '\n' ? text : text.replaceAll('\n', eol))
}

function unpaired(marks: readonly { readonly kind: string | undefined }[], path: string): OperatorError {
  const kinds = marks.map(({ kind }) => kind)
  const what =
    marks.length > 2
      ? 'There are several sections of ours in this file'
      : kinds[0] === 'end' && kinds[1] === 'begin'
        ? 'The section in this file ends before it begins'
        : 'Only one of the two marks of the section is in this file'
  return new OperatorError(`${what}; nothing was written`, {
    seen: `${kinds.join(', ')} in ${path}`,
    fix: `Leave one line ${SECTION_BEGIN} and below it one line ${SECTION_END}, or none of both: then the section is put at the end.`,
  })
}

function notText(path: string): OperatorError {
  return new OperatorError('This is no text file that a section could stand in; nothing was written', {
    seen: path,
    fix: 'Name a Markdown file in UTF-8.',
  })
}
