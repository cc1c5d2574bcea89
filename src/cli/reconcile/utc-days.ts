import { OperatorError } from '../../core/errors.ts'
import { DAY_MS } from '../../core/time.ts'

export interface DayOptions {
  readonly days?: number
  readonly since?: string
  readonly until?: string
}

const DEFAULT_DAYS = 14

/** Starts of the UTC days asked for, ascending, none after today. Throws OperatorError for a range that makes no sense. */
export function chooseUtcDays({ days, since, until }: DayOptions, now: number): number[] {
  if (days !== undefined && since !== undefined) {
    throw new OperatorError('--days and --since both say where the range begins', { fix: 'Give one of the two.' })
  }
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const last = Math.min(until === undefined ? today : parseDay(until, '--until'), today)
  const first = since === undefined ? last - ((days ?? DEFAULT_DAYS) - 1) * DAY_MS : parseDay(since, '--since')
  if (first > last) {
    throw new OperatorError('The range ends before it begins', {
      seen: `${utcDate(first)} to ${utcDate(last)}`,
      fix: 'Give --since a UTC day before --until, and not after today.',
    })
  }
  return Array.from({ length: (last - first) / DAY_MS + 1 }, (_, index) => first + index * DAY_MS)
}

/** `2026-05-04` */
export function utcDate(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10)
}

function parseDay(text: string, option: string): number {
  const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(instant) && utcDate(instant) === text) return instant
  throw new OperatorError(`${option} needs a UTC day`, { seen: text, fix: 'Write it as 2026-05-04.' })
}
