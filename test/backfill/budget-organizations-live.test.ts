import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBudgetPast } from '../../src/backfill/budget-past.ts'
import type { Budget, PeriodRule } from '../../src/core/budget.ts'
import { TOKEN_CLASSES } from '../../src/core/usage.ts'
import { tempLedger } from '../support/temp.ts'
import { budget, DAY_MS, Exporter, HOUR_MS, MINUTE_MS, period, USD } from '../view/budget-support.ts'
import { costRow, daily, NOW, TODAY, usageRow } from '../view/organization-support.ts'
import { rowsAt, withoutForecast } from './budget-support.ts'

const QUARTER_MS = 15 * MINUTE_MS

function billed(fields: Partial<Budget> = {}): Budget {
  return budget({ basis: 'billed_cost', maxDataAgeMs: DAY_MS, ...fields })
}

const RULES: readonly PeriodRule[] = [
  period('hour'),
  period('day'),
  period('day', { timeZone: 'America/New_York' }),
  period('week', { weekStart: 4 }),
  period('month', { billingDay: 9 }),
  period('quarter'),
  period('rolling', { days: 3 }),
  period('rolling', { days: 20 }),
]

const BUDGETS = RULES.flatMap((rule, index) => [
  billed({ name: `bill ${index}`, period: rule }),
  billed({ name: `keys ${index}`, period: rule, scope: { api_key: ['apikey_02'], model: ['claude-*'] } }),
  billed({ name: `tokens ${index}`, period: rule, basis: 'api_tokens', limit: 40n, tokenClasses: TOKEN_CLASSES }),
])

describe('budgets over an organisation of every kind', () => {
  it('end with the live figures, and had then what was spent by then', async () => {
    const bucket = fc.record({
      daysAgo: fc.nat(50),
      minute: fc.nat(24 * 60 - 1),
      key: fc.constantFrom('apikey_01', 'apikey_02'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(bucket, { maxLength: 20 }),
        fc.constantFrom(DAY_MS, HOUR_MS, MINUTE_MS),
        fc.constantFrom(DAY_MS, HOUR_MS),
        fc.integer({ min: 5, max: 51 }),
        fc.integer({ min: 0, max: 40 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 50 * 96 }), { maxLength: 3 }),
        async (buckets, usageMs, costMs, coveredDays, hoursBehind, quartersAgo) => {
          const now = NOW + 7_000
          const completeTo = Math.floor((now - hoursBehind * HOUR_MS) / HOUR_MS) * HOUR_MS
          const from = TODAY - coveredDays * DAY_MS
          const starts = (widthMs: number) =>
            buckets
              .map(({ daysAgo, minute, key }) => ({
                start: Math.floor((TODAY - daysAgo * DAY_MS + minute * MINUTE_MS) / widthMs) * widthMs,
                key,
              }))
              .filter(({ start }) => start >= from && start < completeTo)
          const unique = <Row extends { readonly start: number; readonly apiKeyId: string }>(rows: readonly Row[]) => [
            ...new Map(rows.map((row) => [`${row.start} ${row.apiKeyId}`, row])).values(),
          ]
          const cost = unique(
            starts(costMs).map(({ start, key }) => costRow(start, { apiKeyId: key, amountPico: USD })),
          )
          const usage = unique(starts(usageMs).map(({ start, key }) => usageRow(start, { apiKeyId: key })))
          const ledgerAt = async (instant: number) => {
            const ledger = tempLedger()
            const to = Math.floor(instant / DAY_MS) * DAY_MS + DAY_MS
            const known = { completeTo: Math.min(instant, completeTo) }
            const upTo = <Row extends { readonly start: number }>(rows: readonly Row[]) =>
              rows.filter(({ start }) => start <= instant)
            if (from < to) {
              await ledger.replaceCost(daily(from, to, upTo(cost), { widthMs: costMs, ...known }))
              await ledger.replaceUsage(daily(from, to, upTo(usage), { widthMs: usageMs, ...known }))
            }
            const live = new Exporter({ budgets: BUDGETS, now: instant, ledger, organizations: ['default'] })
            await live.view.refreshOrganizations(ledger)
            return live
          }
          const live = await ledgerAt(now)
          const past = createBudgetPast(live.ledger, { budgets: BUDGETS, organizations: ['default'] })
          const earlier = quartersAgo.map((quarters) => TODAY + 10 * HOUR_MS - quarters * QUARTER_MS)
          for (const instant of earlier.sort((a, b) => a - b)) {
            const rows = await rowsAt(past, instant)
            expect(rows.length).toBe(instant < from ? 0 : BUDGETS.length)
            // At midnight a day is covered that the ledger of then has nothing of yet.
            if (instant < from || instant % DAY_MS === 0) continue
            const then = await ledgerAt(instant)
            const burnless = { burnRate1h: null, burnRate6h: null, burnRate3d: null }
            const expected = then.view.part().budgets.map((row) => ({ ...withoutForecast(row), ...burnless }))
            expect(rows.map((row) => ({ ...row, ...burnless }))).toEqual(expected)
            await then.ledger.close()
          }
          const expected = live.view.part().budgets.map(withoutForecast)
          const rows = await rowsAt(past, now)
          if (rows.length > 0) expect(rows).toEqual(expected)
          else expect(expected.every(({ spent }) => spent === null)).toBe(true)
          await live.ledger.close()
        },
      ),
      { numRuns: 12 },
    )
  })
})
