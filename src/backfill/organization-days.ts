import type { CoveredDay } from '../ledger/organization.ts'

/** Start of the oldest day that any of the organisations covers, each ascending; null without any. */
export function firstCovered(coverages: readonly (readonly CoveredDay[])[]): number | null {
  const firsts = coverages.flatMap((days) => days.slice(0, 1)).map(({ day }) => day)
  return firsts.length === 0 ? null : Math.min(...firsts)
}

/**
 * Whether the UTC day is not covered although a later one is, so that it will not be told any more. The days of one
 * organisation, ascending.
 */
export function isGap(days: readonly CoveredDay[], day: number): boolean {
  const newest = days.at(-1)
  return newest !== undefined && day < newest.day && !days.some((covered) => covered.day === day)
}
