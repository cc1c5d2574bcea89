import type { CronFields } from './cron-fields.ts'

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/**
 * Calendar events of systemd that match when the cron fields do: two where days of the month and weekdays are given,
 * because systemd wants both to match and cron either.
 *
 * @param timeZone IANA zone; null: the machine's
 */
export function onCalendar(fields: CronFields, timeZone: string | null): string[] {
  return dayChoices(fields).map(({ weekdays, daysOfMonth }) => {
    const date = `*-${component(fields.months, 12)}-${component(daysOfMonth, 31)}`
    const time = `${component(fields.hours, 23)}:${component(fields.minutes, 59)}:00`
    return [weekdays === null ? null : weekdayList(weekdays), date, time, timeZone]
      .filter((part) => part !== null)
      .join(' ')
  })
}

/** Days of the month and weekdays in parts of which each must match as a whole, any of them for a day to be due. */
export function dayChoices({
  daysOfMonth,
  weekdays,
}: CronFields): readonly Pick<CronFields, 'daysOfMonth' | 'weekdays'>[] {
  if (daysOfMonth === null || weekdays === null) return [{ daysOfMonth, weekdays }]
  return [
    { daysOfMonth, weekdays: null },
    { daysOfMonth: null, weekdays },
  ]
}

/** `*`, `08,18`, `09..17`, `00/15`. */
function component(values: readonly number[] | null, highest: number): string {
  if (values === null) return '*'
  const [first = 0, second = 0] = values
  const step = second - first
  const isSteady = values.every((value, index) => value === first + index * step)
  if (values.length > 2 && step > 1 && isSteady && first + values.length * step > highest)
    return `${digits(first)}/${step}`
  return runs(values)
    .map(([from, to]) => (from === to ? digits(from) : `${digits(from)}..${digits(to)}`))
    .join(',')
}

/** A week of systemd begins on Monday. */
function weekdayList(weekdays: readonly number[]): string {
  const fromMonday = weekdays.map((day) => (day + 6) % 7).sort((a, b) => a - b)
  return runs(fromMonday)
    .map(([from, to]) => (from === to ? WEEKDAYS[from] : `${WEEKDAYS[from]}..${WEEKDAYS[to]}`))
    .join(',')
}

/** First and last of each row of consecutive values; two values are no row. */
function runs(values: readonly number[]): [number, number][] {
  const rows: [number, number][] = []
  for (const value of values) {
    const row = rows.at(-1)
    if (row !== undefined && row[1] === value - 1) row[1] = value
    else rows.push([value, value])
  }
  return rows.flatMap(([from, to]): [number, number][] =>
    to === from + 1
      ? [
          [from, from],
          [to, to],
        ]
      : [[from, to]],
  )
}

function digits(value: number): string {
  return String(value).padStart(2, '0')
}
