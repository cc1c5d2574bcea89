import type { Generation, Report } from '../../core/organization.ts'
import { addChanges, NO_CHANGES, type RowChanges } from '../../core/sync-run.ts'
import type { ReadEvents } from '../../sources/admin-api/admin-api.ts'
import type { Span } from './span.ts'

/** Told of each window that is stored: how many of how many, and the rows read so far. */
export type OnProgress = (done: number, total: number, rows: number) => void

/** How far a run has come; lives through its attempts. */
export class RunState {
  readonly report: Report
  readonly events: ReadEvents
  readonly #onProgress: OnProgress
  generation: Generation | null = null
  from: number | null = null
  to: number | null = null
  deep = false
  attempts = 0
  requests = 0
  changes: RowChanges = NO_CHANGES
  done = 0
  /** Parts that the ledger took, whether or not their span is done. */
  stored = 0
  total = 0
  #pending: Span[] | null = null

  constructor(report: Report, onProgress: OnProgress) {
    this.report = report
    this.#onProgress = onProgress
    this.events = {
      request: () => {
        this.requests += 1
      },
      page: () => {},
    }
  }

  /** What is still to be read, in order; null while that is not decided. */
  get pending(): readonly Span[] | null {
    return this.#pending
  }

  plan(
    spans: readonly Span[],
    plan: { readonly from: number; readonly to: number; readonly deep: boolean } | null,
  ): void {
    this.#pending = [...spans]
    this.total = spans.length
    this.from = plan?.from ?? null
    this.to = plan?.to ?? null
    this.deep = plan?.deep ?? false
  }

  next(): Span | undefined {
    return this.#pending?.[0]
  }

  /** A part of the span in front was stored. */
  store(changes: RowChanges): void {
    this.stored += 1
    this.changes = addChanges(this.changes, changes)
  }

  /** The span in front is done with. */
  finishOne(): void {
    this.#pending?.shift()
    this.done += 1
    this.#onProgress(this.done, this.total, this.changes.fetched)
  }
}
