import type { RootStatus } from '../../core/status.ts'
import type { Breather } from '../../lib/breather.ts'
import { type Discovery, discover } from './discover.ts'
import type { FileSystem } from './file-system.ts'
import type { LogFormat, LogRoot } from './format.ts'
import { checkRoots } from './roots.ts'
import { isWithin } from './within.ts'

/** Where the logs of a format are, over all its roots. */
export class LogSearch {
  readonly #format: LogFormat
  readonly #fs: FileSystem
  readonly #breather: Breather
  #roots: readonly LogRoot[] = []
  #statuses: readonly RootStatus[] = []

  constructor(format: LogFormat, fs: FileSystem, breather: Breather) {
    this.#format = format
    this.#fs = fs
    this.#breather = breather
  }

  /** The roots as they were at the last search for everything. */
  get statuses(): readonly RootStatus[] {
    return this.#statuses
  }

  async everywhere(): Promise<Discovery> {
    const checked = checkRoots(this.#fs, this.#format.roots())
    const isThere = ({ status }: (typeof checked)[number]) => status.state === 'ok'
    this.#statuses = checked.map(({ status }) => status)
    this.#roots = checked.filter(isThere).map(({ root }) => root)
    const found = await this.#discover(this.#roots, null, () => false)
    // A log can also appear when a folder does that now stands where nothing is.
    const missing = checked.filter((root) => !isThere(root)).map(({ root }) => root.path)
    return {
      ...found,
      folders: [...new Set([...this.#roots.map(({ path }) => path), ...found.folders])],
      missing: [...missing, ...found.missing],
    }
  }

  /** Searches one file or folder, in the roots there were at the last search for everything. */
  async within(place: string, isSkipped: (folder: string) => boolean = () => false): Promise<Discovery> {
    if (this.#statuses.length === 0) await this.everywhere()
    const roots = this.#roots.filter(({ path }) => isWithin(place, path))
    return this.#discover(roots, place, isSkipped)
  }

  async #discover(
    roots: readonly LogRoot[],
    within: string | null,
    isSkipped: (folder: string) => boolean,
  ): Promise<Discovery> {
    const options = { fs: this.#fs, breather: this.#breather, within, isSkipped }
    const found: Discovery[] = []
    for (const root of roots) found.push(await discover(this.#format, root, options))
    return {
      files: found.flatMap(({ files }) => files),
      folders: [...new Set(found.flatMap(({ folders }) => folders))],
      missing: found.flatMap(({ missing }) => missing),
      unreadable: found.flatMap(({ unreadable }) => unreadable),
    }
  }
}
