import { OperatorError } from '../../core/errors.ts'

/** The words of a command line, with the quotes of a shell and nothing else of it. Throws OperatorError for open quotes. */
export function splitWords(text: string): string[] {
  const words: string[] = []
  let current: string | null = null
  let rest = text
  while (rest !== '') {
    const [piece, value] = nextPiece(rest, text)
    rest = rest.slice(piece.length)
    if (value !== null) current = (current ?? '') + value
    else if (current !== null) {
      words.push(current)
      current = null
    }
  }
  return current === null ? words : [...words, current]
}

/** What stands first, and what it means; null: the end of a word. */
function nextPiece(rest: string, whole: string): [piece: string, value: string | null] {
  const [blanks] = /^\s+/.exec(rest) ?? []
  if (blanks !== undefined) return [blanks, null]
  const single = /^'([^']*)'/.exec(rest)
  if (single) return [single[0], single[1] ?? '']
  const double = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(rest)
  if (double) return [double[0], (double[1] ?? '').replace(/\\(["\\$`])/g, '$1')]
  const escaped = /^\\([\s\S])/.exec(rest)
  if (escaped) return [escaped[0], escaped[1] ?? '']
  if (/^['"\\]/.test(rest)) {
    throw new OperatorError('A quote is never closed', { seen: whole, fix: 'Close it, or escape it with a backslash.' })
  }
  const [plain = ''] = /^[^\s'"\\]+/.exec(rest) ?? []
  return [plain, plain]
}
