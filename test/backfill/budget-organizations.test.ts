import { describe, expect, it } from 'vitest'
import { createBudgetPast } from '../../src/backfill/budget-past.ts'
import type { Budget } from '../../src/core/budget.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { tempLedger } from '../support/temp.ts'
import { budget, DAY_MS, Exporter, HOUR_MS, MINUTE_MS, period, spend, USD } from '../view/budget-support.ts'
import { costRow, daily, day, directory, MONTH, NOW, PREVIOUS_MONTH, TODAY } from '../view/organization-support.ts'
import { courseOf, rowsAt } from './budget-support.ts'

const TOMORROW = TODAY + DAY_MS
const QUARTER_MS = 15 * MINUTE_MS

type CostWindow = Parameters<typeof daily<ReturnType<typeof costRow>>>

async function ledgerOf(...windows: readonly CostWindow[]): Promise<Ledger> {
  const ledger = tempLedger()
  for (const window of windows) await ledger.replaceCost(daily(...window))
  return ledger
}

function billed(fields: Partial<Budget> = {}): Budget {
  return budget({ name: 'bill', basis: 'billed_cost', period: period('month'), maxDataAgeMs: DAY_MS, ...fields })
}

const course = (ledger: Ledger, budgets: readonly Budget[], instants: readonly number[]) =>
  courseOf(ledger, { budgets }, instants, 'bill')

describe('a budget over the bill, in the past', () => {
  it('counts a bucket as a whole from its start on', async () => {
    const rows = [costRow(MONTH + DAY_MS, { amountPico: 7n * USD })]
    const days = await ledgerOf([MONTH, TOMORROW, rows])
    const hours = await ledgerOf([MONTH, TOMORROW, rows, { widthMs: HOUR_MS }])
    const instants = [-QUARTER_MS, 0, QUARTER_MS].map((after) => MONTH + DAY_MS + after)
    for (const ledger of [days, hours]) {
      const spent = (await course(ledger, [billed()], instants)).map((row) => row?.spent)
      expect(spent).toEqual([0n, 7n * USD, 7n * USD])
    }
  })

  it('has no row where the day is not covered, and is not known until a period that is covered begins', async () => {
    const ledger = await ledgerOf(
      [day('2026-10-20'), day('2026-10-22'), []],
      [day('2026-10-23'), TOMORROW, [costRow(MONTH, { amountPico: USD })]],
    )
    const days = ['2026-10-19', '2026-10-21', '2026-10-22', '2026-10-23', '2026-11-01']
    const instants = days.map((text) => day(text) + HOUR_MS)
    expect(await course(ledger, [billed()], instants)).toMatchObject([
      undefined,
      { spent: null, state: 'unknown', unknownReason: 'not_covered' },
      undefined,
      { spent: null, state: 'unknown', unknownReason: 'not_covered' },
      { spent: USD, state: 'ok', unknownReason: null },
    ])
  })

  it('goes on after the newest day as the live figures do, until the data are too old', async () => {
    const ledger = await ledgerOf([PREVIOUS_MONTH, TODAY, [costRow(TODAY - DAY_MS, { amountPico: USD })]])
    const instants = [TODAY + HOUR_MS, TODAY + DAY_MS + QUARTER_MS]
    expect(await course(ledger, [billed()], instants)).toMatchObject([
      { spent: USD, state: 'ok', dataTo: TODAY },
      { spent: USD, state: 'unknown', unknownReason: 'stale' },
    ])
  })

  it('burns at the pace of the buckets that had ended', async () => {
    const each = Array.from({ length: 14 }, (_, index) => costRow(MONTH + index * DAY_MS, { amountPico: 5n * USD }))
    const month = billed({ limit: 150n * USD })
    const ledger = await ledgerOf([MONTH, TOMORROW, each])
    const found = await course(
      ledger,
      [month],
      [0, 6, 23].map((hours) => MONTH + 5 * DAY_MS + hours * HOUR_MS),
    )
    expect(found.map((row) => row && [row.burnRate1h, row.burnRate6h, row.burnRate3d])).toEqual(
      Array.from({ length: 3 }, () => [null, null, 1]),
    )
    const hours = Array.from({ length: 96 }, (_, index) => costRow(MONTH + index * HOUR_MS, { amountPico: USD }))
    const fine = await ledgerOf([MONTH, TOMORROW, hours, { widthMs: HOUR_MS }])
    const [row] = await course(fine, [billed({ limit: 720n * USD })], [MONTH + 3 * DAY_MS + 10.25 * HOUR_MS])
    expect(row).toMatchObject({ burnRate1h: 1, burnRate6h: 1, burnRate3d: 1 })
  })

  it('is not known in periods that lie across the buckets', async () => {
    const ledger = await ledgerOf([PREVIOUS_MONTH, TOMORROW, []])
    const misaligned = billed({ period: period('day', { timeZone: 'Asia/Kathmandu' }) })
    expect(await course(ledger, [misaligned], [MONTH])).toMatchObject([{ spent: null, unknownReason: 'misaligned' }])
  })

  it('has no row for a scope of names that nothing has', async () => {
    const ledger = await ledgerOf([MONTH, TOMORROW, []])
    await ledger.saveDirectory('default', directory, NOW)
    const budgets = ['Shop', 'Store'].map((name) => billed({ name, scope: { workspace: [name] } }))
    const rows = await rowsAt(createBudgetPast(ledger, { budgets }), TODAY)
    expect(rows.map((row) => row.budget.name)).toEqual(['Shop'])
  })

  it('is known where all organisations in its scope are, of those in use', async () => {
    const ledger = await ledgerOf(
      [MONTH, TOMORROW, [costRow(MONTH, { amountPico: USD })]],
      [MONTH + 3 * DAY_MS, TOMORROW, [], { organization: 'acme' }],
    )
    const instant = MONTH + DAY_MS
    const own = billed({ scope: { organization: ['default'] } })
    expect(await course(ledger, [billed()], [instant])).toEqual([undefined])
    expect(await course(ledger, [own], [instant])).toMatchObject([{ spent: USD }])
    const options = { budgets: [billed()], organizations: ['default'] }
    expect(await courseOf(ledger, options, [instant], 'bill')).toMatchObject([{ spent: USD }])
  })

  it('leaves out the limits that the provider enforces', async () => {
    const ledger = await ledgerOf([PREVIOUS_MONTH, TOMORROW, []])
    await ledger.saveDirectory('default', directory, NOW)
    expect(await rowsAt(createBudgetPast(ledger, { budgets: [] }), TODAY)).toEqual([])
  })

  it('stands beside those over session logs, in the order of the configuration', async () => {
    const ledger = await ledgerOf([MONTH, TOMORROW, [costRow(TODAY, { amountPico: 2n * USD })]])
    const exporter = new Exporter({ ledger, now: NOW })
    await exporter.append([spend(TODAY, 40)])
    const budgets = [billed({ name: 'z' }), budget(), billed({ name: 'a', limit: 9n })]
    const rows = await rowsAt(createBudgetPast(ledger, { budgets }), TODAY + HOUR_MS)
    expect(rows.map((row) => [row.budget.name, row.spent])).toEqual([
      ['z', 2n * USD],
      ['daily', USD],
      ['a', 2n * USD],
    ])
  })
})
