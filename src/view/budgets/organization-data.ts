import type { DataState } from '../../budgets/data-state.ts'
import type { Budget, Period } from '../../core/budget.ts'
import { DAY_MS } from '../../core/time.ts'
import { SLOT_MS } from '../../ledger/ledger.ts'
import type { CoveredDay } from '../../ledger/organization.ts'

/** What is known of the report of every organisation in scope. Times are epoch milliseconds. */
export interface ReportState {
  /** Start of the gapless covered days that end with the newest one; null where nothing is covered. */
  readonly from: number | null
  /** Until when they are complete. */
  readonly to: number | null
  /** Widths of the buckets by covered day, of each organisation. */
  readonly widths: readonly ReadonlyMap<number, number>[]
}

export const NO_REPORT: ReportState = { from: null, to: null, widths: [] }

/** Judges the covered days of one organisation's report. They ascend. */
export function reportState(days: readonly CoveredDay[]): ReportState {
  const newest = days.at(-1)
  if (newest === undefined) return NO_REPORT
  let from = newest.day
  for (const { day, completeTo } of days.toReversed().slice(1)) {
    if (day !== from - DAY_MS || completeTo < from) break
    from = day
  }
  return { from, to: newest.completeTo, widths: [new Map(days.map(({ day, widthMs }) => [day, widthMs]))] }
}

/** What is known of several organisations together. */
export function jointState(states: readonly ReportState[]): ReportState {
  let from: number | null = Number.NEGATIVE_INFINITY
  let to: number | null = Number.POSITIVE_INFINITY
  for (const state of states) {
    from = from === null || state.from === null ? null : Math.max(from, state.from)
    to = to === null || state.to === null ? null : Math.min(to, state.to)
  }
  if (states.length === 0 || from === null || to === null) return NO_REPORT
  return { from, to, widths: states.flatMap(({ widths }) => widths) }
}

/** Whether the covered days hold the period as far as it has passed, in buckets that do not lie across its start. */
export function organizationDataState(
  { from, to, widths }: ReportState,
  { kind }: Budget['period'],
  { start }: Period,
): DataState {
  if (from === null || to === null) return { from: Number.POSITIVE_INFINITY, to: null, problem: 'not_covered' }
  if (from > start) return { from, to, problem: 'not_covered' }
  // A rolling period is the buckets that begin within it: its start moves on all the time, and no bill is cut there.
  if (kind === 'rolling') return { from, to, problem: null }
  const isAligned = widths.every((byDay) => {
    const day = Math.floor(start / DAY_MS) * DAY_MS
    const widthMs = byDay.get(day) ?? SLOT_MS
    return (start - day) % widthMs === 0
  })
  return { from, to, problem: isAligned ? null : 'misaligned' }
}

/** Width of the longest buckets since the instant, at least a slot, milliseconds. */
export function bucketWidth({ widths }: ReportState, since: number): number {
  let widest = SLOT_MS
  for (const byDay of widths) {
    for (const [day, width] of byDay) if (day + DAY_MS > since) widest = Math.max(widest, width)
  }
  return widest
}
