import type { PlanWindow } from '../core/plan-window.ts'
import type { Logger } from '../lib/logger.ts'
import { codeOf } from './small-file.ts'
import { planWindowState } from './state.ts'
import { type AccountFile, fileVersion, readAccount, storedAccounts } from './store.ts'

interface KnownFile extends AccountFile {
  readonly version: string | null
}

/** What status lines left beside the ledger, read again when it changes. */
export class PlanWindows {
  readonly #folder: string
  readonly #logger: Pick<Logger, 'warn'>
  #files: ReadonlyMap<string, KnownFile> = new Map()
  #folderProblem: string | null = null
  #current: readonly PlanWindow[] = []

  /** @param folder see `planWindowsFolder`; it need not exist */
  constructor(folder: string, logger: Pick<Logger, 'warn'>) {
    this.#folder = folder
    this.#logger = logger
  }

  /** Windows that hold, as of the last `refresh`; by account and window. */
  get current(): readonly PlanWindow[] {
    return this.#current
  }

  /**
   * Looks what has changed and what has run out by `now` (epoch milliseconds). Returns whether `current` is another one.
   * Never throws: what cannot be read is logged once and not known.
   */
  refresh(now: number): boolean {
    this.#files = new Map(this.#accounts().map((account) => [account, this.#read(account)]))
    const current = [...this.#files.values()]
      .flatMap(({ windows }) => [...windows].sort(byName))
      .filter((row) => planWindowState(row, now) === 'current')
    const isSame = current.length === this.#current.length && current.every((row, at) => row === this.#current[at])
    if (!isSame) this.#current = current
    return !isSame
  }

  #accounts(): string[] {
    try {
      const accounts = storedAccounts(this.#folder)
      this.#folderProblem = null
      return accounts
    } catch (error) {
      const problem = codeOf(error)
      if (problem !== this.#folderProblem) this.#warn(this.#folder, problem)
      this.#folderProblem = problem
      return []
    }
  }

  #read(account: string): KnownFile {
    const version = fileVersion(this.#folder, account)
    const known = this.#files.get(account)
    if (known !== undefined && known.version === version) return known
    const file = readAccount(this.#folder, account)
    if (file.problem !== null && file.problem !== known?.problem) this.#warn(account, file.problem)
    return { ...file, version }
  }

  #warn(what: string, problem: string): void {
    this.#logger.warn('cannot read plan windows that a status line stored', { what, problem })
  }
}

function byName(a: PlanWindow, b: PlanWindow): number {
  return a.window < b.window ? -1 : 1
}
