import type { BilledCostRow } from '../../core/organization.ts'
import { DAY_MS, HOUR_MS } from '../../core/time.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import { type Billable, costsBetween, POSTING_MS } from './costs.ts'
import { costRows } from './rows.ts'

const DAYS_KEPT = 120

/**
 * What stands on the bill at `now`, by hour, in the order of time. From inclusive, to exclusive, whole hours. Epoch
 * milliseconds.
 */
export type Bill = (from: number, to: number, now: number) => readonly BilledCostRow[]

/** Goes day by day and remembers those that change no more. */
export function createBill(billable: Billable): Bill {
  const settled = new BoundedMap<number, readonly BilledCostRow[]>(DAYS_KEPT)
  return (from, to, now) => {
    const found: BilledCostRow[] = []
    for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) {
      for (const row of rowsOf(day, now)) if (row.start >= from && row.start < to) found.push(row)
    }
    return found
  }

  function rowsOf(day: number, now: number): readonly BilledCostRow[] {
    const known = settled.get(day)
    if (known !== undefined) return known
    const rows = costRows(costsBetween(billable, day, day + DAY_MS, now), HOUR_MS)
    if (day + DAY_MS + POSTING_MS <= now) settled.set(day, rows)
    return rows
  }
}
