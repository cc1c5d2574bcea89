import type { Delta } from './ledger.ts'

/** Whose logs a program reads into the ledger. */
export interface MachineIdentity {
  /** Never changes for a machine; tells apart two that have the same name. */
  readonly uid: string
  /** As people call it. A ledger that knows another machine by it appends `-2`, `-3`, ... */
  readonly name: string
}

/** A machine as the ledger knows it. */
export interface MachineRow {
  /** The value of the `machine` label; no two machines have the same. */
  readonly name: string
  /** Of the program that ran on it last. */
  readonly version: string
  /** When its exporter last gave a sign of life, epoch milliseconds by the clock of the ledger. */
  readonly seenAt: number
  /** When all its logs were last read as a whole, the same way; null before the first time. */
  readonly readAt: number | null
  /** Time of its newest response, epoch milliseconds; null before the first. */
  readonly newestAt: number | null
}

/** What only one of several programs on a ledger may do at a time. */
export const LEASES = ['organizations', 'pruning', 'notices'] as const
export type LeaseName = (typeof LEASES)[number]

/** What others committed. */
export interface News {
  /** In the order in which they are to be applied. */
  readonly deltas: readonly Delta[]
  /** True when something of organisations, budgets or runs may be other than before. */
  readonly organizations: boolean
  /** True when too much was missed to be told one by one: everything is to be read again, by `freeze`. */
  readonly reload: boolean
}

/** What a ledger offers to several programs that share it. All methods may reject with LedgerError. */
export interface SharedLedger {
  /** As the ledger calls it: the value of the `machine` label of what is appended here. */
  readonly machine: string
  /** True for a ledger that other programs may write at the same time. */
  readonly isShared: boolean
  /**
   * What others committed since the ledger was opened or `news` last told, each once. Nothing for a ledger that is not
   * shared. Revisions of its deltas and of own commits are of one sequence, so that `freeze` fits between them.
   */
  news(): Promise<News>
  /** A sign of life of this machine; `read` when all its logs have just been read as a whole. */
  beat(sign: { readonly now: number; readonly read: boolean }): Promise<void>
  /** Sorted by name. */
  machines(): Promise<readonly MachineRow[]>
  /**
   * Takes a lease, or keeps it, for a while from now, by the clock of the ledger. False while somebody else has it.
   * Always true for a ledger that is not shared.
   */
  lease(name: LeaseName, forMs: number): Promise<boolean>
  /** Tells that this program is at work for this machine, for a while from now, by the clock of the ledger. */
  follow(forMs: number): Promise<void>
  /** True while a program said that it is at work for this machine. Always false for a ledger that is not shared. */
  isFollowed(): Promise<boolean>
  /** Gives back the leases that this program holds, so that another need not wait for their end, and ends `follow`. */
  releaseLeases(): Promise<void>
}

export const NO_NEWS: News = { deltas: [], organizations: false, reload: false }
