import type { RootStatus } from '../../core/status.ts'
import { errorCode, type FileSystem, isAbsence } from './file-system.ts'
import type { LogRoot } from './format.ts'

export interface CheckedRoot {
  /** With its real path, where it exists. */
  readonly root: LogRoot
  readonly status: RootStatus
}

/** What there is of the folders that may hold logs. A folder that is reached in two ways is taken once. */
export function checkRoots(fs: FileSystem, candidates: readonly LogRoot[]): readonly CheckedRoot[] {
  const byIdentity = new Map<string, CheckedRoot>()
  for (const candidate of candidates) {
    const { identity, ...checked } = checkRoot(fs, candidate)
    if (!byIdentity.has(identity)) byIdentity.set(identity, checked)
  }
  return [...byIdentity.values()]
}

function checkRoot(fs: FileSystem, root: LogRoot): CheckedRoot & { readonly identity: string } {
  try {
    const path = fs.realpathSync(root.path)
    const stats = fs.statSync(path, { bigint: true })
    if (!stats.isDirectory()) return failed(root, 'unreadable', 'This is not a folder.')
    fs.readdirSync(path)
    const identity = `${stats.dev}:${stats.ino}`
    return { root: { ...root, path }, status: { path, state: 'ok', problem: null }, identity }
  } catch (error) {
    const code = errorCode(error)
    if (code === null) throw error
    if (!isAbsence(code)) return failed(root, 'unreadable', `This folder cannot be read (${code}).`)
    return failed(root, 'missing', root.configured ? 'This folder is configured but does not exist.' : null)
  }
}

function failed(root: LogRoot, state: RootStatus['state'], problem: string | null) {
  return { root, status: { path: root.path, state, problem }, identity: root.path }
}
