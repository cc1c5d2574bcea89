import type { Ledger } from '../ledger/ledger.ts'
import type { Snapshot } from '../view/snapshot.ts'
import type { SyncParts } from './sync.ts'

/** Everything that answers are made from. */
export interface ApiParts {
  snapshot(): Snapshot
  readonly ledger: Ledger
  /** The canonical id of a model, given one as the provider writes it. */
  modelName(id: string): string
  /** Epoch milliseconds. */
  now(): number
  /** The configured zone. */
  readonly timeZone: string
  readonly version: string
  readonly sync: SyncParts
}

/** What one answer is made from: everything in it belongs to the same moment. */
export interface ApiContext extends ApiParts {
  /** Epoch milliseconds. */
  readonly at: number
  readonly current: Snapshot
}
