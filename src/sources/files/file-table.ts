import type { SourceName } from '../../core/usage.ts'
import type { KnownStream } from '../source.ts'
import { decodeCursor, isReadThrough } from './cursor.ts'
import type { FileFacts } from './file-facts.ts'
import type { LogFile } from './format.ts'
import { isStill, stampOf, streamOf } from './identity.ts'
import { isHot } from './poll-schedule.ts'

/** A log file and how far it has been read. */
export interface TrackedFile {
  readonly stream: string
  path: string
  /** As it is saved in the ledger; null for a file that has brought nothing yet. */
  cursor: string | null
  /** Cursor of another file that stood at this path before: the same content may have moved to a new device or inode. */
  inherited: string | null
  /** Stamp at the last look in this run; null when there was none. */
  lookedAt: string | null
  /** Its end may become a line by being still for the quiet time. */
  isUnsettled: boolean
  isPresent: boolean
  /** When it was last seen to change, epoch milliseconds by our clock. */
  changedMs: number
}

/** At most so many files count as hot, so that a copied archive of logs does not cost a core. */
const HOT_LIMIT = 256

/** Everything that is known about the log files: by identity, so that a renamed file is still the same, and by path. */
export class FileTable {
  readonly #source: SourceName
  readonly #quietTimeMs: number
  readonly #byStream = new Map<string, TrackedFile>()
  readonly #byPath = new Map<string, TrackedFile>()
  /** What searches have found, whether it has been looked at or not. */
  readonly #logs = new Map<string, LogFile>()
  /** Files that changed lately, the last one last. */
  readonly #hot = new Set<TrackedFile>()
  #files: readonly TrackedFile[] | null = null

  constructor(source: SourceName, quietTimeMs: number, known: readonly KnownStream[] = []) {
    this.#source = source
    this.#quietTimeMs = quietTimeMs
    for (const { stream, path, cursor } of known) this.#add(newFile(stream, path, cursor))
  }

  get files(): readonly TrackedFile[] {
    this.#files ??= [...this.#byStream.values()]
    return this.#files
  }

  /** Files that are likely to change again soon. */
  hotFiles(nowMs: number): Iterable<TrackedFile> {
    for (const file of this.#hot) if (!isHot(file.changedMs, nowMs)) this.#hot.delete(file)
    return this.#hot
  }

  isKnown(path: string): boolean {
    return this.#logs.has(path) || this.#byPath.has(path)
  }

  logAt(path: string): LogFile | null {
    return this.#logs.get(path) ?? null
  }

  fileAt(path: string): TrackedFile | null {
    return this.#byPath.get(path) ?? null
  }

  /** Takes note of logs that a search has found. */
  note(logs: readonly LogFile[]): void {
    for (const log of logs) this.#logs.set(log.path, log)
  }

  /** Takes the result of a search for everything: what is not among these is no log any more. */
  noteAll(logs: readonly LogFile[]): void {
    this.#logs.clear()
    this.note(logs)
  }

  /** The file with this identity; null when there was none so far. */
  find(facts: FileFacts): TrackedFile | null {
    return this.#byStream.get(streamOf(this.#source, facts)) ?? null
  }

  /** The file with this identity, which is now at this path. */
  place(path: string, facts: FileFacts): TrackedFile {
    const before = this.#byPath.get(path)
    const known = this.find(facts)
    if (known !== null && known === before) return known
    // Unless it is found at another path.
    if (before) before.isPresent = false
    const file = known ?? newFile(streamOf(this.#source, facts), path, null)
    if (known === null) file.inherited = before?.cursor ?? before?.inherited ?? null
    if (this.#byPath.get(file.path) === file) this.#byPath.delete(file.path)
    file.path = path
    this.#add(file)
    return file
  }

  forget(file: TrackedFile): void {
    this.#byStream.delete(file.stream)
    this.#hot.delete(file)
    this.#files = null
    if (this.#byPath.get(file.path) === file) this.#byPath.delete(file.path)
  }

  /** True when there may be something to read in the file. */
  needsLook(file: TrackedFile, facts: FileFacts, nowMs: number): boolean {
    const stamp = stampOf(facts)
    if (file.lookedAt === null && isCursorFor(file.cursor, stamp, facts)) {
      file.lookedAt = stamp
      this.#changed(file, Math.min(facts.modifiedMs, nowMs), nowMs)
    }
    if (file.lookedAt !== stamp) return true
    return file.isUnsettled && isStill(facts, this.#quietTimeMs, nowMs)
  }

  looked(file: TrackedFile, facts: FileFacts, stamp: string, isUnsettled: boolean, nowMs: number): void {
    this.#changed(file, file.lookedAt === null ? Math.min(facts.modifiedMs, nowMs) : nowMs, nowMs)
    file.lookedAt = stamp
    file.isUnsettled = isUnsettled
  }

  #changed(file: TrackedFile, changedMs: number, nowMs: number): void {
    file.changedMs = changedMs
    this.#hot.delete(file)
    if (!isHot(changedMs, nowMs)) return
    this.#hot.add(file)
    if (this.#hot.size <= HOT_LIMIT) return
    for (const oldest of this.#hot) {
      this.#hot.delete(oldest)
      break
    }
  }

  #add(file: TrackedFile): void {
    this.#files = null
    this.#byStream.set(file.stream, file)
    this.#byPath.set(file.path, file)
  }
}

function newFile(stream: string, path: string, cursor: string | null): TrackedFile {
  return {
    stream,
    path,
    cursor,
    inherited: null,
    lookedAt: null,
    isUnsettled: false,
    isPresent: false,
    changedMs: 0,
  }
}

/** True when a saved cursor leaves nothing to read in a file with this stamp. */
function isCursorFor(cursor: string | null, stamp: string, facts: FileFacts): boolean {
  if (cursor === null) return false
  if (isReadThrough(cursor, stamp, facts.size)) return true
  if (!cursor.startsWith(`{"stamp":"${stamp}"`)) return false
  return decodeCursor(cursor)?.mark === 'torn'
}
