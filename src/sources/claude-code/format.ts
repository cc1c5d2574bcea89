import path from 'node:path'
import type { LogFile, LogFormat, LogRoot } from '../files/format.ts'
import { readAgentType } from './agent-type.ts'
import { LineReader } from './line-reader.ts'
import { readLogPath } from './log-path.ts'
import { QuickReader } from './quick-reader.ts'
import { claudeCodeRoots, type RootOptions } from './roots.ts'
import { openScanner } from './scanner.ts'

export interface ClaudeCodeOptions extends RootOptions {
  /** Name of the project that a working directory belongs to. */
  readonly projectName: (cwd: string) => string
  /** Epoch milliseconds. */
  readonly now?: () => number
}

/** Transcripts of Claude Code: main sessions and sub-agents, one JSON object per line. */
export function claudeCodeFormat(options: ClaudeCodeOptions): LogFormat {
  // One reader serves all files: it remembers texts, never where they came from.
  const reader = new LineReader(new QuickReader())
  return {
    source: 'claude-code',
    roots: () => claudeCodeRoots(options),
    globs: ['**/*.jsonl'],
    classify,
    open(file, state, modifiedMs) {
      const context = {
        place: readLogPath(file.relative),
        billing: file.root.billing,
        modifiedMs,
        projectName: options.projectName,
        agentType: () => readAgentType(file.path),
        now: options.now ?? Date.now,
      }
      return openScanner(context, state, reader)
    },
  }
}

function classify(root: LogRoot, relative: string): LogFile | null {
  // Results of tools may be anything, a copy of a transcript included.
  if (relative.split('/').slice(2, -1).includes('tool-results')) return null
  const kind = readLogPath(relative).isSubagent ? 'subagent' : 'main'
  return { root, path: path.join(root.path, relative), relative, encoding: 'plain', kind }
}
