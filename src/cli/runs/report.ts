import type { SyncRun } from '../../core/sync-run.ts'

/** Everything the log of runs is printed from. */
export interface RunsReport {
  /** Newest first. */
  readonly runs: readonly SyncRun[]
  /** Epoch milliseconds. */
  readonly now: number
  readonly timeZone: string
  /** Whether only some runs were asked for. */
  readonly isFiltered: boolean
}
