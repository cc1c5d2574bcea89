import path from 'node:path'
import type { TailMode } from '../../core/status.ts'
import type { Breather } from '../../lib/breather.ts'
import { Coalescer, type PathEvent } from './coalescer.ts'
import type { Discovery } from './discover.ts'
import type { FileSystem } from './file-system.ts'
import type { FileTable } from './file-table.ts'
import type { LogSearch } from './log-search.ts'
import { changedFiles, changedFolders, hasChanged } from './poll.ts'
import { ticksPerRound, turnOf } from './poll-schedule.ts'
import type { TailOptions } from './tail-options.ts'
import { lookAtFolder, WatchedFolders } from './watched-folders.ts'

export interface LogFollowerOptions {
  readonly fs: FileSystem
  readonly tail: TailOptions
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly breather: Breather
  readonly search: LogSearch
  readonly table: () => FileTable
  /** Called with logs that may have changed, or null when everything must be searched. */
  readonly changed: (paths: readonly string[] | null) => void
}

/** So many places are searched one by one; beyond that, searching everything is cheaper. */
const MANY_PLACES = 20

/**
 * Notices changes of logs: by watching the folders they are in, and by looking at everything now and then, because
 * events get lost and do not exist on network shares.
 */
export class LogFollower {
  readonly #options: LogFollowerOptions
  readonly #folders: WatchedFolders
  readonly #events: Coalescer
  readonly #timers: readonly NodeJS.Timeout[]
  readonly #ticksPerRound: number
  #tick = 0
  #missing: readonly string[] = []
  #work: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(options: LogFollowerOptions) {
    const { fs, tail } = options
    this.#options = options
    this.#events = new Coalescer(tail.coalesceMs, (paths) => this.#deliver(paths))
    this.#folders = new WatchedFolders(fs, tail.mode === 'poll' ? null : (...event) => this.#heard(...event))
    this.#ticksPerRound = ticksPerRound(tail.pollColdMs, tail.pollHotMs)
    this.#timers = [
      setInterval(() => this.#poll(), tail.pollHotMs).unref(),
      setInterval(() => this.askForEverything(), tail.rescanMs).unref(),
    ]
  }

  get mode(): TailMode {
    return this.#folders.hasAllWatchers ? 'events' : 'polling'
  }

  /** Watches the folders of a search for everything, and reports the logs that came between the search and now. */
  async cover(found: Discovery): Promise<void> {
    this.#missing = found.missing
    await this.#do(() => this.#coverNew(found.folders))
  }

  askForEverything(): void {
    if (!this.#isStopped) this.#options.changed(null)
  }

  /** Stops watching and looking; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const timer of this.#timers) clearInterval(timer)
    this.#events.stop()
    this.#folders.close()
    await this.#work
  }

  #heard(folder: string, type: 'rename' | 'change', name: string | null): void {
    // A folder that goes reports its own name; where names are not reported, anything in it may have changed.
    if (name === null || (type === 'rename' && name === path.basename(folder))) this.#events.add(folder, 'renamed')
    if (name !== null) this.#events.add(path.join(folder, name), type === 'rename' ? 'renamed' : 'changed')
  }

  #deliver(paths: ReadonlyMap<string, PathEvent>): void {
    const table = this.#options.table()
    const nowMs = this.#options.now()
    const known: string[] = []
    const places: string[] = []
    for (const [place, event] of paths) {
      if (event === 'renamed') this.#folders.refresh(path.dirname(place), nowMs)
      if (event === 'renamed' && this.#folders.has(place)) {
        this.#lose(place)
        places.push(place)
      } else if (table.isKnown(place)) known.push(place)
      // Nothing is written to a log before it appears, and that is an event of its own.
      else if (event === 'renamed') places.push(place)
    }
    this.#report(known)
    this.#explore(places)
  }

  #poll(): void {
    const { fs, now, table } = this.#options
    const tick = { tick: this.#tick++, ticksPerRound: this.#ticksPerRound, nowMs: now() }
    this.#report(changedFiles(fs, table(), tick))
    const folders = changedFolders(fs, this.#folders, tick)
    for (const folder of folders.replaced) this.#lose(folder)
    this.#explore([...folders.changed, ...folders.replaced])
    const isThere = (place: string) => !this.#folders.has(place) && lookAtFolder(fs, place) !== null
    if (turnOf(this.#missing, tick).some(isThere)) this.askForEverything()
  }

  #report(paths: readonly string[]): void {
    if (paths.length > 0 && !this.#isStopped) this.#options.changed(paths)
  }

  /** Stops watching a folder. Where nothing above it tells when it comes back, it is looked for. */
  #lose(folder: string): void {
    this.#folders.drop(folder)
    if (!this.#folders.has(path.dirname(folder))) this.#missing = [...new Set([...this.#missing, folder])]
  }

  /** Finds out what there is at these places now. */
  #explore(places: readonly string[]): void {
    if (places.length === 0) return
    void this.#do(async () => this.#coverNew(await this.#searchAt(places)))
  }

  /** One thing after the other: each changes what is watched. */
  #do(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(() => (this.#isStopped ? undefined : work()))
    return this.#work
  }

  /** Watches first and lists then: what appears in between is in the list, what appears later is an event. */
  async #coverNew(folders: readonly string[]): Promise<void> {
    for (let fresh = await this.#watch(folders); fresh.length > 0; ) {
      fresh = await this.#watch(await this.#searchAt(fresh))
    }
  }

  async #watch(folders: readonly string[]): Promise<readonly string[]> {
    const { breather, now } = this.#options
    const fresh: string[] = []
    for (const folder of folders) {
      if (breather.isDue) await breather.pause()
      if (this.#isStopped) return []
      if (this.#folders.add(folder, now())) fresh.push(folder)
    }
    return fresh
  }

  /** Reports what is new or changed at these places; returns the folders there. */
  async #searchAt(places: readonly string[]): Promise<readonly string[]> {
    const { search, table, fs, now } = this.#options
    const found: Discovery[] = []
    if (places.length > MANY_PLACES) found.push(await search.everywhere())
    else {
      // Known folders below have watchers or turns of their own.
      const isKnown = (place: string) => (folder: string) => folder !== place && this.#folders.has(folder)
      for (const place of places) found.push(await search.within(place, isKnown(place)))
    }
    const news = found
      .flatMap(({ files }) => files)
      .filter((log) => {
        if (!table().isKnown(log.path)) return true
        // Known logs of many folders are left to the next ticks.
        const file = table().fileAt(log.path)
        return places.length <= MANY_PLACES && (file === null || hasChanged(fs, table(), file, now()))
      })
    table().note(news)
    this.#report(news.map((log) => log.path))
    return found.flatMap((each) => each.folders)
  }
}
