import type { Dirent, Stats } from 'node:fs'
import path from 'node:path'
import type { FileSystemAdapter } from 'fast-glob'
import type { Breather } from './breather.ts'
import { errorCode, type FileSystem, isAbsence } from './file-system.ts'

/** What a search for logs came by. */
export interface SearchNotes {
  /** Every folder that was searched: one in which a log can appear. */
  readonly folders: string[]
  /** Folders that would be searched if they existed. */
  readonly missing: string[]
  readonly unreadable: { readonly path: string; readonly code: string }[]
}

export interface SearchOptions {
  readonly fs: FileSystem
  readonly breather: Breather
  /** Shows this file or folder alone, on the way from the root to it and below. */
  readonly within: string | null
}

type Entry = Pick<Dirent, 'name'> & Pick<Stats, (typeof KINDS)[number]>
type ListingDone = (error: NodeJS.ErrnoException | null, entries: Entry[]) => void

const KINDS = [
  'isBlockDevice',
  'isCharacterDevice',
  'isDirectory',
  'isFIFO',
  'isFile',
  'isSocket',
  'isSymbolicLink',
] as const

/**
 * The file system as fast-glob is to see it: symbolic links are what they lead to, and no folder is entered through a
 * second link or from within itself, so that links in a circle come to an end.
 *
 * Lists folders synchronously, which takes half the time, and lets others work in between.
 */
export function searchFileSystem(root: string, options: SearchOptions, notes: SearchNotes): Partial<FileSystemAdapter> {
  const { fs, breather, within } = options
  const entered = new Set<string>()

  const resolveLink = (folder: string, name: string): Entry | null => {
    const link = path.join(folder, name)
    try {
      const target = fs.realpathSync(link)
      const stats = fs.statSync(target)
      if (!stats.isDirectory()) return entryOf(name, stats)
      if (entered.has(target) || contains(target, fs.realpathSync(folder))) return null
      entered.add(target)
      return entryOf(name, stats)
    } catch (error) {
      if (errorCode(error) === null) throw error
      return null
    }
  }

  const list = (folder: string): Entry[] => {
    const step = within === null ? null : stepTowards(folder, within)
    if (step !== null) return [entryOf(step, fs.statSync(path.join(folder, step)))]
    const entries = fs.readdirSync(folder, { withFileTypes: true })
    notes.folders.push(folder)
    if (!entries.some((entry) => entry.isSymbolicLink())) return entries
    return entries.flatMap((entry) => (entry.isSymbolicLink() ? (resolveLink(folder, entry.name) ?? []) : [entry]))
  }

  const readdir = (directory: string, _options: unknown, done: ListingDone): void => {
    const folder = path.normalize(directory)
    let error: NodeJS.ErrnoException | null = null
    let entries: Entry[] = []
    try {
      entries = list(folder)
    } catch (cause) {
      const code = errorCode(cause)
      if (code === null) throw cause
      ...
    }
    const answer = () => done(error, entries)
    if (breather.isDue) void breather.pause().then(answer)
    else process.nextTick(answer)
  }
  return { readdir: readdir as FileSystemAdapter['readdir'] }
}
