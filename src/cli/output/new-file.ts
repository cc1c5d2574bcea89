import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { OperatorError } from '../../core/errors.ts'
import type { TextOutput } from '../../lib/text-output.ts'

/** Bytes that are collected before they are written: each write waits for its turn among everything else. */
const BATCH_BYTES = 1 << 20

export interface NewFileOptions {
  /** True: a file that is there already may be replaced. */
  readonly force: boolean
}

/**
 * A file that appears under its name when it is complete, and until then stands beside it. Rejects with OperatorError
 * where it cannot be made.
 */
export async function createNewFile(path: string, { force }: NewFileOptions): Promise<TextOutput> {
  await refuseExisting(path, force)
  const temporary = `${path}.tmp-${process.pid}`
  const handle = await reporting(path, () => open(temporary, 'w'))
  return new NewFile(handle, temporary, path)
}

/** Rejects with OperatorError where the file would take the place of something that shall stay. */
export async function refuseExisting(path: string, force: boolean): Promise<void> {
  const existing = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw cannotWrite(path, error)
  })
  if (existing === null) return
  if (!existing.isFile()) {
    throw new OperatorError('There is something else than a file under this name', {
      seen: path,
      fix: 'Give the name of a file, or - for standard output.',
    })
  }
  if (force) return
  throw new OperatorError('This would overwrite a file', {
    seen: path,
    fix: 'Give another name, or replace it with --force.',
  })
}

class NewFile implements TextOutput {
  readonly #handle: FileHandle
  readonly #temporary: string
  readonly #path: string
  #waiting: Buffer[] = []
  #waitingBytes = 0
  bytes = 0

  constructor(handle: FileHandle, temporary: string, path: string) {
    this.#handle = handle
    this.#temporary = temporary
    this.#path = path
  }

  async write(text: string): Promise<void> {
    const data = Buffer.from(text)
    this.#waiting.push(data)
    this.#waitingBytes += data.length
    this.bytes += data.length
    if (this.#waitingBytes >= BATCH_BYTES) await reporting(this.#path, () => this.#flush())
  }

  async complete(): Promise<void> {
    await reporting(this.#path, async () => {
      await this.#flush()
      await this.#handle.sync()
      await this.#handle.close()
      await rename(this.#temporary, this.#path)
    })
  }

  async discard(): Promise<void> {
    // It may be closed already; what failed before is told of, not this.
    await this.#handle.close().catch(() => {})
    await rm(this.#temporary, { force: true })
  }

  async #flush(): Promise<void> {
    const data = Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    await this.#handle.appendFile(data)
  }
}

async function reporting<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw cannotWrite(path, error)
  }
}

const FIXES: Readonly<Record<string, string>> = {
  ENOENT: 'Make the folder first, or give another name.',
  ENOTDIR: 'Make the folder first, or give another name.',
  EACCES: 'Make the folder writable for this user, or give another name.',
  EROFS: 'Give a name in a folder that can be written to.',
  ENOSPC: 'Free some disk space, or ask for less: a later begin (--since) or coarser rows or steps.',
}

function cannotWrite(path: string, error: unknown): OperatorError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException
  return new OperatorError(`Cannot write ${path}`, {
    seen: code,
    fix: FIXES[code] ?? 'Give another name.',
    cause: error,
  })
}
