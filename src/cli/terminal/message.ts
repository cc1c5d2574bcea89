import { escapeControls } from '../../lib/escape.ts'
import type { Output } from '../io.ts'
import { wrap } from './wrap.ts'

/** What went wrong and, on a line of its own, what to do. Names in it may be hostile. */
export function writeError(out: Output, message: string, fix?: string): void {
  const lines = (text: string) => wrapLines(text.split('\n').map(escapeControls), out.width).join('\n')
  // Painted after it is wrapped, so that no colour is counted as columns.
  out.write(`${lines(`error: ${message}`).replace('error:', out.style.red('error:'))}\n`)
  if (fix !== undefined) out.write(`${lines(fix)}\n`)
}

/** What a line is indented by, its further lines are too. Pipes and files get every line as it is. */
export function wrapLines(lines: readonly string[], width: number): readonly string[] {
  if (width === Number.POSITIVE_INFINITY) return lines
  return lines.flatMap((line) => {
    const [indent = ''] = /^ */.exec(line) ?? []
    return wrap(line.slice(indent.length), width - indent.length).map((part) => indent + part)
  })
}
