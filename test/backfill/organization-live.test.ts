import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOrganizationPast } from '../../src/backfill/organization-past.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { createTruth } from '../support/organization-api/truth.ts'
import { sumTruth } from '../support/organization-api/truth-sums.ts'
import { tempLedger } from '../support/temp.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../view/budget-support.ts'
import { costRow, daily, day, directory, NOW, TODAY, usageRow } from '../view/organization-support.ts'
import { figuresAt, liveFigures, withPast } from './organization-support.ts'

const QUARTER_MS = 15 * MINUTE_MS

interface Bucket {
  readonly minutesAgo: number
  readonly workspaceId: string
  readonly model: string
  readonly requests: number | null
}

/** What is reported by now. Days are counted back from the present one. */
interface Report {
  readonly buckets: readonly Bucket[]
  readonly widthMs: number
  readonly firstDay: number
  /** The one day in between that is not covered. */
  readonly gap: number
  /** Newest day that is covered. */
  readonly lastDay: number
}

const report: fc.Arbitrary<Report> = fc.record({
  buckets: fc.array(
    fc.record({
      minutesAgo: fc.oneof(fc.nat(2 * 24 * 60), fc.nat(80 * 24 * 60)),
      workspaceId: fc.constantFrom('wrkspc_01', 'default'),
      model: fc.constantFrom('claude-opus-4-5', 'claude-haiku-4-5', ' tab\t'),
      requests: fc.option(fc.nat(9)),
    }),
    { maxLength: 14 },
  ),
  widthMs: fc.constantFrom(DAY_MS, HOUR_MS, MINUTE_MS),
  firstDay: fc.integer({ min: 30, max: 90 }),
  gap: fc.integer({ min: 5, max: 29 }),
  lastDay: fc.nat(2),
})

describe('an organisation', () => {
  it('ends with the live figures, and showed what a ledger of then would have shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(report, report),
        fc.nat(40),
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 80 * 96 }), { maxLength: 4 }),
        async ([usage, cost], daysLater, minute, quartersAgo) => {
          const now = TODAY + daysLater * DAY_MS + minute * MINUTE_MS + 7_000
          const whole = Math.floor(now / QUARTER_MS) * QUARTER_MS
          const ledger = await ledgerAt(now, [usage, cost], now)
          const past = createOrganizationPast(ledger)
          const earlier = quartersAgo.map((quarters) => whole - quarters * QUARTER_MS).sort((a, b) => a - b)
          for (const instant of [...earlier, now]) {
            const then = await ledgerAt(instant, [usage, cost], now)
            const expected = withPast(await liveFigures(then, instant))
            await then.close()
            // That a day will never be told is known only now.
            const isGap = ({ gap }: Report) => startOfDay(instant) === startOfDay(now) - gap * DAY_MS
            const stopped = {
              ...(isGap(usage) && { usageMonthToDate: null }),
              ...(isGap(cost) && { billedMonthToDate: null }),
            }
            const figures = withPast(await figuresAt(past, instant))
            const isBefore = startOfDay(instant) < startOfDay(now) - Math.max(usage.firstDay, cost.firstDay) * DAY_MS
            expect(figures).toEqual(isBefore ? undefined : { ...expected, ...stopped })
          }
          await ledger.close()
        },
      ),
      { numRuns: 12 },
    )
  })

  it('showed in every hour what the truth of it was', async () => {
    const from = day('2026-10-26')
    const days = 12
    const truth = createTruth({ seed: 7, from, days })
    const rows = truth.records().map((record) =>
      usageRow(record.start, {
        workspaceId: record.workspaceId ?? 'default',
        apiKeyId: record.apiKeyId ?? 'none',
        model: record.model,
        serviceTier: record.serviceTier,
        contextWindow: `${record.contextWindow} ${record.inferenceGeo}`,
        tokens: record.tokens,
        requests: record.requests,
      }),
    )
    const to = from + days * DAY_MS
    const ledger = tempLedger()
    await ledger.replaceUsage(daily(day('2026-10-01'), to, rows, { widthMs: HOUR_MS }))
    const past = createOrganizationPast(ledger)
    for (let instant = from; instant < to; instant += 7 * HOUR_MS) {
      const figures = await figuresAt(past, instant)
      const month = instant < day('2026-11-01') ? from : day('2026-11-01')
      for (const [shown, start] of [
        [figures?.usageToday, startOfDay(instant)],
        [figures?.usageMonthToDate, month],
      ] as const) {
        const { tokens, requests } = sumTruth(truth, { from: start, to: instant + 1 })
        expect(shown?.reduce((sum, row) => sum + row.tokens.reduce((a, b) => a + b), 0n)).toBe(
          Object.values(tokens).reduce((a, b) => a + b),
        )
        expect(shown?.reduce((sum, row) => sum + (row.requests ?? 0n), 0n)).toBe(requests)
      }
    }
  })
})

/** A ledger of that instant, of which the reports tell all that they tell by now. */
async function ledgerAt(instant: number, [usage, cost]: readonly [Report, Report], now: number): Promise<Ledger> {
  const ledger = tempLedger()
  await ledger.saveDirectory('default', directory, NOW)
  for (const range of rangesOf(usage, instant, now)) {
    const rows = bucketsOf(usage, range, instant, now).map(({ start, ...fields }) => usageRow(start, fields))
    await ledger.replaceUsage(daily(range.from, range.to, rows, { widthMs: usage.widthMs, completeTo: instant + 1 }))
  }
  for (const range of rangesOf(cost, instant, now)) {
    const rows = bucketsOf(cost, range, instant, now).map(({ start, workspaceId, model }) =>
      costRow(start, { workspaceId, model, amountPico: BigInt(start % 1_007) }),
    )
    await ledger.replaceCost(daily(range.from, range.to, rows, { widthMs: cost.widthMs, completeTo: instant + 1 }))
  }
  return ledger
}

interface Range {
  readonly from: number
  readonly to: number
}

function rangesOf({ firstDay, gap, lastDay }: Report, instant: number, now: number): readonly Range[] {
  const dayAgo = (days: number) => startOfDay(now) - days * DAY_MS
  const end = startOfDay(instant) + DAY_MS
  return [
    { from: dayAgo(firstDay), to: Math.min(dayAgo(gap), end) },
    { from: dayAgo(gap - 1), to: Math.min(dayAgo(lastDay - 1), end) },
  ].filter(({ from, to }) => from < to)
}

/** Each bucket and label set once. */
function bucketsOf({ buckets, widthMs }: Report, { from, to }: Range, instant: number, now: number) {
  const found = buckets.map(({ minutesAgo, ...fields }) => {
    const start = Math.floor((now - minutesAgo * MINUTE_MS) / widthMs) * widthMs
    return { ...fields, start }
  })
  const inRange = found.filter(({ start }) => start >= from && start < to && start <= instant)
  return [...new Map(inRange.map((row) => [`${row.start} ${row.workspaceId} ${row.model}`, row])).values()]
}

function startOfDay(instant: number): number {
  return Math.floor(instant / DAY_MS) * DAY_MS
}
