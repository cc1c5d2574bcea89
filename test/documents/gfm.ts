/** Lines of a document that stand in a table: runs of lines that begin with a bar. */
export function tablesOf(markdown: string): string[][] {
  const tables: string[][] = []
  let inTable = false
  for (const line of markdown.split('\n')) {
    if (!line.startsWith('|')) {
      inTable = false
      continue
    }
    if (!inTable) tables.push([])
    tables.at(-1)?.push(line)
    inTable = true
  }
  return tables
}

/** Cells as readers split them that take a backslash to escape a bar. */
export function cellsByPipe(line: string): string[] {
  return line
    .replace(/^\| /, '')
    .replace(/ \|$/, '')
    .split(/(?<!\\)\|/)
}

/** Cells as readers split them in which a backslash escapes any punctuation, itself too. */
export function cellsByEscape(line: string): string[] {
  const cells = ['']
  for (const [token] of line
    .replace(/^\| /, '')
    .replace(/ \|$/, '')
    .matchAll(/\\[!-/:-@[-`{-~]|[\s\S]/g)) {
    if (token === '|') cells.push('')
    else cells.push((cells.pop() ?? '') + token)
  }
  return cells
}

/** What is markup or plain text in a line: without code spans and without what a backslash escapes. */
export function openText(line: string): string {
  let open = ''
  for (let at = 0; at < line.length; ) {
    if (line[at] === '\\' && /[!-/:-@[-`{-~]/.test(line[at + 1] ?? '')) {
      at += 2
      continue
    }
    const run = /^`+/.exec(line.slice(at))?.[0] ?? ''
    const close = run === '' ? null : new RegExp(`(?<!\`)${run}(?!\`)`).exec(line.slice(at + run.length))
    if (close !== null) {
      at += 2 * run.length + close.index
    } else {
      open += line.slice(at, at + Math.max(1, run.length))
      at += Math.max(1, run.length)
    }
  }
  return open
}
