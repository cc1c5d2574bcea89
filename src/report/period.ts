import { OperatorError } from '../core/errors.ts'
import { isoDate, isoTime, parseInstant, startOfDay, startOfDaysBefore, startOfMonth } from '../core/period.ts'
import { DAY_MS } from '../core/time.ts'
import { type Ledger, SLOT_MS } from '../ledger/ledger.ts'

const WEEK_MS = 7 * DAY_MS

/** A stretch of time that a report is about: from inclusive, to exclusive, epoch milliseconds, quarters of an hour. */
export interface Period {
  readonly from: number
  readonly to: number
  /** `calendar` begins at a local midnight, `rolling` a fixed time ago, `all` with the first response. */
  readonly kind: 'calendar' | 'rolling' | 'chosen' | 'all'
  /** True where it ends now. */
  readonly isOpen: boolean
}

/** What the command line says about the period, as it stands there. */
export interface PeriodOptions {
  readonly days?: number | 'all'
  readonly since?: string
  readonly until?: string
}

export interface PeriodContext {
  /** Epoch milliseconds. */
  readonly now: number
  readonly timeZone: string
  /** First and last quarter of an hour with use; null for an empty ledger. */
  readonly span: Awaited<ReturnType<Ledger['span']>>
}

/** The period asked for; nothing after now is in it. Throws OperatorError for one that makes no sense. */
export function choosePeriod(options: PeriodOptions, defaultDays: number, context: PeriodContext): Period {
  const { now, timeZone } = context
  const end = endOfSlot(now)
  const until = options.until === undefined ? end : endOf(options.until, context)
  const to = Math.min(until, end)
  const isOpen = until >= end
  if (options.since === undefined) {
    const days = options.days ?? defaultDays
    const last = startOfDay(to - 1, timeZone)
    if (days === 'all') return { from: Math.min(allTime(context).from, last), to, kind: 'all', isOpen }
    return { from: startOfDaysBefore(last, days - 1, timeZone), to, kind: 'calendar', isOpen }
  }
  if (options.days !== undefined) {
    throw new OperatorError('--days and --since both say where the period begins', { fix: 'Give one of the two.' })
  }
  const from = startOf(options.since, context)
  if (from >= to) {
    throw new OperatorError('The period ends before it begins', {
      seen: `${isoTime(from, timeZone)} to ${isoTime(to, timeZone)}`,
      fix: 'Give --since a time before now, and before --until where that is given.',
    })
  }
  return { from, to, kind: from === startOfDay(from, timeZone) ? 'calendar' : 'chosen', isOpen }
}

export function today({ now, timeZone }: PeriodContext): Period {
  return { from: startOfDay(now, timeZone), to: endOfSlot(now), kind: 'calendar', isOpen: true }
}

/** As `claude_tokens_7d` counts: the quarter of an hour that holds the instant seven days ago, up to now. */
export function lastSevenDays({ now }: PeriodContext): Period {
  return { from: endOfSlot(now - WEEK_MS) - SLOT_MS, to: endOfSlot(now), kind: 'rolling', isOpen: true }
}

export function monthToDate({ now, timeZone }: PeriodContext): Period {
  return { from: startOfMonth(now, timeZone), to: endOfSlot(now), kind: 'calendar', isOpen: true }
}

export function allTime({ now, timeZone, span }: PeriodContext): Period {
  const from = startOfDay(Math.min(span?.first ?? now, now), timeZone)
  return { from, to: endOfSlot(now), kind: 'all', isOpen: true }
}

/** The local day that a text such as `2026-05-04`, `today` or `yesterday` names; null for any other text. */
export function namedDay(text: string, { now, timeZone }: PeriodContext): Period | null {
  const from = startOfNamedDay(text, now, timeZone)
  if (from === null) return null
  const end = nextDay(from, timeZone)
  const isOpen = from <= now && now < end
  return { from, to: isOpen ? endOfSlot(now) : end, kind: 'calendar', isOpen }
}

/** The period in words: `2026-04-05 to 2026-05-04 17:31 (now), Europe/Berlin`. */
export function describePeriod({ from, to, isOpen }: Period, { now, timeZone }: PeriodContext): string {
  const start = from === startOfDay(from, timeZone) ? isoDate(from, timeZone) : localTime(from, timeZone)
  if (isOpen) return `${start} to now (${localTime(now, timeZone)}), ${timeZone}`
  const isWholeDay = to === startOfDay(to, timeZone)
  const end = isWholeDay ? isoDate(to - 1, timeZone) : localTime(to, timeZone)
  return start === end ? `${start}, ${timeZone}` : `${start} to ${end}, ${timeZone}`
}

/** `2026-05-04 17:31` */
export function localTime(instant: number, timeZone: string): string {
  return isoTime(instant, timeZone).slice(0, 16).replace('T', ' ')
}

function startOf(text: string, { now, timeZone }: PeriodContext): number {
  const start = startOfNamedDay(text, now, timeZone) ?? startOfNamedMonth(text, timeZone)
  return Math.floor((start ?? parseTime(text, '--since', timeZone)) / SLOT_MS) * SLOT_MS
}

/** A day or month as the end of a period is included. */
function endOf(text: string, { now, timeZone }: PeriodContext): number {
  const day = startOfNamedDay(text, now, timeZone)
  if (day !== null) return nextDay(day, timeZone)
  const month = startOfNamedMonth(text, timeZone)
  // 32 days on is in the next month whatever the month's length.
  if (month !== null) return startOfMonth(month + 32 * DAY_MS, timeZone)
  return Math.ceil(parseTime(text, '--until', timeZone) / SLOT_MS) * SLOT_MS
}

function startOfNamedDay(text: string, now: number, timeZone: string): number | null {
  if (text === 'today') return startOfDay(now, timeZone)
  if (text === 'yesterday') return startOfDaysBefore(now, 1, timeZone)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseInstant(text, timeZone) : null
}

function startOfNamedMonth(text: string, timeZone: string): number | null {
  return /^\d{4}-\d{2}$/.test(text) ? parseInstant(text, timeZone) : null
}

function nextDay(start: number, timeZone: string): number {
  // Days are 23 to 25 hours long; 36 hours on is in the next one.
  return startOfDay(start + 1.5 * DAY_MS, timeZone)
}

function parseTime(text: string, option: string, timeZone: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}T/.test(text) ? parseInstant(text, timeZone) : null
  if (instant !== null) return instant
  throw new OperatorError(`${option} needs a day, a month or a time`, {
    seen: text,
    fix: 'Write 2026-05-04, 2026-05, 2026-05-04T09:30, today or yesterday.',
  })
}

function endOfSlot(instant: number): number {
  return Math.floor(instant / SLOT_MS) * SLOT_MS + SLOT_MS
}
