import nodeFs from 'node:fs'
import { newestTurns } from '../../core/turns.ts'
import type { SourceName } from '../../core/usage.ts'
import { Breather } from '../../lib/breather.ts'
import type { KnownStream, ReadOptions, Source, SourceBatch, SourceStatus } from '../source.ts'
import { giveBack, takeBlock } from './block-pool.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { Discovery } from './discover.ts'
import { type FileFacts, lookAt } from './file-facts.ts'
import { type FileStep, readFile } from './file-reading.ts'
import { errorCode, type FileSystem, isAbsence } from './file-system.ts'
import { FileTable, type TrackedFile } from './file-table.ts'
import { LogFollower } from './follow.ts'
import type { LogFile, LogFormat } from './format.ts'
import { streamOf } from './identity.ts'
import { LogSearch } from './log-search.ts'
import { Problems } from './problems.ts'
import { DEFAULT_TAIL, type TailOptions } from './tail-options.ts'

export interface FileSourceOptions {
  readonly tail?: Partial<TailOptions>
  readonly fs?: FileSystem
  /** Epoch milliseconds. */
  readonly now?: () => number
}

/** Reads the line-based logs of one agent: finds them, follows them as they grow, and knows them again when they move. */
export class FileSource implements Source {
  readonly name: SourceName
  readonly #format: LogFormat
  readonly #tail: TailOptions
  readonly #fs: FileSystem
  readonly #now: () => number
  readonly #breather = new Breather()
  readonly #search: LogSearch
  readonly #problems = new Problems()
  #table: FileTable
  #lastSearch: Discovery | null = null
  #follower: LogFollower | null = null
  #gone: ReadonlySet<string> = new Set()
  #bytesDone = 0
  #bytesTotal = 0

  constructor(format: LogFormat, options: FileSourceOptions = {}) {
    this.name = format.source
    this.#format = format
    this.#tail = { ...DEFAULT_TAIL, ...options.tail }
    this.#fs = options.fs ?? nodeFs
    this.#now = options.now ?? Date.now
    this.#search = new LogSearch(format, this.#fs, this.#breather)
    this.#table = new FileTable(this.name, this.#tail.quietTimeMs)
  }

  restore(streams: readonly KnownStream[]): void {
    this.#table = new FileTable(this.name, this.#tail.quietTimeMs, streams)
    this.#gone = new Set()
    this.#follower?.askForEverything()
  }

