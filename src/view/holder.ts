import { NO_ORGANIZATIONS, type OrganizationPart } from './organization/part.ts'
import type { NextRun, Snapshot } from './snapshot.ts'
import type { UsageView } from './usage-view.ts'

export interface HolderOptions {
  readonly usage: UsageView
  readonly now: () => number
  readonly timeZone: string
  readonly seriesLimit: number
  /** List prices in force at a time. */
  readonly listPrices: (now: number) => Snapshot['prices']
  /** What the rest of the program knows of itself; read when a snapshot is made. */
  readonly health: () => Pick<Snapshot, 'complete' | 'sources' | 'ledger'>
  /** What is known of organisations, and when their next runs are due; read when a snapshot is made. */
  readonly organizations?: () => OrganizationPart
  readonly nextRuns?: () => readonly NextRun[]
}

/** Hands out the current snapshot and makes the next one when something has changed since. */
export class SnapshotHolder {
  readonly #options: HolderOptions
  #current: Snapshot | null = null
  #version = 0

  constructor(options: HolderOptions) {
    this.#options = options
  }

  /** Something a snapshot shows has changed. */
  touch(): void {
    this.#current = null
  }

  current(): Snapshot {
    const { usage, now, timeZone, seriesLimit, listPrices, health, organizations, nextRuns } = this.#options
    if (this.#current !== null && !usage.isDue()) return this.#current
    const at = now()
    this.#version += 1
    this.#current = {
      at,
      version: this.#version,
      timeZone,
      ...usage.snapshot(),
      prices: listPrices(at),
      ...health(),
      organizations: organizations?.() ?? NO_ORGANIZATIONS,
      nextRuns: nextRuns?.() ?? [],
      series: { limit: seriesLimit, folded: usage.foldedLabelSets },
    }
    return this.#current
  }
}
