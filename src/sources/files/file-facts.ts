import type { BigIntStats, Stats } from 'node:fs'
import { errorCode, type FileSystem } from './file-system.ts'

/** What the system says of a file. */
export interface FileFacts {
  /** Device and inode, which stay when the file is renamed. */
  readonly identity: string
  readonly size: number
  /** Epoch milliseconds, with fractions. */
  readonly modifiedMs: number
}

/** A look at a file without opening it: its facts, or the code of the system's refusal. */
export type Look = { readonly facts: FileFacts; readonly code: null } | { readonly facts: null; readonly code: string }

const UNLESS_MISSING = { throwIfNoEntry: false } as const

/** Only regular files are there: a pipe, device or folder with the name of a log is as good as none. */
export function lookAt(fs: FileSystem, path: string): Look {
  try {
    const stats = fs.statSync(path, UNLESS_MISSING)
    if (!stats?.isFile()) return { facts: null, code: 'ENOENT' }
    return { facts: factsOf(stats, () => fs.statSync(path, { bigint: true })), code: null }
  } catch (error) {
    const code = errorCode(error)
    if (code === null) throw error
    return { facts: null, code }
  }
}

/** The facts of an open file; null when it is no regular file. Throws what the system reports. */
export function lookInto(fs: FileSystem, fd: number): FileFacts | null {
  const stats = fs.fstatSync(fd)
  return stats.isFile() ? factsOf(stats, () => fs.fstatSync(fd, { bigint: true })) : null
}

/** Inodes beyond 2^53 exist on Windows and on some network file systems; exact numbers for all would cost half again. */
function factsOf(stats: Stats, exactly: () => BigIntStats): FileFacts {
  const { dev, ino } = Number.isSafeInteger(stats.ino) ? stats : exactly()
  return { identity: `${dev}:${ino}`, size: stats.size, modifiedMs: stats.mtimeMs }
}
