import { stat } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { RootStatus } from '../../../core/status.ts'
import { newestTurns } from '../../../core/turns.ts'
import type { LogRoot } from '../../files/format.ts'
import type { KnownStream, ReadOptions, Source, SourceBatch, SourceStatus } from '../../source.ts'
import { type DatabaseFile, DatabaseFinder } from './find-databases.ts'
import { pollDatabases } from './follow.ts'
import { isEmptyDatabase, openDatabase, problemOf } from './open-database.ts'
import type { Page } from './page.ts'
import { databaseOfStream } from './stream-name.ts'
import { storeStreams } from './streams.ts'
import { transcriptsIn } from './transcripts.ts'

export interface OpenClawStoreOptions {
  /** State folders. */
  readonly roots: () => readonly LogRoot[]
  /** Name of the project that a working directory belongs to. */
  readonly projectName: (cwd: string) => string
  /** Epoch milliseconds. */
  readonly now?: () => number
  /** How often the database files are looked at while following, milliseconds. */
  readonly pollMs?: number
}

const POLL_MS = 2000
const NO_TRANSCRIPTS =
  'There is no table transcript_events: the database is of a version that this exporter does not know.'

/**
 * Transcripts of OpenClaw 2026.8 and later, which live in SQLite. Every session of a database is a stream of its own. A
 * database that cannot be read is shown in the status and tried again at the next look; its streams stay known.
 */
export class OpenClawStore implements Source {
  readonly name = 'openclaw'
  readonly #options: OpenClawStoreOptions
  readonly #finder = new DatabaseFinder()
  #cursors = new Map<string, string>()
  #restored: readonly string[] = []
  #gone: readonly string[] = []
  #problems: readonly RootStatus[] = []
  /** State and streams of each database at its last look. */
  readonly #databases = new Map<string, { status: RootStatus; streams: ReadonlySet<string> }>()
  #isFollowing = false
  #bytesDone = 0
  #bytesTotal = 0

  constructor(options: OpenClawStoreOptions) {
    this.#options = options
  }

  restore(streams: readonly KnownStream[]): void {
    const own = streams.filter(({ stream }) => databaseOfStream(stream) !== null)
    this.#cursors = new Map(own.map(({ stream, cursor }) => [stream, cursor]))
    this.#restored = own.map(({ stream }) => stream)
    this.#gone = []
  }

  async *read({ signal, paths }: ReadOptions): AsyncGenerator<SourceBatch> {
    const { files, problems } = await this.#finder.find(this.#options.roots())
    this.#problems = problems
    const wanted = paths === undefined ? files : files.filter((file) => isAmong(file.path, paths))
    const sizes = await Promise.all(wanted.map(({ path }) => stat(path).catch(() => null)))
    this.#bytesDone = 0
    this.#bytesTotal = sizes.reduce((sum, size) => sum + (size?.size ?? 0), 0)
    for (const [index, file] of wanted.entries()) {
      yield* this.#readDatabase(file, Math.floor(sizes[index]?.mtimeMs ?? 0), signal)
      if (signal.aborted) return
      this.#bytesDone += sizes[index]?.size ?? 0
    }
    if (paths === undefined) this.#forgetAllBut(files)
  }

  async follow(changed: (paths: readonly string[] | null) => void): Promise<() => Promise<void>> {
    const stop = await pollDatabases({
      find: async () => (await this.#finder.find(this.#options.roots())).files.map(({ path }) => path),
      everyMs: this.#options.pollMs ?? POLL_MS,
      changed,
    })
    this.#isFollowing = true
    return async () => {
      this.#isFollowing = false
      stop()
    }
  }

  status(): SourceStatus {
    const databases = [...this.#databases.values()]
    return {
      roots: [...this.#problems, ...databases.map(({ status }) => status)],
      streams: databases.reduce((sum, { streams }) => sum + streams.size, 0),
      tailMode: this.#isFollowing ? 'polling' : 'off',
      bytesDone: this.#bytesDone,
      bytesTotal: this.#bytesTotal,
    }
  }

  gone(): readonly string[] {
    return this.#gone
  }

  async *#readDatabase(file: DatabaseFile, modifiedMs: number, signal: AbortSignal): AsyncGenerator<SourceBatch> {
    const { projectName, now = Date.now } = this.#options
    const seen = new Set<string>()
    try {
      const database = openDatabase(file.path)
      try {
        const transcripts = transcriptsIn(database)
        if (transcripts === null) {
          if (isEmptyDatabase(database)) this.#note(file, 'ok', null, seen)
          else if (file.isNamed) this.#note(file, 'unsupported', NO_TRANSCRIPTS, seen)
          return
        }
        for (const { name, pages } of storeStreams(transcripts, file, { modifiedMs, projectName, now })) {
          seen.add(name)
          for (const page of pages(this.#cursors.get(name) ?? null)) {
            yield this.#batch(name, file.path, page)
            await setImmediate()
            if (signal.aborted) return
          }
        }
      } finally {
        database.close()
      }
      this.#note(file, 'ok', null, seen)
    } catch (error) {
      const { state, message } = problemOf(error)
      const known = this.#databases.get(file.path)?.streams
      // Beside the stores lie lock files that look like one and cannot be opened while they are held.
      if (file.isNamed || known !== undefined) this.#note(file, state, message, new Set([...(known ?? []), ...seen]))
    }
  }

  #batch(stream: string, path: string, { out, bytes, cursor }: Page): SourceBatch {
    const expected = this.#cursors.get(stream) ?? null
    this.#cursors.set(stream, cursor)
    const tally = { lines: out.lines, bytes, rejected: out.rejected }
    return {
      source: this.name,
      stream,
      path,
      expected,
      cursor,
      records: out.records,
      closed: [],
      claims: [],
      turns: newestTurns(out.turns),
      tally,
    }
  }

  #note(file: DatabaseFile, state: RootStatus['state'], problem: string | null, streams: ReadonlySet<string>): void {
    this.#databases.set(file.path, { status: { path: file.path, state, problem }, streams })
  }

  /** After a look at everything: what was not found is gone, unless something could not be looked into. */
  #forgetAllBut(files: readonly DatabaseFile[]): void {
    const existing = new Set(files.map(({ path }) => path))
    for (const path of this.#databases.keys()) if (!existing.has(path)) this.#databases.delete(path)
    this.#gone = this.#restored.filter((stream) => {
      const path = databaseOfStream(stream) ?? ''
      const database = this.#databases.get(path)
      if (database === undefined) return this.#problems.length === 0 && !existing.has(path)
      return database.status.state === 'ok' && !database.streams.has(stream)
    })
  }
}

/** A change of the write-ahead log is a change of the database. */
function isAmong(database: string, paths: readonly string[]): boolean {
  return paths.some((path) => path === database || path === `${database}-wal`)
}
