/** Times come as RFC 3339 with the offset of their zone: what they show is cut out, never computed anew. */

/** `2026-11-21 22:05` of a time with its offset. */
export function timeText(time: string | null): string {
  return time === null ? 'never' : time.slice(0, 16).replace('T', ' ')
}

/** `2026-11-21` of a time with its offset. */
export function dayOf(time: string): string {
  return time.slice(0, 10)
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

/** `21 November` of `2026-11-21`. */
export function shortDate(day: string): string {
  return `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''}`
}

/** `21 November 2026` of `2026-11-21`. */
export function longDate(day: string): string {
  return `${shortDate(day)} ${day.slice(0, 4)}`
}

/** `November 2026` of `2026-11-21`. */
export function monthText(day: string): string {
  return `${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''} ${day.slice(0, 4)}`
}

/** `Saturday` of `2026-11-21`. */
export function weekday(day: string): string {
  return WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? ''
}

export function isWeekend(day: string): boolean {
  return weekday(day).startsWith('S')
}
