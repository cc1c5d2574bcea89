import type { ForecastInput } from '../../../src/budgets/forecast/forecast.ts'
import { localHours, weekdayOf } from '../../../src/budgets/forecast/local-hours.ts'
import { periodAt } from '../../../src/budgets/period.ts'
import { SlotSeries } from '../../../src/budgets/slot-series.ts'
import type { PeriodKind, PeriodRule } from '../../../src/core/budget.ts'

/** A dollar in pico-dollars. */
export const USD = 10n ** 12n
const SLOT_MS = 15 * 60_000

export function ruleOf(kind: PeriodKind, timeZone = 'UTC'): PeriodRule {
  return { kind, days: kind === 'rolling' ? 7 : 0, weekStart: 1, billingDay: 1, timeZone }
}

/** Whole hours of a zone's clock, each with the dollars that the rule gives it. */
export function spend(
  from: string,
  to: string,
  timeZone: string,
  dollars: (at: { weekday: number; hour: number; date: string }) => number,
): [number, bigint][] {
  return localHours(Date.parse(from), Date.parse(to), timeZone).flatMap(({ start, end, day, hour }) => {
    const date = new Date(day * 86_400_000).toISOString().slice(0, 10)
    const amount = (BigInt(Math.round(dollars({ weekday: weekdayOf(day), hour, date }) * 1000)) * USD) / 4000n
    const slots: [number, bigint][] = []
    for (let at = start; at < end && amount > 0n; at += SLOT_MS) slots.push([at, amount])
    return slots
  })
}

/** A forecast at an instant up to which all slots are known, unless told otherwise. */
export function inputAt(
  instant: string,
  rule: PeriodRule,
  slots: readonly (readonly [number, bigint])[],
  others: Partial<ForecastInput> = {},
): ForecastInput {
  const now = Date.parse(instant)
  const amounts = new SlotSeries()
  amounts.replace(slots.filter(([start]) => start < now))
  const period = periodAt(rule, now)
  return { amounts, now, dataTo: now, period, rule, limit: 1_000_000n * USD, minElapsedRatio: 0, ...others }
}
