import type { Snapshot } from '../view/snapshot.ts'

/**
 * Part of what `/metrics` would have shown at instants of the past, had all that is known now been known then. Asked
 * for instants in ascending order, each a whole quarter of an hour (the last one may be any): what happened in a
 * quarter of an hour is shown from its end on, and at the last instant also what happened since the last whole one.
 *
 * Rows behind counters may be left out where they are as they were at the instant before. A row that begins is given
 * once at what it shows before its first use, at the instant where the quarter of an hour of that use begins, so that
 * its first increase can be seen. Rows behind gauges are given as long as they are to be shown.
 */
export interface Past {
  /** Rejects with LedgerError. */
  at(instant: number): Promise<Partial<Snapshot>>
}
