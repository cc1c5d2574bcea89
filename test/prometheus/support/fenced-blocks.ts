import { readFileSync } from 'node:fs'

/** A fenced block of a page. */
export interface Block {
  /** Path of the page in the repository. */
  readonly page: string
  /** The nearest heading above it. */
  readonly heading: string
  readonly language: string
  readonly text: string
}

/** All fenced blocks of a page of the repository, without the indentation of a list that they stand in. */
export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8')
  const blocks: Block[] = []
  let heading = ''
  let open: { readonly indent: string; readonly language: string; readonly lines: string[] } | null = null
  for (const line of text.split('\n')) {
    const fence = /^( *)```(\w*)$/.exec(line)
    if (open !== null && fence) {
      blocks.push({ page, heading, language: open.language, text: `${open.lines.join('\n')}\n` })
      open = null
    } else if (open !== null) {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
    } else if (fence) {
      open = { indent: fence[1] ?? '', language: fence[2] ?? '', lines: [] }
    } else {
      heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading
    }
  }
  if (open !== null) throw new Error(`${page}: the last block has no end`)
  return blocks
}

/** The only YAML block under a heading, or the one among several that the pattern fits. */
export function yamlUnder(page: string, heading: string, pattern = /(?:)/): string {
  const found = blocksOf(page).filter(
    (block) => block.heading === heading && block.language === 'yaml' && pattern.test(block.text),
  )
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${page}, "${heading}": ${found.length} blocks`)
  return found[0].text
}
