import { OperatorError } from '../../core/errors.ts'
import { isCron } from '../../schedule/cron.ts'

/** The values at which each field of a cron expression matches, ascending; null: all of them. */
export interface CronFields {
  readonly minutes: readonly number[] | null
  readonly hours: readonly number[] | null
  /** With `weekdays`: days that match either are due, as in `crontab`. */
  readonly daysOfMonth: readonly number[] | null
  /** 1 is January. */
  readonly months: readonly number[] | null
  /** 0 is Sunday, 6 Saturday. */
  readonly weekdays: readonly number[] | null
}

interface Range {
  readonly what: string
  readonly first: number
  readonly last: number
  /** Names of values from `first` on. */
  readonly names?: readonly string[]
}

const MINUTE: Range = { what: 'minute', first: 0, last: 59 }
const HOUR: Range = { what: 'hour', first: 0, last: 23 }
const DAY_OF_MONTH: Range = { what: 'day of the month', first: 1, last: 31 }
const MONTH: Range = {
  what: 'month',
  first: 1,
  last: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
}
/** 7 is Sunday again, so that a week can end with it. */
const WEEKDAY: Range = {
  what: 'weekday',
  first: 0,
  last: 7,
  names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
}

const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** The five fields with one blank between them; names such as `@daily` written out. */
export function fiveFields(expression: string): string {
  const text = expression.trim().replace(/\s+/g, ' ')
  return NAMED[text.toLowerCase()] ?? text
}

/** The values of an expression of five fields. Throws OperatorError for what is none, or means different things to different schedulers. */
export function parseCron(expression: string): CronFields {
  const fields = expression.split(' ')
  const [minute = '', hour = '', dayOfMonth = '', month = '', weekday = ''] = fields
  if (fields.length !== 5 || !isCron(expression)) {
    throw new OperatorError('This is no cron expression', {
      seen: expression,
      fix: 'Give five fields: minute, hour, day of month, month, weekday. For 8:00 and 18:00 every day: "0 8,18 * * *".',
    })
  }
  refuseUnclearDays(expression, dayOfMonth, weekday)
  const sundays = valuesOf(weekday, WEEKDAY, expression)?.map((day) => day % 7) ?? null
  const days = { daysOfMonth: valuesOf(dayOfMonth, DAY_OF_MONTH, expression), weekdays: complete(sundays, 7) }
  // Either matches: where one of two given fields matches always, every day is due.
  const isEveryDay = isGiven(dayOfMonth) && isGiven(weekday) && (days.daysOfMonth === null || days.weekdays === null)
  return {
    minutes: valuesOf(minute, MINUTE, expression),
    hours: valuesOf(hour, HOUR, expression),
    months: valuesOf(month, MONTH, expression),
    ...(isEveryDay ? { daysOfMonth: null, weekdays: null } : days),
  }
}

function isGiven(field: string): boolean {
  return field !== '*'
}

/** To some crons a field that begins with `*` is no choice of days, to others it is. */
function refuseUnclearDays(expression: string, dayOfMonth: string, weekday: string): void {
  if (!isGiven(dayOfMonth) || !isGiven(weekday)) return
  if (!dayOfMonth.startsWith('*') && !weekday.startsWith('*')) return
  throw new OperatorError(
    'Schedulers disagree about days of the month together with weekdays where one begins with *',
    {
      seen: expression,
      fix: 'Write the days out (1,3,5 for */2), or give one of the two fields only.',
    },
  )
}

function valuesOf(field: string, range: Range, expression: string): readonly number[] | null {
  const values = field.split(',').flatMap((part) => valuesOfPart(part, range, expression))
  return complete(values, range.last - range.first + 1)
}

function complete(values: readonly number[] | null, all: number): readonly number[] | null {
  if (values === null) return null
  const distinct = [...new Set(values)].sort((a, b) => a - b)
  return distinct.length === all ? null : distinct
}

function valuesOfPart(part: string, range: Range, expression: string): readonly number[] {
  const match = /^(?:(\*)|([a-z\d]+)(?:-([a-z\d]+))?)(?:\/(\d+))?$/i.exec(part)
  const [, star, from = '', to, step] = match ?? []
  const first = star === undefined ? valueNamed(from, range) : range.first
  // Without an end a step counts to the last value; without either there is one value.
  const last =
    star !== undefined || (to === undefined && step !== undefined) ? range.last : valueNamed(to ?? from, range)
  const by = Number(step ?? 1)
  if (match === null || first === null || last === null || first > last || by < 1)
    throw unsupported(part, range, expression)
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, index) => first + index * by)
}

function valueNamed(text: string, { first, last, names = [] }: Range): number | null {
  const named = names.indexOf(text.toLowerCase())
  if (named >= 0) return first + named
  const value = Number(text)
  return /^\d{1,2}$/.test(text) && value >= first && value <= last ? value : null
}

function unsupported(part: string, range: Range, expression: string): OperatorError {
  return new OperatorError(`Not every scheduler can have ${JSON.stringify(part)} as ${range.what}`, {
    seen: expression,
    fix: 'Use numbers, names, lists, ascending ranges and steps only: 5, mon, 1,15, 9-17, */10. Write a range over midnight as 22,23,0-2.',
  })
}
