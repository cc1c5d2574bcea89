import type { FSWatcher } from 'node:fs'
import { errorCode, type FileSystem, isAbsence } from './file-system.ts'
import { provenTime } from './identity.ts'
import { isWithin } from './within.ts'

export interface WatchedFolder {
  readonly path: string
  /** Device and inode. */
  readonly identity: string
  /** Changes when something in the folder comes, goes or is renamed; -1 when nothing is proven by it. */
  modifiedMs: number
  /** When that was last seen, epoch milliseconds by our clock. */
  changedMs: number
  watcher: FSWatcher | null
}

export type FolderEvent = (folder: string, type: 'rename' | 'change', name: string | null) => void

/** The folders in which logs can appear, each with a watcher of its own where the system grants one. */
export class WatchedFolders {
  readonly #fs: FileSystem
  readonly #onEvent: FolderEvent | null
  readonly #folders = new Map<string, WatchedFolder>()
  readonly #unwatched = new Set<WatchedFolder>()
  #all: readonly WatchedFolder[] | null = null

  /** Without `onEvent` no folder gets a watcher. */
  constructor(fs: FileSystem, onEvent: FolderEvent | null) {
    this.#fs = fs
    this.#onEvent = onEvent
  }

  get all(): readonly WatchedFolder[] {
    this.#all ??= [...this.#folders.values()]
    return this.#all
  }

  /** Those of which no events come. */
  get unwatched(): Iterable<WatchedFolder> {
    return this.#unwatched
  }

  has(folder: string): boolean {
    return this.#folders.has(folder)
  }

  /** True when the system tells about changes in every folder. */
  get hasAllWatchers(): boolean {
    return this.#onEvent !== null && this.#unwatched.size === 0
  }

  /** Begins to watch a folder. False when it is watched already or is not there any more. */
  add(folder: string, nowMs: number): boolean {
    if (this.#folders.has(folder)) return false
    const seen = lookAtFolder(this.#fs, folder)
    if (seen === null) return false
    const changedMs = Math.min(seen.modifiedMs, nowMs)
    const modifiedMs = provenTime(seen.modifiedMs, nowMs)
    const watched: WatchedFolder = { path: folder, identity: seen.identity, modifiedMs, changedMs, watcher: null }
    if (this.#onEvent !== null && !this.#watch(watched, this.#onEvent)) return false
    if (watched.watcher === null) this.#unwatched.add(watched)
    this.#folders.set(folder, watched)
    this.#all = null
    return true
  }

  /** Takes what a folder is like now as seen: its events are being dealt with. */
  refresh(folder: string, nowMs: number): void {
    const watched = this.#folders.get(folder)
    const seen = watched && lookAtFolder(this.#fs, folder)
    if (seen) watched.modifiedMs = provenTime(seen.modifiedMs, nowMs)
  }

  /** Lets go of a folder and all below it. */
  drop(folder: string): void {
    for (const watched of this.#folders.values()) {
      if (!isWithin(watched.path, folder)) continue
      watched.watcher?.close()
      this.#unwatched.delete(watched)
      this.#folders.delete(watched.path)
      this.#all = null
    }
  }

  close(): void {
    for (const { watcher } of this.#folders.values()) watcher?.close()
    this.#unwatched.clear()
    this.#folders.clear()
    this.#all = null
  }

  /**
   * False when the folder is not there any more. Where there are too many watchers (ENOSPC, EMFILE) or none are
   * possible, looking at the folder has to do.
   */
  #watch(watched: WatchedFolder, onEvent: FolderEvent): boolean {
    try {
      const watcher = this.#fs.watch(watched.path, { persistent: false }, (type, name) =>
        onEvent(watched.path, type, name),
      )
      watched.watcher = watcher
      watcher.on('error', () => {
        watcher.close()
        watched.watcher = null
        if (this.#folders.get(watched.path) === watched) this.#unwatched.add(watched)
      })
      return true
    } catch (error) {
      const code = errorCode(error)
      if (code === null) throw error
      return !isAbsence(code)
    }
  }
}

/** Null when there is no such folder, or nobody can tell. */
export function lookAtFolder(fs: FileSystem, folder: string): { identity: string; modifiedMs: number } | null {
  try {
    const stats = fs.statSync(folder, { throwIfNoEntry: false })
    return stats?.isDirectory() ? { identity: `${stats.dev}:${stats.ino}`, modifiedMs: stats.mtimeMs } : null
  } catch (error) {
    if (errorCode(error) === null) throw error
    return null
  }
}
