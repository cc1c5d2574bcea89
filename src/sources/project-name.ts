import { createHash } from 'node:crypto'
import nodeFs from 'node:fs'
import path from 'node:path'
import { BoundedMap } from '../lib/bounded-map.ts'

export interface ProjectNameOptions {
  /** What a project is called by: the last part of its folder, the whole path, or a hash of it. */
  readonly label?: 'name' | 'path' | 'hash'
  /** Names that win, by full path or by last part. */
  readonly aliases?: ReadonlyMap<string, string>
  /** Goes into hashes, so that nobody can find a path by trying paths. */
  readonly salt?: string
  readonly files?: GitFiles
}

/** All that is looked at: whether folders exist, and what `.git` in them is. */
export interface GitFiles {
  kindOf(path: string): 'folder' | 'file' | 'none'
  /** Beginning of a file, up to so many bytes. */
  read(path: string, bytes: number): string
}

const UNKNOWN = 'unknown'
const NAME_LIMIT_CHARS = 100
const CWD_LIMIT_CHARS = 4096
const HASH_CHARS = 12
const CACHED_FOLDERS = 10_000
const LEVELS_LIMIT = 40
const GIT_FILE_LIMIT_BYTES = 4096
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/gu
const WORKTREE = /\/(?:\.claude\/worktrees|\.worktrees)\/.*$/

/**
 * Makes the function that names the project of a working directory: the folder of the repository it is in, with
 * worktrees under the name of the repository that owns them. Where the folder is not on this machine, its own name has
 * to do. Never throws, whatever the log says the directory is.
 */
export function createProjectName(options: ProjectNameOptions = {}): (cwd: string) => string {
  const { label = 'name', salt = '', files = gitFiles } = options
  const aliases = new Map([...(options.aliases ?? [])].map(([from, to]) => [normalize(from), to]))
  const known = new BoundedMap<string, string>(CACHED_FOLDERS)

  const nameOf = (cwd: string): string => {
    const folder = projectFolder(normalize(cwd), files)
    const name = path.posix.basename(folder)
    if (isNameless(name)) return UNKNOWN
    const alias = aliases.get(folder) ?? aliases.get(name)
    if (alias !== undefined) return printable(alias.slice(0, NAME_LIMIT_CHARS)) || UNKNOWN
    if (label === 'hash') return createHash('sha256').update(salt).update(folder).digest('hex').slice(0, HASH_CHARS)
    // The end of a long path tells more than its beginning.
    const text = label === 'path' ? folder.slice(-NAME_LIMIT_CHARS) : name.slice(0, NAME_LIMIT_CHARS)
    return printable(text) || UNKNOWN
  }

  return (cwd) => {
    if (cwd.length > CWD_LIMIT_CHARS) return UNKNOWN
    const cached = known.get(cwd)
    if (cached !== undefined) return cached
    const name = nameOf(cwd)
    known.set(cwd, name)
    return name
  }
}

/** One spelling for a folder: `/` between its parts, none at its end, the drive letter in upper case. */
function normalize(cwd: string): string {
  const text = printable(cwd)
  const isWindows = /^(?:[a-z]:|\\\\)/i.test(text)
  const slashed = isWindows ? text.replaceAll('\\', '/') : text
  const drive = slashed.replace(/^[a-z]:/, (letter) => letter.toUpperCase())
  const host = drive.startsWith('//') ? '/' : ''
  return drive === '' ? '' : host + path.posix.normalize(drive).replace(/(?<=.)\/+$/, '')
}

function printable(text: string): string {
  return text.replace(UNPRINTABLE, '').trim()
}

function isNameless(name: string): boolean {
  return name === '' || name === '.' || name === '..' || /^[A-Z]:$/.test(name)
}

function projectFolder(cwd: string, files: GitFiles): string {
  const base = cwd.replace(WORKTREE, '')
  const here = [cwd, base].find((folder) => mayLookAt(folder) && files.kindOf(folder) === 'folder')
  return (here === undefined ? null : findRepository(here, files)) ?? base
}

/** A host in a path comes from the log: merely looking at it would send this user's credentials to that host. */
function mayLookAt(folder: string): boolean {
  return path.isAbsolute(folder) && !folder.startsWith('//')
}

function findRepository(cwd: string, files: GitFiles): string | null {
  let folder = cwd
  for (let level = 0; level < LEVELS_LIMIT && !isNameless(path.posix.basename(folder)); level++) {
    const git = path.posix.join(folder, '.git')
    const kind = files.kindOf(git)
    if (kind === 'folder') return folder
    if (kind === 'file') return ownerOf(folder, files.read(git, GIT_FILE_LIMIT_BYTES))
    folder = path.posix.dirname(folder)
  }
  return null
}

/**
 * The repository that a folder with a `.git` file belongs to (https://git-scm.com/docs/gitrepository-layout). Worktrees
 * point into `<repository>/.git/worktrees`; a submodule is a repository of its own.
 */
function ownerOf(folder: string, gitFile: string): string {
  const target = /^gitdir:\s*(.+?)\s*$/m.exec(gitFile)?.[1]
  if (target === undefined) return folder
  const gitFolder = normalize(target)
  const absolute = /^(?:\/|[A-Z]:)/.test(gitFolder) ? gitFolder : path.posix.join(folder, gitFolder)
  const owner = /^(.+)\/worktrees\/[^/]+$/.exec(absolute)?.[1]
  if (owner === undefined) return folder
  // A worktree of a submodule: `<repository>/.git/modules/<folder of the submodule>`.
  const plain = owner.replace('/.git/modules/', '/')
  return path.posix.basename(plain).startsWith('.') ? path.posix.dirname(plain) : plain
}

const gitFiles: GitFiles = {
  kindOf(place) {
    try {
      const stats = nodeFs.lstatSync(place, { throwIfNoEntry: false })
      // A link is taken for what it usually is here: a git folder kept elsewhere.
      if (stats?.isDirectory() || stats?.isSymbolicLink()) return 'folder'
      return stats?.isFile() ? 'file' : 'none'
    } catch {
      // What cannot be looked at cannot be told from what is not there.
      return 'none'
    }
  },
  read(place, bytes) {
    const buffer = Buffer.alloc(bytes)
    try {
      const fd = nodeFs.openSync(place, 'r')
      try {
        return buffer.toString('utf8', 0, nodeFs.readSync(fd, buffer, 0, bytes, 0))
      } finally {
        nodeFs.closeSync(fd)
      }
    } catch {
      return ''
    }
  },
}
