import { type AlertThresholdValues, DEFAULT_THRESHOLDS } from '../core/alert-thresholds.ts'
import { MINUTE_MS } from '../core/time.ts'
import { NO_ORGANIZATIONS, type OrganizationPart } from './organization/part.ts'
import { NO_OWNERS } from './owners/part.ts'
import type { NextRun, Snapshot } from './snapshot.ts'
import type { UsageView } from './usage-view.ts'

export interface HolderOptions {
  /** The one in use now: loaded anew, it is another. */
  readonly usage: () => UsageView
  readonly now: () => number
  readonly timeZone: string
  readonly seriesLimit: number
  /** List prices in force at a time. */
  readonly listPrices: (now: number) => Snapshot['prices']
  /** What the rest of the program knows of itself; read when a snapshot is made. */
  readonly health: () => Pick<Snapshot, 'complete' | 'sources' | 'ledger'> &
    Partial<Pick<Snapshot, 'sharedLedger' | 'machines'>>
  /** What is known of organisations, and when their next runs are due; read when a snapshot is made. */
  readonly organizations?: () => OrganizationPart
  readonly nextRuns?: () => readonly NextRun[]
  /** Budgets and balances, owners, and what is usual; read when a snapshot is made. */
  readonly budgets?: () => Pick<Snapshot, 'budgets' | 'balances'> & Partial<Pick<Snapshot, 'owners'>>
  readonly habits?: () => Snapshot['habits']
  /** Limits of subscriptions that hold now; read when a snapshot is made. */
  readonly planWindows?: () => Snapshot['planWindows']
  readonly alertThresholds?: () => AlertThresholdValues
}

const NO_BUDGETS = { budgets: [], balances: [] }

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
    const { now, timeZone, seriesLimit, listPrices, health, organizations, nextRuns, budgets, habits } = this.#options
    const usage = this.#options.usage()
    const at = now()
    if (this.#current !== null && !usage.isDue() && !this.#hasMinutePassed(this.#current, at)) return this.#current
    this.#version += 1
    this.#current = {
      at,
      version: this.#version,
      timeZone,
      ...usage.snapshot(),
      prices: listPrices(at),
      sharedLedger: null,
      machines: [],
      ...health(),
      organizations: organizations?.() ?? NO_ORGANIZATIONS,
      owners: NO_OWNERS,
      ...(budgets?.() ?? NO_BUDGETS),
      habits: habits?.() ?? [],
      planWindows: this.#options.planWindows?.() ?? [],
      alertThresholds: this.#options.alertThresholds?.() ?? DEFAULT_THRESHOLDS,
      nextRuns: nextRuns?.() ?? [],
      series: { limit: seriesLimit, folded: usage.foldedLabelSets },
    }
    return this.#current
  }

  /** What is told of budgets and habits changes with every minute. */
  #hasMinutePassed(snapshot: Snapshot, now: number): boolean {
    const { budgets, habits } = this.#options
    if (budgets === undefined && habits === undefined) return false
    return Math.floor(now / MINUTE_MS) !== Math.floor(snapshot.at / MINUTE_MS)
  }
}
