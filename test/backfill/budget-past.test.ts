import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBudgetPast } from '../../src/backfill/budget-past.ts'
import type { Budget, PeriodRule } from '../../src/core/budget.ts'
import { TOKEN_CLASSES } from '../../src/core/usage.ts'
import { tempLedger } from '../support/temp.ts'
import { usagePart } from '../support/usage-record.ts'
import { budget, DAY_MS, Exporter, HOUR_MS, MINUTE_MS, period, spend, USD } from '../view/budget-support.ts'
import { courseOf, rowsAt, withoutForecast } from './budget-support.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')
const QUARTER_MS = 15 * MINUTE_MS
const THOUSAND = USD / 40n

describe('a budget over session logs, in the past', () => {
  it('counts a quarter of an hour from its end on, and the one that runs at the moment it is asked for', async () => {
    const exporter = new Exporter({ now: NOON })
    await exporter.append([spend(NOON, 1), spend(NOON + 14 * MINUTE_MS, 2), spend(NOON + 16 * MINUTE_MS, 4)])
    const instants = [0, 15, 30].map((minutes) => NOON + minutes * MINUTE_MS)
    const course = await courseOf(exporter.ledger, { budgets: [budget()] }, instants)
    expect(course.map((row) => row?.spent)).toEqual([0n, 3n * THOUSAND, 7n * THOUSAND])
    const moment = await courseOf(exporter.ledger, { budgets: [budget()] }, [NOON + 17 * MINUTE_MS])
    expect(moment.map((row) => row?.spent)).toEqual([7n * THOUSAND])
  })

  it('has no row before the quarter of an hour of the first response, and is known from then on', async () => {
    const exporter = new Exporter({ now: NOON })
    await exporter.append([spend(NOON + MINUTE_MS, 4_000)])
    const budgets = [budget({ period: period('month') })]
    const instants = [NOON - QUARTER_MS, NOON, NOON + QUARTER_MS]
    expect(await courseOf(exporter.ledger, { budgets }, instants)).toMatchObject([
      undefined,
      { spent: 0n, state: 'ok', unknownReason: null },
      { spent: 100n * USD, state: 'exceeded', exhaustsAt: null, forecast: null },
    ])
  })

  it('has no row at all where the ledger is empty', async () => {
    expect(await rowsAt(createBudgetPast(tempLedger(), { budgets: [budget()] }), NOON)).toEqual([])
  })

  it('begins anew with each period of its zone', async () => {
    const midnight = Date.parse('2026-05-20T18:15:00Z')
    const exporter = new Exporter({ now: NOON })
    await exporter.append([spend(NOON, 40), spend(midnight + MINUTE_MS, 8)])
    const budgets = [budget({ period: period('day', { timeZone: 'Asia/Kathmandu' }) })]
    const instants = [-QUARTER_MS, 0, QUARTER_MS].map((after) => midnight + after)
    expect(await courseOf(exporter.ledger, { budgets }, instants)).toMatchObject([
      { spent: 40n * THOUSAND, period: { end: midnight } },
      { spent: 0n, elapsedRatio: 0, period: { start: midnight } },
      { spent: 8n * THOUSAND, remaining: 100n * USD - 8n * THOUSAND },
    ])
  })

  it('is that of the version in force then', async () => {
    const since = Date.parse('2026-05-20T00:00:00Z')
    const month = { period: period('month') }
    const budgets = [
      budget({ ...month, until: since }),
      budget({ ...month, since, until: since + DAY_MS, limit: 200n * USD }),
    ]
    const exporter = new Exporter({ now: NOON })
    await exporter.append([spend(since - DAY_MS, 800)])
    const instants = [since - QUARTER_MS, since, since + DAY_MS]
    const course = await courseOf(exporter.ledger, { budgets }, instants)
    expect(course.map((row) => row && [row.budget.limit, row.usedRatio])).toEqual([
      [100n * USD, 0.2],
      [200n * USD, 0.1],
      undefined,
    ])
  })

  it('is what a correction made of it later', async () => {
    const exporter = new Exporter({ now: NOON })
    const copy = { identity: 'm:corrected', ownerRank: 1 }
    await exporter.append([spend(NOON - HOUR_MS, 40, { ...copy, winRank: 1 })])
    await exporter.append([spend(NOON - HOUR_MS, 10, { ...copy, winRank: 3 })])
    const course = await courseOf(exporter.ledger, { budgets: [budget()] }, [NOON - 45 * MINUTE_MS, NOON])
    expect(course.map((row) => row?.spent)).toEqual([10n * THOUSAND, 10n * THOUSAND])
  })

  it('burns as fast as it did then', async () => {
    const exporter = new Exporter({ now: NOON })
    await exporter.append([spend(NOON, 4_000)])
    const instants = [1, 5, 7].map((hours) => NOON + hours * HOUR_MS)
    const course = await courseOf(exporter.ledger, { budgets: [budget()] }, instants)
    expect(course.map((row) => row && [row.burnRate1h, row.burnRate6h, row.burnRate3d])).toEqual([
      [24, 4, 1 / 3],
      [0, 4, 1 / 3],
      [0, 0, 1 / 3],
    ])
  })
})

