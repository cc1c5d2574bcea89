import { OperatorError } from '../core/errors.ts'
import { firstInstant, zoneOf } from '../core/local-time.ts'
import { isoDate } from '../core/period.ts'
import { DAY_MS } from '../core/time.ts'
import { SLOT_MS } from '../ledger/ledger.ts'

/** A calendar month, or the part of one that is asked for. Instants are epoch milliseconds, ends exclusive. */
export interface ChargebackMonth {
  /** `2026-11` */
  readonly month: string
  /** First and last day that is asked for: `2026-11-01`. */
  readonly first: string
  readonly last: string
  readonly isWhole: boolean
  /** True where it ends after now. */
  readonly isRunning: boolean
  /** The days in the configured zone, up to the end of the quarter of an hour that runs. */
  readonly from: number
  readonly to: number
  /** The same days in UTC, which the bill knows, up to the end of the day that runs. */
  readonly billedFrom: number
  readonly billedTo: number
}

/** What the command line says about time, as it stands there. */
export interface MonthOptions {
  readonly month?: string
  readonly since?: string
  readonly until?: string
}

const MAX_MONTHS = 120
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/

/**
 * The months asked for, ascending, the present one unless told otherwise. Throws OperatorError for what makes no sense.
 */
export function chooseMonths(options: MonthOptions, now: number, timeZone: string): ChargebackMonth[] {
  const { month, since, until } = options
  if (month !== undefined && (since !== undefined || until !== undefined)) {
    throw new OperatorError('--month and --since or --until both say what is asked for', {
      fix: 'Give one of the two.',
    })
  }
  if (month !== undefined && !isMonth(month)) {
    throw new OperatorError('--month needs a month', { seen: month, fix: 'Write it as 2026-11.' })
  }
  const today = isoDate(now, timeZone)
  const present = today.slice(0, 7)
  const first = month === undefined ? dateOf(since ?? present, '--since', 'first') : `${month}-01`
  const last = month === undefined ? dateOf(until ?? present, '--until', 'last') : lastDay(month)
  if (first > last || first > today) {
    throw new OperatorError(first > last ? 'The period ends before it begins' : 'The period has not begun yet', {
      seen: `${first} to ${last}`,
      fix: `Give months or days up to today (${today}), the first one before the last.`,
    })
  }
  const months = monthsBetween(first.slice(0, 7), [last, today].sort()[0]?.slice(0, 7) ?? present)
  if (months.length > MAX_MONTHS) {
    throw new OperatorError(`At most ${MAX_MONTHS} months at a time`, {
      seen: `${first} to ${last}`,
      fix: 'Give --since a later month.',
    })
  }
  return months.map((name) => monthOf(name, { first, last }, { now, timeZone, today }))
}

/** True for a month of the calendar such as `2026-11`. */
function isMonth(text: string): boolean {
  return MONTH.test(text) && text >= '1970-01'
}

function monthOf(
  month: string,
  asked: { readonly first: string; readonly last: string },
  { now, timeZone, today }: { readonly now: number; readonly timeZone: string; readonly today: string },
): ChargebackMonth {
  const [begin, end] = [`${month}-01`, lastDay(month)]
  const first = asked.first > begin ? asked.first : begin
  const last = asked.last < end ? asked.last : end
  const endOfUse = Math.floor(now / SLOT_MS) * SLOT_MS + SLOT_MS
  const endOfBill = Math.floor(now / DAY_MS) * DAY_MS + DAY_MS
  const from = startOf(first, timeZone)
  const billedFrom = startOf(first, 'UTC')
  return {
    month,
    first,
    last,
    isWhole: first === begin && last === end,
    isRunning: last >= today,
    from,
    to: Math.max(from, Math.min(startOf(dayAfter(last), timeZone), endOfUse)),
    billedFrom,
    billedTo: Math.max(billedFrom, Math.min(startOf(dayAfter(last), 'UTC'), endOfBill)),
  }
}

/** A month stands for its first or its last day. */
function dateOf(text: string, option: string, end: 'first' | 'last'): string {
  if (isMonth(text)) return end === 'first' ? `${text}-01` : lastDay(text)
  if (isDay(text)) return text
  throw new OperatorError(`${option} needs a month or a day`, { seen: text, fix: 'Write it as 2026-11 or 2026-11-05.' })
}

function isDay(text: string): boolean {
  const midnight = /^\d{4}-\d\d-\d\d$/.test(text) ? utc(text) : Number.NaN
  return midnight >= 0 && dayText(midnight) === text
}

function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = first; month <= last && months.length <= MAX_MONTHS; month = dayAfter(lastDay(month)).slice(0, 7)) {
    months.push(month)
  }
  return months
}

function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return dayText(Date.UTC(year, number, 0))
}

function dayAfter(date: string): string {
  return dayText(utc(date) + DAY_MS)
}

function startOf(date: string, timeZone: string): number {
  return firstInstant(zoneOf(timeZone), utc(date))
}

function utc(date: string): number {
  return Date.parse(`${date}T00:00:00Z`)
}

function dayText(midnight: number): string {
  return new Date(midnight).toISOString().slice(0, 10)
}
