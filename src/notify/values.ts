import { DateTime } from 'luxon'
import type { BudgetUnit } from '../core/budget.ts'
import { countText, usdText } from '../core/figure-text.ts'

/** An amount of a budget: `$12.50` or `1,234,567 tokens`. */
export function amountText(amount: bigint, unit: BudgetUnit): string {
  return unit === 'usd' ? usdText(amount) : `${countText(amount)} tokens`
}

/** `2026-05-04 09:12 +02:00` */
export function timeText(instant: number, timeZone: string): string {
  return DateTime.fromMillis(instant, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm ZZ')
}
