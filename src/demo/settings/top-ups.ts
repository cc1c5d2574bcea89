import { PICO_PER_USD, usdFromPico } from '../../core/money.ts'
import { isoDate } from '../../core/period.ts'
import { DAY_MS } from '../../core/time.ts'
import { plausibleBetween } from '../plausible.ts'
import { type Billed, sumOf } from './use.ts'

/** Days before today on which something was paid in, and how many days of the usual bill, the last but one. */
const PAID_DAYS_AGO = [34, 19] as const
const PAID_FOR_DAYS = { least: 19n, most: 23n }
const LAST_PAID_DAYS_AGO = 6
/** What is left lasts so many days. */
const RUNWAY_DAYS = { least: 16n, most: 20n }

export const TOP_UP_DAYS = PAID_DAYS_AGO[0]

/**
 * Money paid in beforehand, of which a few weeks' worth is left. Never before the world begins.
 *
 * @param costs the bill, back to the first of them
 * @param since when the world begins, epoch milliseconds
 */
export function demoTopUps(costs: readonly Billed[], organization: string, since: number, now: number): object[] {
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const dayAgo = (days: number) => Math.max(today - days * DAY_MS, Math.floor(since / DAY_MS) * DAY_MS)
  const first = dayAgo(PAID_DAYS_AGO[0])
  const billed = sumOf(costs, { start: first, end: now }, ({ amountPico }) => amountPico)
  const perDay = (billed * BigInt(DAY_MS)) / BigInt(now - first + 1)
  const paid = (days: number, low: bigint, high: bigint) => ({
    organization,
    date: isoDate(dayAgo(days), 'UTC'),
    pico: low < PICO_PER_USD ? PICO_PER_USD : plausibleBetween(low, high),
  })
  const earlier = PAID_DAYS_AGO.map((days) => paid(days, perDay * PAID_FOR_DAYS.least, perDay * PAID_FOR_DAYS.most))
  const missing = billed - earlier.reduce((sum, { pico }) => sum + pico, 0n)
  const last = paid(LAST_PAID_DAYS_AGO, missing + perDay * RUNWAY_DAYS.least, missing + perDay * RUNWAY_DAYS.most)
  return [...earlier, last].map(({ pico, ...payment }) => ({ ...payment, usd: usdFromPico(pico) }))
}
