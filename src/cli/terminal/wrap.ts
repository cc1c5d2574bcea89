import { displayWidth } from './width.ts'

/** Longest line of running text, however wide the terminal. */
const MAX_COLUMNS = 110

/** Breaks text at blanks; lines after the first are indented, so that a label can stand before the first. */
export function wrap(text: string, width: number, indent = 0): string[] {
  const columns = Math.min(width, MAX_COLUMNS)
  const lines: string[] = []
  let current = ''
  for (const word of text.split(' ')) {
    const next = current === '' ? word : `${current} ${word}`
    if (current !== '' && displayWidth(next) > columns) {
      lines.push(current)
      current = ' '.repeat(indent) + word
    } else current = next
  }
  return [...lines, current]
}
