import { leaseKeeper } from './leases.ts'
import type { Ledger } from './ledger/ledger.ts'

const EVERY_MS = 24 * 60 * 60 * 1000
const LEASE_MS = 60 * 60 * 1000

/** Forgets single responses and runs that are older than they are to be kept, once a day, by one program of several. */
export class Pruning {
  readonly #ledger: Ledger
  readonly #retentionMs: number
  readonly #isMine: () => Promise<boolean>
  #last = 0

  constructor(ledger: Ledger, retentionMs: number) {
    this.#ledger = ledger
    this.#retentionMs = retentionMs
    this.#isMine = leaseKeeper(ledger, 'pruning', LEASE_MS)
  }

  /** Rejects with LedgerError; then it is tried again a day later. */
  async tick(now: number): Promise<void> {
    if (now - this.#last < EVERY_MS) return
    this.#last = now
    if (!(await this.#isMine())) return
    await this.#ledger.prune(now - this.#retentionMs)
    await this.#ledger.pruneRuns(now - this.#retentionMs)
  }
}
