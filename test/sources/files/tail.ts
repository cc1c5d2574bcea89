import nodeFs from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, vi } from 'vitest'
import { FileSource } from '../../../src/sources/files/file-source.ts'
import type { FileSystem } from '../../../src/sources/files/file-system.ts'
import type { TailOptions } from '../../../src/sources/files/tail-options.ts'
import { tempFolder } from '../../support/temp.ts'
import { idsOf, lineFormat } from './line-format.ts'

/** So rarely that a test does not see it. */
export const NEVER = 24 * 60 * 60 * 1000

export const EVENTS_ONLY = { coalesceMs: 5, pollHotMs: NEVER, pollColdMs: NEVER, rescanMs: NEVER }
export const POLLING_ONLY = { mode: 'poll', coalesceMs: 5, pollHotMs: 10, pollColdMs: 50, rescanMs: NEVER } as const

/** A folder that is followed as the program does it: each report leads to a read, one after the other. */
export class Tail {
  readonly root: string
  readonly source: FileSource
  readonly ids: string[] = []
  readonly reports: (readonly string[] | null)[] = []
  #work: Promise<void> = Promise.resolve()
  #stop: (() => Promise<void>) | undefined

  constructor(tail: Partial<TailOptions>, fs: FileSystem = nodeFs, root = nodeFs.realpathSync(tempFolder())) {
    this.root = root
    this.source = new FileSource(lineFormat({ roots: [root] }), { tail, fs })
    onTestFinished(() => this.stop())
  }

  /** Reads what there is, then follows. */
  async start(): Promise<this> {
    await this.#read(null)
    this.#stop = await this.source.follow((paths) => {
      this.reports.push(paths)
      this.#work = this.#work.then(() => this.#read(paths))
    })
    return this
  }

  async stop(): Promise<void> {
    await this.#stop?.()
    await this.#work
  }

  path(name: string): string {
    return path.join(this.root, name)
  }

  write(name: string, content: string): void {
    nodeFs.mkdirSync(path.dirname(this.path(name)), { recursive: true })
    nodeFs.writeFileSync(this.path(name), content)
  }

  append(name: string, content: string): void {
    nodeFs.appendFileSync(this.path(name), content)
  }

  /** Waits until these ids, and no others, have been read since the last time. */
  async expectIds(...ids: readonly string[]): Promise<void> {
    await vi.waitFor(() => expect([...this.ids].sort()).toEqual([...ids].sort()), { timeout: 20_000, interval: 5 })
    this.ids.length = 0
  }

  async #read(paths: readonly string[] | null): Promise<void> {
    const options = { signal: new AbortController().signal, ...(paths === null ? {} : { paths }) }
    for await (const batch of this.source.read(options)) this.ids.push(...idsOf([batch]))
  }
}
