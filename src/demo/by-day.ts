import { DAY_MS } from '../core/time.ts'
import { BoundedMap } from '../lib/bounded-map.ts'

/** More than the history that most look at; with more than that, spans are only worked out again. */
const DAYS_KEPT = 120

/** What happens from inclusive, to exclusive, epoch milliseconds; always the same for the same span. */
export type ItemsBetween<Item> = (from: number, to: number) => readonly Item[]

/**
 * The same, worked out a UTC day at a time and remembered: everything in the demo is read several times over. The order
 * within a day is kept.
 */
export function byDay<Item extends { readonly time: number }>(itemsBetween: ItemsBetween<Item>): ItemsBetween<Item> {
  const days = new BoundedMap<number, readonly Item[]>(DAYS_KEPT)
  return (from, to) => {
    const found: Item[] = []
    for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) {
      for (const item of itemsOf(day)) if (item.time >= from && item.time < to) found.push(item)
    }
    return found
  }

  function itemsOf(day: number): readonly Item[] {
    const known = days.get(day)
    if (known !== undefined) return known
    const items = itemsBetween(day, day + DAY_MS)
    days.set(day, items)
    return items
  }
}
