import { displayWidth } from './width.ts'
import { wrap } from './wrap.ts'

const COMMENT_INDENT = 6

/**
 * Text that was wrapped by hand, for another width. Running text is wrapped anew; `term  what it is` keeps its second
 * column; an indented command with a comment beside it gets the comment on a line of its own, and one that is still too
 * long is continued with `\`, so that it can be copied. All else that is indented, and tables, stay as they are.
 */
export function reflow(text: string, width: number): string {
  const lines: string[] = []
  for (const block of blocksOf(text.split('\n'))) lines.push(...REFLOWED[block.kind](block.lines, width))
  return lines.join('\n')
}

type Kind = 'blank' | 'prose' | 'term' | 'table' | 'command' | 'indented'

interface Block {
  readonly kind: Kind
  readonly lines: string[]
}

const REFLOWED: Readonly<Record<Kind, (lines: readonly string[], width: number) => readonly string[]>> = {
  blank: (lines) => lines,
  prose: (lines, width) => wrap(lines.join(' '), width),
  term: (lines, width) => lines.flatMap((line) => wrapTerm(line, width)),
  table: (lines) => lines,
  command: wrapCommands,
  indented: (lines) => lines,
}

const TERM = /^(\S+ {2,})\S/

/** Consecutive lines of one kind. */
function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = []
  for (const line of lines) {
    const kind = kindOf(line)
    const last = blocks.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else blocks.push({ kind, lines: [line] })
  }
  return blocks
}

function kindOf(line: string): Kind {
  if (line === '') return 'blank'
  if (/^ {2}claude-usage-exporter\b/.test(line)) return 'command'
  if (line.startsWith(' ')) return 'indented'
  const gaps = line.match(/\S {2,}(?=\S)/g) ?? []
  return gaps.length > 1 ? 'table' : TERM.test(line) ? 'term' : 'prose'
}

function wrapTerm(line: string, width: number): readonly string[] {
  return wrap(line, width, TERM.exec(line)?.[1]?.length ?? 0)
}

function wrapCommands(lines: readonly string[], width: number): readonly string[] {
  const isWide = lines.some((line) => / {2,}\S/.test(line.trimStart()) && displayWidth(line) > width)
  return lines.flatMap((line) => {
    const [, command = line, comment = ''] = /^( {2}\S.*?)(?: {2,}(\S.*))?$/.exec(line) ?? []
    if (!isWide || comment === '') return continued(line, width)
    const below = wrap(comment, width - COMMENT_INDENT).map((part) => ' '.repeat(COMMENT_INDENT) + part)
    return [...continued(command, width), ...below]
  })
}

/** Before an option or a pipe that is not within quotes. */
const BREAK = / (?=(?:--|\| )(?:[^"]*"[^"]*")*[^"]*$)/

/** Broken as the shell reads it. */
function continued(line: string, width: number): string[] {
  if (displayWidth(line) <= width) return [line]
  const lines: string[] = []
  let current = ''
  for (const part of line.split(BREAK)) {
    const next = current === '' ? part : `${current} ${part}`
    // Behind all but the last line stands ` \`.
    if (current !== '' && displayWidth(next) > width - 2) {
      lines.push(`${current} \\`)
      current = ' '.repeat(COMMENT_INDENT) + part
    } else current = next
  }
  return [...lines, current]
}
