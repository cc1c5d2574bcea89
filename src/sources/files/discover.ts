import path from 'node:path'
import glob from 'fast-glob'
import type { LogFile, LogFormat, LogRoot } from './format.ts'
import { type SearchNotes, type SearchOptions, searchFileSystem } from './search-file-system.ts'
import { isWithin } from './within.ts'

export interface Discovery extends SearchNotes {
  /** In the order in which they are best read: what is directly in a folder before what is in the folders below it. */
  readonly files: readonly LogFile[]
}

/** Finds the logs below a root. What cannot be read is noted and left out. */
export async function discover(format: LogFormat, root: LogRoot, options: SearchOptions): Promise<Discovery> {
  const notes = { folders: [], missing: [], unreadable: [] }
  const found = await glob([...format.globs], {
    cwd: root.path,
    dot: true,
    // Links are resolved below: the library would follow a link that leads back up again and again.
    followSymbolicLinks: false,
    unique: false,
    concurrency: 1,
    fs: searchFileSystem(options, notes),
  })
  const files = [...new Set(found)]
    .sort((a, b) => compareText(orderOf(a), orderOf(b)))
    .flatMap((relative) => format.classify(root, relative) ?? [])
    .filter((file) => options.within === null || isWithin(locate(file), options.within))
  return { ...notes, files }
}

/** Path of a log, spelled as the platform does. */
export function locate({ root, relative }: LogFile): string {
  return path.join(root.path, relative)
}

/** NUL sorts before everything a name can hold. */
function orderOf(relative: string): string {
  const slash = relative.lastIndexOf('/')
  return `${relative.slice(0, Math.max(0, slash))}\0${relative.slice(slash + 1)}`
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
