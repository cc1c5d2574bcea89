import nodeFs from 'node:fs'
import path from 'node:path'
import { FileSource } from '../../../src/sources/files/file-source.ts'
import type { FileSystem } from '../../../src/sources/files/file-system.ts'
import type { TailOptions } from '../../../src/sources/files/tail-options.ts'
import type { KnownStream, SourceBatch } from '../../../src/sources/source.ts'
import { tempFolder } from '../../support/temp.ts'
import { idsOf, lineFormat } from './line-format.ts'

export interface LogFolderOptions {
  readonly fs?: FileSystem
  readonly tail?: Partial<TailOptions>
  readonly roots?: readonly string[]
}

/** A temporary folder with logs, the source that reads it, a ledger that only keeps cursors, and a clock. */
export class LogFolder {
  readonly root = nodeFs.realpathSync(tempFolder())
  readonly cursors = new Map<string, KnownStream>()
  readonly #options: LogFolderOptions
  source: FileSource
  /** Epoch milliseconds. Each write takes a second. */
  now = Date.parse('2026-01-01T00:00:00Z')

  constructor(options: LogFolderOptions = {}) {
    this.#options = options
    this.source = this.#open()
  }

  path(name: string): string {
    return path.join(this.root, name)
  }

  write(name: string, content: string | Buffer): void {
    nodeFs.mkdirSync(path.dirname(this.path(name)), { recursive: true })
    nodeFs.writeFileSync(this.path(name), content)
    this.#touch(name)
  }

  append(name: string, content: string | Buffer): void {
    nodeFs.appendFileSync(this.path(name), content)
    this.#touch(name)
  }

  /** Writes beside the log and renames over it, as programs do that replace a whole file. */
  replace(name: string, content: string): void {
    this.write(`${name}.tmp`, content)
    nodeFs.renameSync(this.path(`${name}.tmp`), this.path(name))
  }

  rename(from: string, to: string): void {
    nodeFs.mkdirSync(path.dirname(this.path(to)), { recursive: true })
    nodeFs.renameSync(this.path(from), this.path(to))
  }

  remove(name: string): void {
    nodeFs.rmSync(this.path(name), { recursive: true })
  }

  /** Reads and saves; every batch must continue where the ledger stands. */
  async read(paths?: readonly string[]): Promise<readonly SourceBatch[]> {
    const batches: SourceBatch[] = []
    const options = { signal: new AbortController().signal, ...(paths === undefined ? {} : { paths }) }
    for await (const batch of this.source.read(options)) {
      const saved = this.cursors.get(batch.stream)?.cursor ?? null
      if (saved !== batch.expected) throw new Error(`expected ${batch.expected}, the ledger has ${saved}`)
      this.cursors.set(batch.stream, { stream: batch.stream, path: batch.path, cursor: batch.cursor })
      batches.push(batch)
    }
    return batches
  }

  async readIds(paths?: readonly string[]): Promise<readonly string[]> {
    return idsOf(await this.read(paths))
  }

  /** The program ends and starts again. */
  restart(options: LogFolderOptions = {}): void {
    this.source = this.#open(options)
    this.source.restore([...this.cursors.values()])
  }

  #open(options: LogFolderOptions = {}): FileSource {
    const { fs = nodeFs, tail = {}, roots = [this.root] } = { ...this.#options, ...options }
    return new FileSource(lineFormat({ roots }), { fs, tail, now: () => this.now })
  }

  #touch(name: string): void {
    nodeFs.utimesSync(this.path(name), new Date(this.now), new Date(this.now))
    this.now += 1000
  }
}

/** Counts what is read from files. */
export class CountingFs {
  bytes = 0
  opens = 0
  readonly fs: FileSystem = {
    ...nodeFs,
    openSync: (...args) => {
      this.opens++
      return nodeFs.openSync(...args)
    },
    readSync: (...args: unknown[]) => {
      const count = Reflect.apply(nodeFs.readSync, nodeFs, args)
      this.bytes += count
      return count
    },
  }
}

/** Refuses to open or list these paths with these codes, as for a user without the right to. */
export function refusingFs(codes: Readonly<Record<string, string>>): FileSystem {
  const refusing =
    (call: (...args: never[]) => unknown) =>
    (...args: unknown[]) => {
      const code = codes[String(args[0])]
      if (code !== undefined) throw Object.assign(new Error(code), { code })
      return Reflect.apply(call, nodeFs, args)
    }
  const calls = { openSync: refusing(nodeFs.openSync), readdirSync: refusing(nodeFs.readdirSync) }
  return { ...nodeFs, ...(calls as Pick<FileSystem, keyof typeof calls>) }
}

/** The same files as they appear on another device: after a restart of the machine, or copied to a new disk. */
export function onDevice(dev: bigint, base: FileSystem = nodeFs): FileSystem {
  const moved =
    (call: (...args: never[]) => object | undefined) =>
    (...args: unknown[]) => {
      const stats: object | undefined = Reflect.apply(call, nodeFs, args)
      return stats && Object.assign(stats, { dev })
    }
  const calls = { statSync: moved(base.statSync), fstatSync: moved(base.fstatSync) }
  return { ...base, ...(calls as unknown as Pick<FileSystem, keyof typeof calls>) }
}
