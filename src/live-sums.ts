import type { BudgetKeeper } from './budget-keeper.ts'
import type { Config } from './config/config.ts'
import type { Delta, Ledger } from './ledger/ledger.ts'
import type { MachineRow } from './ledger/machines.ts'
import type { Clock } from './lib/clock.ts'
import type { HealthView } from './view/health-view.ts'
import { UsageView } from './view/usage-view.ts'

export interface LiveSumsOptions {
  readonly config: Config
  readonly clock: Clock
  readonly ledger: Ledger
  readonly budgets: BudgetKeeper
  readonly tallies: Pick<HealthView, 'add' | 'setTallies'>
}

/**
 * All sums that are kept in memory, of usage, budgets and tallies: taken out of the ledger as of one moment, and changed
 * by every commit since, own ones and those of others, each once.
 */
export class LiveSums {
  readonly #options: LiveSumsOptions
  #usage: UsageView
  /** Deltas up to this revision are in the sums that were loaded. */
  #loadedAt = 0
  /** What is committed while sums are loaded; null while they are not. */
  #arriving: Delta[] | null = null

  constructor(options: LiveSumsOptions) {
    this.#options = options
    this.#usage = this.#createUsage()
  }

  /** Another one after each `load`. */
  get usage(): UsageView {
    return this.#usage
  }

  /** The machines that the ledger knows: usage tells them apart, if it is to. */
  setMachines(machines: readonly MachineRow[]): void {
    this.#usage.setMachines(machines)
  }

  /** Rejects with LedgerError, and then nothing has changed. */
  async load(): Promise<void> {
    const arriving: Delta[] = []
    this.#arriving = arriving
    try {
      await this.#loadFrozen()
    } finally {
      this.#arriving = null
      // Also after a failure: then they belong to the sums that are still there.
      for (const delta of arriving) this.apply(delta)
    }
  }

  /** False for what is in the sums already, or will be once they are loaded. */
  apply(delta: Delta): boolean {
    if (this.#arriving !== null) {
      this.#arriving.push(delta)
      return false
    }
    // One without a revision was made by no commit: it only tells that claims were compared.
    if (delta.revision !== 0 && delta.revision <= this.#loadedAt) return false
    this.#usage.apply(delta)
    this.#options.budgets.apply(delta)
    this.#options.tallies.add(delta.tallies)
    return true
  }

  async #loadFrozen(): Promise<void> {
    const { ledger: live, budgets, tallies: health } = this.#options
    const { ledger, revision } = await live.freeze()
    try {
      const before = this.#usage
      const usage = this.#createUsage()
      await usage.load(ledger)
      const tallies = await ledger.tallies()
      // What is usual is told by the labels of the usage.
      this.#usage = usage
      try {
        await budgets.load(ledger, revision)
      } catch (error) {
        this.#usage = before
        throw error
      }
      health.setTallies(tallies)
      this.#loadedAt = revision
    } finally {
      await ledger.close()
    }
  }

  #createUsage(): UsageView {
    const { config, clock } = this.#options
    return new UsageView({
      timeZone: config.timeZone,
      now: () => clock.now(),
      seriesLimit: config.metrics.seriesLimit,
      machineLabel: config.metrics.machineLabel,
    })
  }
}
