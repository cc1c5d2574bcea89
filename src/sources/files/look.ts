import type { BigIntStats } from 'node:fs'
import { errorCode, type FileSystem } from './file-system.ts'

/** A look at a file without opening it: what the system says of it, or the code of its refusal. */
export type Look =
  | { readonly stats: BigIntStats; readonly code: null }
  | { readonly stats: null; readonly code: string }

/** Only regular files are there: a pipe, device or folder with the name of a log is as good as none. */
export function lookAt(fs: FileSystem, path: string): Look {
  try {
    const stats = fs.statSync(path, { bigint: true, throwIfNoEntry: false })
    return stats?.isFile() ? { stats, code: null } : { stats: null, code: 'ENOENT' }
  } catch (error) {
    const code = errorCode(error)
    if (code === null) throw error
    return { stats: null, code }
  }
}
