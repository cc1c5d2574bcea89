import { DAY_MS } from '../core/time.ts'
import { SLOT_MS } from '../ledger/ledger.ts'

/** Past to be written: from the first instant to the last, both included, epoch milliseconds. */
export interface Range {
  /** A whole quarter of an hour. */
  readonly from: number
  readonly to: number
}

/** What goes into one file: points from `from` to `to` exclusive, of the last part `to` as well. Epoch milliseconds. */
export interface Part extends Range {
  readonly isLast: boolean
}

/** The quarters of an hour within the range, ascending, and its end, even if that is none. */
export function quarterHours({ from, to }: Range): number[] {
  const instants: number[] = []
  for (let instant = from; instant < to; instant += SLOT_MS) instants.push(instant)
  instants.push(to)
  return instants
}

/** The quarter of an hour that holds the instant begins here. */
export function startOfQuarterHour(instant: number): number {
  return Math.floor(instant / SLOT_MS) * SLOT_MS
}

/** The UTC day that holds the instant begins here. */
export function startOfUtcDay(instant: number): number {
  return Math.floor(instant / DAY_MS) * DAY_MS
}

/** Divides a range into stretches of whole UTC days, counted from the day it begins on; null: one part. */
export function partsOf({ from, to }: Range, splitDays: number | null): Part[] {
  const length = splitDays === null ? Number.POSITIVE_INFINITY : splitDays * DAY_MS
  const parts: Part[] = []
  let start = from
  let end = startOfUtcDay(from) + length
  for (; end < to; end += length) {
    parts.push({ from: start, to: end, isLast: false })
    start = end
  }
  parts.push({ from: start, to, isLast: true })
  return parts
}
