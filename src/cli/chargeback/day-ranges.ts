import { DAY_MS } from '../../core/time.ts'

const MAX_SHOWN = 6

/** Days in words, those that follow each other as one: `2026-05-01 to 2026-05-03, 2026-05-09`. */
export function dayRanges(days: readonly string[]): string {
  const ranges: { first: string; last: string }[] = []
  for (const day of days) {
    const range = ranges.at(-1)
    if (range !== undefined && Date.parse(day) - Date.parse(range.last) === DAY_MS) range.last = day
    else ranges.push({ first: day, last: day })
  }
  const texts = ranges.slice(0, MAX_SHOWN).map(({ first, last }) => (first === last ? first : `${first} to ${last}`))
  const more = ranges.length - texts.length
  return more === 0 ? texts.join(', ') : `${texts.join(', ')} and ${more} more`
}
