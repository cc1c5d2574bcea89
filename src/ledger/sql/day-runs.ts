export interface DayRun {
  /** Epoch milliseconds, start inclusive, end exclusive. */
  readonly start: number
  readonly end: number
  /** Index of its first day. */
  readonly firstDay: number
  readonly dayMs: number
}

/**
 * Runs of days of the same length, so that the database can tell the day by a division. Only the two days of the year
 * when clocks change are of another length; the last day may be cut short.
 */
export function equalDays(days: readonly number[], to: number): DayRun[] {
  const runs: DayRun[] = []
  for (const [index, start] of days.entries()) {
    const next = days[index + 1]
    const end = next ?? Math.max(to, start + 1)
    const last = runs.at(-1)
    const isAlike =
      last !== undefined && (end - start === last.dayMs || (next === undefined && end - start < last.dayMs))
    if (isAlike) runs[runs.length - 1] = { ...last, end }
    else runs.push({ start, end, firstDay: index, dayMs: end - start })
  }
  return runs
}

/** SQL for the day of a run that a column of epoch milliseconds, within the run, is in; counted from its first day. */
export function dayOf(column: string, { start, dayMs }: DayRun): string {
  return `(${column} - (${start})) / ${dayMs}`
}