const RULES: readonly PeriodRule[] = [
  period('hour', { timeZone: 'Australia/Lord_Howe' }),
  period('day', { timeZone: 'America/Denver' }),
  period('day'),
  period('week', { weekStart: 7, timeZone: 'Europe/Berlin' }),
  period('week', { weekStart: 3 }),
  period('month', { billingDay: 31, timeZone: 'Asia/Kathmandu' }),
  period('quarter', { billingDay: 15 }),
  period('rolling', { days: 1 }),
  period('rolling', { days: 45 }),
]

const SHAPES: readonly Partial<Budget>[] = [
  {},
  { basis: 'plan_value' },
  { basis: 'session_tokens', tokenClasses: ['input', 'output'], limit: 1_000_000n },
  { basis: 'session_tokens', tokenClasses: TOKEN_CLASSES, limit: 77n, scope: { project: ['sh*'] } },
  { scope: { model: ['claude-haiku-*'], source: ['claude-code'] } },
  { scope: { agent: ['web'] }, limit: 3n },
]

const BUDGETS = RULES.flatMap((rule, index) =>
  SHAPES.map((shape, number) => budget({ ...shape, name: `${index}-${number}`, period: rule })),
)

const used = fc.record({
  minutesAgo: fc.oneof(fc.nat(3_000), fc.nat(70 * 24 * 60)),
  thousands: fc.nat(5_000),
  corrected: fc.option(fc.nat(9_000)),
  billing: fc.constantFrom('metered' as const, 'plan' as const),
  project: fc.constantFrom('shop', 'blog'),
  agent: fc.constantFrom('none', 'web'),
  model: fc.constantFrom('claude-opus-4-8', 'claude-haiku-4-5', 'mystery-1'),
})

/** Instants where clocks change are among them. */
const moment = fc
  .tuple(
    fc.constantFrom('2026-03-29T03:00:00Z', '2026-04-05T00:00:00Z', '2026-10-31T12:00:00Z', '2026-11-01T08:00:00Z'),
    fc.integer({ min: -5_000, max: 5_000 }),
  )
  .map(([text, minutes]) => Date.parse(text) + minutes * MINUTE_MS + 7_000)

describe('budgets of every kind', () => {
  it('end with the live figures, and were what a ledger of then would have shown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(used, { minLength: 1, maxLength: 14 }),
        moment,
        fc.uniqueArray(fc.integer({ min: 0, max: 60 * 96 }), { maxLength: 3 }),
        fc.uniqueArray(fc.constantFrom(...BUDGETS), { minLength: 1, maxLength: 6 }),
        async (rows, now, quartersAgo, budgets) => {
          const whole = Math.floor(now / QUARTER_MS) * QUARTER_MS
          const earlier = quartersAgo.map((quarters) => whole - quarters * QUARTER_MS).sort((a, b) => a - b)
          const responses = rows.map(response(now))
          const live = new Exporter({ budgets, now })
          await live.append(responses.flatMap(({ before }) => before))
          await live.append(responses.map(({ after }) => after))
          const past = createBudgetPast(live.ledger, { budgets })
          for (const instant of earlier) {
            const then = new Exporter({ budgets, now: instant })
            await then.append(responses.map(({ after }) => after).filter(({ time }) => time < instant))
            const first = Math.min(...responses.map(({ after }) => after.time))
            const isKnown = instant >= Math.floor(first / QUARTER_MS) * QUARTER_MS
            const expected = isKnown ? then.view.part().budgets.map(withoutForecast) : []
            expect(await rowsAt(past, instant)).toEqual(expected)
            await then.ledger.close()
          }
          expect(await rowsAt(past, now)).toEqual(live.view.part().budgets.map(withoutForecast))
          await live.ledger.close()
        },
      ),
      { numRuns: 12 },
    )
  })

  it('are the same at an instant, whether the way there was followed or not', async () => {
    const exporter = new Exporter({ now: NOON })
    await exporter.append([300, 200, 100, 46, 45, 20, 3, 1, 0].map((days) => spend(NOON - days * DAY_MS, 10 + days)))
    const budgets = BUDGETS.filter(({ basis, scope }) => basis === 'estimated_cost' && Object.keys(scope).length === 0)
    const past = createBudgetPast(exporter.ledger, { budgets })
    for (let step = 0; step <= 555; step++) {
      const instant = NOON - 301 * DAY_MS + step * 13 * HOUR_MS
      const rows = await rowsAt(past, instant)
      if (step % 37 !== 0) continue
      expect(rows).toEqual(await rowsAt(createBudgetPast(exporter.ledger, { budgets }), instant))
    }
  })
})

/** A response as it was logged last and, where it was corrected, before. */
function response(now: number) {
  return (row: typeof used extends fc.Arbitrary<infer Row> ? Row : never, index: number) => {
    const { minutesAgo, thousands, corrected, model, ...fields } = row
    const parts = (output: number) => [usagePart({ input: index, output: output * 1_000 }, model)]
    const common = { ...fields, identity: `m:${index}` }
    const time = now - minutesAgo * MINUTE_MS
    const after = spend(time, 0, { ...common, winRank: 3, parts: parts(thousands) })
    const before = corrected === null ? [] : [spend(time, 0, { ...common, winRank: 1, parts: parts(corrected) })]
    return { after, before }
  }
}
