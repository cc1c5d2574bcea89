import type { Dirent, Stats } from 'node:fs'
import path from 'node:path'
import type { FileSystemAdapter } from 'fast-glob'
import type { Breather } from '../../lib/breather.ts'
import { errorCode, type FileSystem, isAbsence } from './file-system.ts'
import { isWithin } from './within.ts'

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
  /** Shows this file or folder alone, on the way from the root to it and below; null shows everything. */
  readonly within: string | null
  /** Folders that are passed over. */
  readonly isSkipped: (folder: string) => boolean
}

const KINDS = [
  'isBlockDevice',
  'isCharacterDevice',
  'isDirectory',
  'isFIFO',
  'isFile',
  'isSocket',
  'isSymbolicLink',
] as const
type Entry = Pick<Dirent, 'name' | (typeof KINDS)[number]>

/**
 * The file system as fast-glob is to see it: symbolic links are what they lead to, and no folder is entered through a
 * second link or from within itself, so that links in a circle come to an end.
 *
 * Folders are listed synchronously, which takes half the time, with pauses in which others work.
 */
export function searchFileSystem(options: SearchOptions, notes: SearchNotes): Partial<FileSystemAdapter> {
  const { breather } = options
  const entered = new Set<string>()
  return {
    readdir(folder: string, ...rest: unknown[]) {
      const done = rest.at(-1) as (error: null, entries: Entry[]) => void
      const entries = listNoting(options, notes, entered, native(folder))
      // Never at once: the library would call itself from within the answer, deeper with every folder.
      if (breather.isDue) void breather.pause().then(() => done(null, entries))
      else process.nextTick(done, null, entries)
    },
  }
}

function listNoting(options: SearchOptions, notes: SearchNotes, entered: Set<string>, folder: string): Entry[] {
  try {
    const entries = list(options, entered, folder)
    if (isShown(options, folder) && !options.isSkipped(folder)) notes.folders.push(folder)
    return entries
  } catch (error) {
    const code = errorCode(error)
    if (code === null) throw error
    if (isAbsence(code)) notes.missing.push(folder)
    else notes.unreadable.push({ path: folder, code })
    return []
  }
}

/** The library puts `/` between the parts of a path on every platform. */
function native(folder: string): string {
  return path.sep === '/' ? folder : path.normalize(folder)
}

function isShown({ within }: SearchOptions, folder: string): boolean {
  return within === null || isWithin(folder, within)
}

function list(options: SearchOptions, entered: Set<string>, folder: string): Entry[] {
  const { fs, within } = options
  if (within !== null && !isShown(options, folder)) {
    if (!isWithin(within, folder)) return []
    const [step = ''] = path.relative(folder, within).split(path.sep)
    const stats = fs.statSync(path.join(folder, step), { throwIfNoEntry: false })
    return stats === undefined ? [] : [entryOf(step, stats)]
  }
  if (options.isSkipped(folder)) return []
  const entries = fs.readdirSync(folder, { withFileTypes: true })
  if (!entries.some((entry) => entry.isSymbolicLink())) return entries
  return entries.flatMap((entry) => (entry.isSymbolicLink() ? followLink(fs, entered, folder, entry.name) : [entry]))
}

function followLink(fs: FileSystem, entered: Set<string>, folder: string, name: string): Entry[] {
  try {
    const target = fs.realpathSync(path.join(folder, name))
    const stats = fs.statSync(target)
    if (stats.isDirectory()) {
      if (entered.has(target) || isWithin(fs.realpathSync(folder), target)) return []
      entered.add(target)
    }
    return [entryOf(name, stats)]
  } catch (error) {
    // A link that leads nowhere, or in a circle by itself.
    if (errorCode(error) === null) throw error
    return []
  }
}

function entryOf(name: string, stats: Stats): Entry {
  const kinds = KINDS.map((kind) => [kind, () => stats[kind]()] as const)
  return { name, ...(Object.fromEntries(kinds) as Pick<Dirent, (typeof KINDS)[number]>) }
}
