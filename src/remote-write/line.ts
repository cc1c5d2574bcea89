/** One line of a family, taken apart. */
export interface ParsedLine {
  /** The line without its value: `_bucket{le="1.0"}`. Tells the series of a family apart. */
  readonly head: string
  /** As it stands in the exposition, in the nearest float: what a server makes of a scrape. */
  readonly value: number
}

const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/gs
const SPECIAL = new Map([
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
])

/** Splits a line that the renderer would write behind a family's name. Throws for any other. */
export function splitLine(line: string): ParsedLine {
  const end = line.lastIndexOf(' ')
  const text = line.slice(end + 1)
  const value = SPECIAL.get(text) ?? Number(text)
  if (end < 0 || text === '' || (Number.isNaN(value) && text !== 'NaN')) throw new Error('a line without a value')
  return { head: line.slice(0, end), value }
}

/** Name and labels of the series, from the family's name and the head of its line. */
export function seriesLabels(family: string, head: string): Map<string, string> {
  const begin = head.indexOf('{')
  const suffix = begin < 0 ? head : head.slice(0, begin)
  const labels = new Map([['__name__', family + suffix]])
  if (begin < 0) return labels
  for (const [, name = '', value = ''] of head.slice(begin).matchAll(LABEL)) labels.set(name, unescaped(value))
  return labels
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/gs, (_, letter) => (letter === 'n' ? '\n' : letter)) : text
}
