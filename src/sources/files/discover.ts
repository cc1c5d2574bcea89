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
  const files: LogFile[] = []
  for (const relative of inReadingOrder(new Set(found))) {
    if (options.breather.isDue) await options.breather.pause()
    const file = format.classify(root, relative)
    if (file !== null && (options.within === null || isWithin(file.path, options.within))) files.push(file)
  }
  return { ...notes, files }
}

function inReadingOrder(relatives: Iterable<string>): string[] {
  const keyed = Array.from(relatives, (relative) => ({ relative, key: orderOf(relative) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ relative }) => relative)
}

/** Puts NUL, which sorts before everything a name can hold, in front of the name. */
function orderOf(relative: string): string {
  const slash = relative.lastIndexOf('/')
  return `${relative.slice(0, Math.max(0, slash))}\0${relative.slice(slash + 1)}`
}
