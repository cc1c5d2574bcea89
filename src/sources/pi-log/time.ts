/** Set when a time could not be read. One per log line. */
export interface TimeCheck {
  bad: boolean
}

/** The first and last instant a JavaScript date can hold, epoch milliseconds. */
const TIME_LIMIT_MS = 8.64e15
const ISO_TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/

/** Epoch milliseconds of a number (milliseconds) or an ISO 8601 text; null where there is none. */
export function readTime(value: unknown, check: TimeCheck): number | null {
  if (value === undefined || value === null || value === '') return null
  const time = typeof value === 'number' ? Math.trunc(value) : parseIso(value)
  if (time > 0 && time <= TIME_LIMIT_MS) return time
  check.bad = true
  return null
}

function parseIso(value: unknown): number {
  return typeof value === 'string' && value.length < 40 && ISO_TIME.test(value) ? Date.parse(value) : Number.NaN
}