  /** One read at a time. A batch counts as saved when the next one is asked for. */
  async *read({ signal, paths }: ReadOptions): AsyncGenerator<SourceBatch> {
    const block = takeBlock()
    try {
      const logs = paths === undefined ? (await this.#findAll()).files : await this.#findAt(paths)
      const { jobs, present } = await this.#plan(logs, paths !== undefined)
      this.#bytesDone = 0
      this.#bytesTotal = jobs.reduce((sum, { bytes }) => sum + bytes, 0)
      for (const job of jobs) {
        const doneBefore = this.#bytesDone
        yield* this.#readFile(job, block, signal)
        if (signal.aborted) return
        this.#bytesDone = doneBefore + job.bytes
      }
      if (paths === undefined) await this.#findGone(present)
    } finally {
      giveBack(block)
    }
  }

  async follow(changed: (paths: readonly string[] | null) => void): Promise<() => Promise<void>> {
    // What is known already is not reported: reading everything comes before or after, but it comes.
    const found = this.#lastSearch ?? (await this.#findAll())
    const follower = new LogFollower({
      fs: this.#fs,
      tail: this.#tail,
      now: this.#now,
      breather: this.#breather,
      search: this.#search,
      table: () => this.#table,
      changed,
    })
    this.#follower = follower
    await follower.cover(found)
    return async () => {
      this.#follower = null
      await follower.stop()
    }
  }

  status(): SourceStatus {
    let streams = 0
    for (const { isPresent, cursor } of this.#table.files) if (isPresent && cursor !== null) streams++
    return {
      roots: this.#search.statuses.map((root) => this.#problems.addTo(root)),
      streams,
      tailMode: this.#follower?.mode ?? 'off',
      bytesDone: this.#bytesDone,
      bytesTotal: this.#bytesTotal,
    }
  }

  gone(): readonly string[] {
    return [...this.#gone]
  }

  async #findAll(): Promise<Discovery> {
    const found = await this.#search.everywhere()
    this.#lastSearch = found
    this.#problems.searched(found.unreadable)
    this.#table.noteAll(found.files)
    await this.#follower?.cover(found)
    return found
  }

  async #findAt(paths: readonly string[]): Promise<readonly LogFile[]> {
    const logs: LogFile[] = []
    for (const path of paths) {
      const log = this.#table.logAt(path)
      if (log !== null) {
        logs.push(log)
        continue
      }
      const found = await this.#search.within(path)
      this.#table.note(found.files)
      logs.push(...found.files)
    }
    return logs
  }

  /** Looks at each file and picks those with something to read. */
  async #plan(logs: readonly LogFile[], isPartial: boolean): Promise<{ jobs: Job[]; present: Set<TrackedFile> }> {
    const jobs: Job[] = []
    const present = new Set<TrackedFile>()
    for (const log of logs) {
      if (this.#breather.isDue) await this.#breather.pause()
      const { path } = log
      const { facts, code } = lookAt(this.#fs, path)
      if (facts === null) this.#failed(path, code)
      if (facts === null || (isPartial && this.#isElsewhere(path, facts))) continue
      const file = this.#table.place(path, facts)
      if (present.has(file)) continue
      present.add(file)
      file.isPresent = true
      if (!this.#table.needsLook(file, facts, this.#now())) continue
      const offset = file.cursor === null ? 0 : (decodeCursor(file.cursor)?.offset ?? 0)
      jobs.push({ log, path, bytes: Math.max(0, facts.size - offset) })
    }
    return { jobs, present }
  }

  async *#readFile({ log, path }: Job, block: Buffer, signal: AbortSignal): AsyncGenerator<SourceBatch> {
    const { lineLimitBytes, quietTimeMs } = this.#tail
    const context = { fs: this.#fs, format: this.#format, table: this.#table, block, lineLimitBytes, quietTimeMs }
    try {
      for (const piece of readFile({ ...context, now: this.#now }, log, path)) {
        const batch = this.#toBatch(piece)
        if (batch !== null) {
          yield batch
          piece.file.cursor = batch.cursor
          this.#bytesDone += batch.tally.bytes
        }
        if (signal.aborted) return
        if (this.#breather.isDue) await this.#breather.pause()
      }
      this.#problems.fileRead(path)
    } catch (error) {
      const code = errorCode(error)
      if (code === null) throw error
      this.#failed(path, code)
    }
  }

  #failed(path: string, code: string): void {
    const file = this.#table.fileAt(path)
    if (!isAbsence(code)) this.#problems.fileFailed(path, code)
    else if (file !== null) file.isPresent = false
  }

  /** Null where there is nothing to save: a cursor that says the same, or a new file without a line. */
  #toBatch({ file, step }: FileStep): SourceBatch | null {
    if (step === null) return null
    const { out, bytes } = step
    const cursor = encodeCursor(step.cursor)
    const isNothingKnown = file.cursor === null && step.cursor.offset === 0 && step.cursor.mark === ''
    if (out.lines === 0 && (cursor === file.cursor || isNothingKnown)) return null
    return {
      source: this.name,
      stream: file.stream,
      path: file.path,
      expected: file.cursor,
      cursor,
      records: out.records,
      closed: out.closed,
      claims: out.claims,
      turns: newestTurns(out.turns),
      tally: { lines: out.lines, bytes, rejected: out.rejected },
    }
  }

  async #findGone(present: ReadonlySet<TrackedFile>): Promise<void> {
    const gone = new Set<string>()
    for (const file of this.#table.files) {
      if (this.#breather.isDue) await this.#breather.pause()
      const wasGone = !file.isPresent && this.#gone.has(file.stream)
      if (present.has(file) || !(wasGone || this.#isGone(file))) continue
      file.isPresent = false
      if (file.cursor === null) this.#table.forget(file)
      else gone.add(file.stream)
    }
    this.#gone = gone
  }

  /** True when the path leads to nothing or to another file; not when nobody can tell. */
  #isGone(file: TrackedFile): boolean {
    const { facts, code } = lookAt(this.#fs, file.path)
    return facts === null ? isAbsence(code) : streamOf(this.name, facts) !== file.stream
  }

  /** True for a further hard link to a file: it keeps the path at which it was found first. */
  #isElsewhere(path: string, facts: FileFacts): boolean {
    const file = this.#table.find(facts)
    if (file === null || file.path === path) return false
    const before = lookAt(this.#fs, file.path)
    return before.facts !== null && streamOf(this.name, before.facts) === file.stream
  }
}

interface Job {
  readonly log: LogFile
  readonly path: string
  /** Bytes to read. */
  readonly bytes: number
}
