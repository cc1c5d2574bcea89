import type { Stats } from 'node:fs'
import { chmod, chown, type FileHandle, lstat, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { OperatorError } from '../../core/errors.ts'

/** How often a file may be changed by somebody else while it is being replaced. */
const ATTEMPTS = 5
/** Of what is there: a file with a byte 0 among the first is nothing that we wrote. */
const LOOKED_AT_BYTES = 8_192

export interface Replaced {
  /** Of the whole file. */
  readonly bytes: number
  /** False where the file had this content already and was left alone. */
  readonly isChanged: boolean
}

/**
 * Gives a file another content, made from what it holds now (null: there is none). The file is replaced at once, never
 * seen half written, and keeps its mode; of a link, what it leads to. What somebody else writes meanwhile is not lost:
 * then `make` is asked again. Rejects with OperatorError where that cannot be done, and then nothing was written.
 */
export async function replaceFile(path: string, make: (before: Buffer | null) => Buffer | string): Promise<Replaced> {
  return reporting(path, async () => {
    const target = await targetOf(path)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await contentOf(target, path)
      const content = Buffer.from(make(before?.content ?? null))
      if (before?.content.equals(content)) return { bytes: content.length, isChanged: false }
      if (await replaceUnlessChanged(target, before, content)) return { bytes: content.length, isChanged: true }
    }
    throw new OperatorError('This file is changed by somebody else all the time; nothing was written', {
      seen: path,
      fix: 'Try again later, or find out which program writes it.',
    })
  })
}

interface Existing {
  readonly content: Buffer
  readonly stats: Stats
}

/** False where the file is not what it was any more. */
async function replaceUnlessChanged(target: string, before: Existing | null, content: Buffer): Promise<boolean> {
  const unique = `${process.pid}-${Math.random().toString(36).slice(2, 10)}`
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${unique}.tmp`)
  // Nobody else may read it before it has the mode of the file it replaces.
  const handle = await open(temporary, 'wx', before === null ? 0o666 : 0o600)
  try {
    await writeWhole(handle, content)
    if (before !== null) await keepOwnerAndMode(temporary, before.stats)
    const now = await contentOf(target, target)
    const isSame = before === null ? now === null : now?.content.equals(before.content) === true
    if (isSame) await rename(temporary, target)
    return isSame
  } finally {
    await rm(temporary, { force: true })
  }
}

async function writeWhole(handle: FileHandle, content: Buffer): Promise<void> {
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function keepOwnerAndMode(temporary: string, { uid, gid, mode }: Stats): Promise<void> {
  // Only root may give files away; for everybody else the owner is the same already or cannot be kept.
  await chown(temporary, uid, gid).catch(() => {})
  await chmod(temporary, mode & 0o7777)
}

/** Where a name leads to, links followed. Of a link into nothing: the file that it would be. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    const link = await lstat(path).catch(() => null)
    if (link === null) return resolve(path)
    throw new OperatorError('This link leads to nothing', {
      seen: path,
      fix: 'Make the file it leads to, or remove it.',
    })
  }
}

async function contentOf(target: string, path: string): Promise<Existing | null> {
  try {
    const stats = await stat(target)
    if (!stats.isFile()) {
      throw new OperatorError('There is something else than a file under this name', {
        seen: path,
        fix: 'Give the name of a file, or - for standard output.',
      })
    }
    const content = await readFile(target)
    if (content.subarray(0, LOOKED_AT_BYTES).includes(0)) {
      throw new OperatorError('The file under this name is no text, so that it is not replaced', {
        seen: path,
        fix: 'Give another name, or remove that file.',
      })
    }
    return { content, stats }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

const FIXES: Readonly<Record<string, string>> = {
  ENOENT: 'Make the folder first, or give another name.',
  ENOTDIR: 'Make the folder first, or give another name.',
  EACCES: 'Make file and folder writable for this user, or give another name.',
  EPERM: 'Make file and folder writable for this user, or give another name.',
  EROFS: 'Give a name in a folder that can be written to.',
  EBUSY: 'Where it is mounted as a single file, as into a container, mount its folder instead.',
  ENOSPC: 'Free some disk space.',
  ELOOP: 'Its links lead in a circle: give another name.',
}

async function reporting<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    if (code === null) throw error
    throw new OperatorError(`Cannot write ${path}`, {
      seen: code,
      fix: FIXES[code] ?? 'Give another name.',
      cause: error,
    })
  }
}

/** Of an error of the file system; null for any other. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
