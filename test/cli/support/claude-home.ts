import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ClaudeLine, claudeLine } from '../../support/claude-line.ts'
import { tempFolder } from '../../support/temp.ts'

/** A home folder with a Claude Code log of these responses. */
export function claudeHome(lines: readonly ClaudeLine[]): string {
  const home = tempFolder()
  writeClaudeLog(home, lines.map(claudeLine).join(''))
  return home
}

export function writeClaudeLog(home: string, text: string, session = 's1'): void {
  const folder = join(home, '.claude', 'projects', '-src-shop')
  mkdirSync(folder, { recursive: true })
  appendFileSync(join(folder, `${session}.jsonl`), text)
}
