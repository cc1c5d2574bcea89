import path from 'node:path'
import type { LogFile, LogFormat, LogRoot } from '../files/format.ts'
import type { TranscriptContext } from '../pi-log/context.ts'
import { transcriptScanner } from '../pi-log/line-scanner.ts'
import { logRoots, type RootOptions } from '../pi-log/roots.ts'
import { coldScanner } from './cold-scanner.ts'
import { isHumanMessage } from './human-message.ts'
import { fileClassOf, readTranscriptName } from './names.ts'
import { openClawStateFolders } from './roots.ts'

export interface OpenClawOptions extends RootOptions {
  /** Name of the project that a working directory belongs to. */
  readonly projectName: (cwd: string) => string
  /** Epoch milliseconds. */
  readonly now?: () => number
}

/** Transcript files of OpenClaw, Clawdbot and Moltbot: the live ones until 2026.8, archives and copies since. */
export function openClawFormat(options: OpenClawOptions): LogFormat {
  return {
    source: 'openclaw',
    roots: () => openClawRoots(options),
    globs: ['agents/*/{sessions,session-sqlite-import-archive}/**/*.jsonl*', 'sessions/**/*.jsonl*'],
    classify: (root, relative) => classify(root, relative),
    open(file, state, modifiedMs) {
      const name = readTranscriptName(file.relative)
      const kind = name?.kind ?? 'backup'
      const context: TranscriptContext = {
        source: 'openclaw',
        fileClass: fileClassOf(kind),
        billing: file.root.billing,
        agent: name?.agent ?? 'unknown',
        session: name?.session ?? '',
        trustsHeaderId: false,
        project: 'unknown',
        projectName: options.projectName,
        modifiedMs,
        isHumans: isHumanMessage,
        now: options.now ?? Date.now,
      }
      return kind === 'cold' ? coldScanner(context, state) : transcriptScanner(context, state)
    },
  }
}

/** State folders, whether there is anything in them or not. */
export function openClawRoots(options: RootOptions): readonly LogRoot[] {
  return logRoots(options, () => openClawStateFolders(options))
}

function classify(root: LogRoot, relative: string): LogFile | null {
  const name = readTranscriptName(relative)
  if (name === null) return null
  return { root, path: path.join(root.path, relative), relative, encoding: name.encoding, kind: name.kind }
}
