import path from 'node:path'
import type { LogFile, LogFormat, LogRoot } from '../files/format.ts'
import type { JsonObject } from '../lib/json.ts'
import { isPrompt } from '../lib/prompt.ts'
import { FILE_CLASS } from '../pi-log/context.ts'
import { transcriptScanner } from '../pi-log/line-scanner.ts'
import { logRoots, type RootOptions } from '../pi-log/roots.ts'
import { readPiName } from './names.ts'
import { piSessionFolders } from './roots.ts'

export interface PiOptions extends RootOptions {
  /** Name of the project that a working directory belongs to. */
  readonly projectName: (cwd: string) => string
  /** Epoch milliseconds. */
  readonly now?: () => number
}

/** Sessions of pi and its forks: one entry per line, one file per session. */
export function piFormat(options: PiOptions): LogFormat {
  return {
    source: 'pi',
    roots: () => logRoots(options, () => piSessionFolders(options)),
    globs: ['**/*.jsonl'],
    classify: (root, relative) => classify(root, relative),
    open(file, state, modifiedMs) {
      const name = readPiName(file.relative)
      const isSubagent = name?.kind === 'subagent'
      const context = {
        source: 'pi',
        fileClass: FILE_CLASS.primary,
        billing: file.root.billing,
        agent: isSubagent ? 'subagent' : 'none',
        session: name?.session ?? '',
        trustsHeaderId: !isSubagent,
        project: name?.folder || 'unknown',
        projectName: options.projectName,
        modifiedMs,
        // What a sub-agent is told comes from another agent.
        isHumans: (message: JsonObject) => !isSubagent && isPrompt(message['content'], () => false),
        now: options.now ?? Date.now,
      } as const
      return transcriptScanner(context, state)
    },
  }
}

function classify(root: LogRoot, relative: string): LogFile | null {
  const name = readPiName(relative)
  if (name === null) return null
  return { root, path: path.join(root.path, relative), relative, encoding: 'plain', kind: name.kind }
}
