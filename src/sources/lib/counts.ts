/** Set when a count could not be taken as it stood. One per log line. */
export interface CountCheck {
  bad: boolean
}

/**
 * A count out of parsed JSON: an integer from 0 to 2^53 - 1 as it is (`6.0` is 6), nothing for a missing one. Anything
 * else (text, negative, fractional, beyond exact integers) is 0 and marks the check as bad.
 */
export function readCount(value: unknown, check: CountCheck): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) return value === 0 ? 0 : value
  check.bad = true
  return 0
}
