import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { MINUTE_MS } from '../core/time.ts'

/** More than anything of ours takes. */
const MAX_BYTES = 16_384
/** Not through a link, and without waiting for the other end of a pipe; Windows knows neither. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const TEMPORARY = /^\..+\.tmp$/

/**
 * Text of a small file; null when there is none. Throws as `fs` does, and for what is no plain file or too large to be
 * ours.
 */
export function readSmallFile(path: string): string | null {
  let file: number
  try {
    file = openSync(path, CAREFULLY)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    if (!fstatSync(file).isFile()) throw new Error('not a plain file')
    const buffer = Buffer.alloc(MAX_BYTES + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(file, buffer, length, buffer.length - length, null)
    }
    if (length > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES} bytes`)
    return buffer.toString('utf8', 0, length)
  } finally {
    closeSync(file)
  }
}

/** Replaces a file as a whole, for this user only, and makes its folder where there is none. Throws as `fs` does. */
export function writeSmallFile(path: string, text: string, now: number): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const unique = `${process.pid}-${Math.random().toString(36).slice(2, 10)}`
  const temporary = join(folder, `.${basename(path)}.${unique}.tmp`)
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  removeLeftOvers(folder, now)
}

/** The code of a file system error, such as `EACCES`; otherwise its message. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? String(error.code) : error.message
}

/** Of writers that were killed: Claude Code ends a status line as soon as it wants the next one. */
function removeLeftOvers(folder: string, now: number): void {
  try {
    for (const name of readdirSync(folder).filter((name) => TEMPORARY.test(name))) {
      const path = join(folder, name)
      if (now - statSync(path).mtimeMs > MINUTE_MS) rmSync(path, { force: true })
    }
  } catch {
    // Another writer was faster, or whoever comes next will.
  }
}
