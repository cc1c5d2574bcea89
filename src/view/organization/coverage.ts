import { DAY_MS } from '../../core/time.ts'
import type { CoveredDay } from '../../ledger/organization.ts'
import type { UtcWindowName, UtcWindows } from './utc-windows.ts'

/** What the covered days of one report allow to say. */
export interface Coverage {
  readonly known: Readonly<Record<UtcWindowName, boolean>>
  /** Until when data are complete without a gap, epoch milliseconds; null where nothing is covered. */
  readonly watermark: number | null
  /** Everything from the first of the previous month up to it is settled; null where that first day is not. */
  readonly settled: number | null
  /** Days that are complete and were read again long enough after their end, by their start. */
  readonly settledDays: ReadonlySet<number>
}

/** Judges the covered days of the previous and the present month. `days` ascend. */
export function judgeCoverage(days: readonly CoveredDay[], windows: UtcWindows, settleAfterMs: number): Coverage {
  const covered = new Map(days.map((day) => [day.day, day]))
  const settledDays = new Set(days.filter((day) => isSettled(day, settleAfterMs)).map(({ day }) => day))
  const newest = days.at(-1)?.day ?? Number.NEGATIVE_INFINITY
  return {
    known: {
      today: covered.has(windows.today),
      monthToDate: newest >= windows.month && daysOf(windows.month, newest + DAY_MS).every((day) => covered.has(day)),
      previousMonth: daysOf(windows.previousMonth, windows.month).every((day) => isComplete(covered.get(day))),
    },
    watermark: watermarkOf(days),
    settled: settledUntil(settledDays, windows.previousMonth),
    settledDays,
  }
}

/** Starts of the UTC days of a range, epoch milliseconds. */
export function daysOf(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / DAY_MS)) }, (_, index) => from + index * DAY_MS)
}

function isComplete(day: CoveredDay | undefined): boolean {
  return day !== undefined && day.completeTo >= day.day + DAY_MS
}

function isSettled(day: CoveredDay, settleAfterMs: number): boolean {
  return isComplete(day) && day.readAt >= day.day + DAY_MS + settleAfterMs
}

function watermarkOf(days: readonly CoveredDay[]): number | null {
  let watermark: number | null = null
  let expected = days[0]?.day
  for (const day of days) {
    if (day.day !== expected) break
    watermark = Math.max(watermark ?? day.completeTo, day.completeTo)
    if (!isComplete(day)) break
    expected = day.day + DAY_MS
  }
  return watermark
}

function settledUntil(settledDays: ReadonlySet<number>, from: number): number | null {
  let until = from
  while (settledDays.has(until)) until += DAY_MS
  return until === from ? null : until
}
