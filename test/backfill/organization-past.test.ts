import { describe, expect, it } from 'vitest'
import { createOrganizationPast } from '../../src/backfill/organization-past.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { BilledTotals } from '../../src/view/organization/part.ts'
import { tempLedger } from '../support/temp.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../view/budget-support.ts'
import {
  costRow,
  daily,
  day,
  directory,
  logRun,
  MONTH,
  NOW,
  PREVIOUS_MONTH,
  TODAY,
  usageRow,
} from '../view/organization-support.ts'
import { figuresAt } from './organization-support.ts'

const TOMORROW = TODAY + DAY_MS
const QUARTER_MS = 15 * MINUTE_MS

async function withCosts(...windows: readonly Parameters<typeof daily<ReturnType<typeof costRow>>>[]): Promise<Ledger> {
  const ledger = tempLedger()
  for (const window of windows) await ledger.replaceCost(daily(...window))
  return ledger
}

const amounts = (rows: readonly BilledTotals[] | null | undefined) =>
  rows && Object.fromEntries(rows.map(({ labels, pico }) => [labels.model, pico]))

describe('what was billed, in the past', () => {
  it('is counted by the day, the month and the month before, as they were then', async () => {
    const ledger = await withCosts([
      PREVIOUS_MONTH,
      TOMORROW,
      [
        costRow(PREVIOUS_MONTH, { amountPico: 1n }),
        costRow(MONTH - DAY_MS, { amountPico: 2n, model: 'claude-old' }),
        costRow(MONTH, { amountPico: 4n }),
        costRow(MONTH + DAY_MS, { amountPico: 8n }),
      ],
    ])
    const past = createOrganizationPast(ledger)
    const found: unknown[] = []
    for (const instant of [PREVIOUS_MONTH, MONTH - QUARTER_MS, MONTH, MONTH + DAY_MS, MONTH + 2 * DAY_MS]) {
      const { billedToday, billedMonthToDate, billedPreviousMonth } = (await figuresAt(past, instant)) ?? {}
      found.push([billedToday, billedMonthToDate, billedPreviousMonth].map(amounts))
    }
    const [now, old] = ['claude-opus-4-5', 'claude-old']
    const before = { [now]: 1n, [old]: 2n }
    expect(found).toEqual([
      [{ [now]: 1n }, { [now]: 1n }, null],
      [{ [now]: 0n, [old]: 2n }, before, null],
      [{ [now]: 4n, [old]: 0n }, { [now]: 4n, [old]: 0n }, before],
      [{ [now]: 8n, [old]: 0n }, { [now]: 12n, [old]: 0n }, before],
      [{ [now]: 0n, [old]: 0n }, { [now]: 12n, [old]: 0n }, before],
    ])
  })

  it('forgets label sets of the month before the last', async () => {
    const rows = [costRow(day('2026-09-30'), { model: 'claude-old' }), costRow(MONTH)]
    const past = createOrganizationPast(await withCosts([day('2026-09-01'), TOMORROW, rows]))
    const models: unknown[] = []
    for (const instant of [day('2026-10-31'), MONTH]) {
      models.push(Object.keys(amounts((await figuresAt(past, instant))?.billedMonthToDate) ?? {}))
    }
    expect(models).toEqual([['claude-old'], ['claude-opus-4-5']])
  })

  it('is not known on days and in months that are not covered, and not shown before the first', async () => {
    const past = createOrganizationPast(
      await withCosts([day('2026-10-20'), day('2026-10-22'), []], [day('2026-10-23'), TOMORROW, []]),
    )
    const found: unknown[] = []
    for (const text of ['2026-10-19', '2026-10-20', '2026-10-22', '2026-10-23', '2026-11-01']) {
      const figures = await figuresAt(past, day(text) + HOUR_MS)
      found.push(figures && [figures.billedToday, figures.billedMonthToDate, figures.billedPreviousMonth])
    }
    expect(found).toEqual([undefined, [[], null, null], [null, null, null], [[], null, null], [[], [], null]])
  })

  it('stops in the middle of a month at a day that is not covered', async () => {
    const past = createOrganizationPast(
      await withCosts([MONTH, MONTH + 3 * DAY_MS, [costRow(MONTH)]], [MONTH + 4 * DAY_MS, TOMORROW, []]),
    )
    const known: boolean[] = []
    for (const days of [2, 3, 4]) {
      const figures = await figuresAt(past, MONTH + days * DAY_MS)
      known.push(figures?.billedMonthToDate !== null)
    }
    expect(known).toEqual([true, false, false])
  })

  it('of a month goes on after the newest day, which the provider may be about to tell', async () => {
    const past = createOrganizationPast(await withCosts([MONTH, TODAY, [costRow(MONTH)]]))
    const figures = await figuresAt(past, NOW)
    expect([figures?.billedToday, amounts(figures?.billedMonthToDate)]).toEqual([null, { 'claude-opus-4-5': 100n }])
  })
})

describe('use of the API, in the past', () => {
  it.each([
    { what: 'a day', widthMs: DAY_MS, start: TODAY, counts: [0n, 1n, 1n, 1n] },
    { what: 'an hour', widthMs: HOUR_MS, start: TODAY + HOUR_MS, counts: [0n, 0n, 1n, 1n] },
    { what: 'a minute', widthMs: MINUTE_MS, start: TODAY + HOUR_MS, counts: [0n, 0n, 1n, 1n] },
    { what: 'a minute in between', widthMs: MINUTE_MS, start: TODAY + HOUR_MS + MINUTE_MS, counts: [0n, 0n, 0n, 1n] },
  ])('in a bucket of $what counts from its start on', async ({ widthMs, start, counts }) => {
    const ledger = tempLedger()
    await ledger.replaceUsage(daily(MONTH, TOMORROW, [usageRow(MONTH), usageRow(start)], { widthMs }))
    const past = createOrganizationPast(ledger)
    const found: unknown[] = []
    for (const instant of [TODAY - QUARTER_MS, TODAY, TODAY + HOUR_MS, TODAY + HOUR_MS + QUARTER_MS]) {
      const [row] = (await figuresAt(past, instant))?.usageMonthToDate ?? []
      found.push((row?.tokens[0] ?? 0n) - 1n)
    }
    expect(found).toEqual(counts)
  })

  it('of the minutes since the last quarter of an hour is counted at the last moment', async () => {
    const ledger = tempLedger()
    const rows = [usageRow(NOW + MINUTE_MS)]
    await ledger.replaceUsage(daily(MONTH, TOMORROW, rows, { widthMs: MINUTE_MS, completeTo: NOW + 2 * MINUTE_MS }))
    const past = createOrganizationPast(ledger)
    expect((await figuresAt(past, NOW))?.usageToday).toEqual([])
    expect((await figuresAt(past, NOW + 3 * MINUTE_MS))?.usageToday).toMatchObject([{ requests: 1n }])
  })

  it('has no requests where one of its buckets has none', async () => {
    const ledger = tempLedger()
    const rows = [usageRow(MONTH), usageRow(MONTH + DAY_MS, { requests: null })]
    await ledger.replaceUsage(daily(MONTH, TOMORROW, rows))
    const past = createOrganizationPast(ledger)
    const requests: unknown[] = []
    for (const days of [0, 1, 2]) {
      const figures = await figuresAt(past, MONTH + days * DAY_MS)
      requests.push([figures?.usageToday, figures?.usageMonthToDate].map((found) => found?.[0]?.requests))
    }
    expect(requests).toEqual([
      [1n, 1n],
      [null, null],
      [null, null],
    ])
  })
})

describe('an organisation, in the past', () => {
  it('has the names of now, and nothing that is only known of now', async () => {
    const ledger = await withCosts([MONTH, TOMORROW, [costRow(MONTH + DAY_MS, { workspaceId: 'default' })]])
    await ledger.saveDirectory('default', directory, NOW)
    await logRun(ledger, 'anthropic-cost', NOW, { result: 'ok' })
    const past = createOrganizationPast(ledger)
    const figures = await figuresAt(past, MONTH)
    expect(figures).toMatchObject({
      claudeCodeMonthToDate: null,
      sources: [],
      credentialsOk: null,
      directory: {
        info: { organization_name: 'Ada & Co' },
        workspaces: [{ workspace_name: 'Shop' }],
        apiKeys: [{ api_key_name: 'ci' }],
        rateLimits: [],
        spendLimits: [],
      },
    })
    const later = await figuresAt(past, MONTH + DAY_MS)
    expect(later?.directory.workspaces.map((row) => row.workspace_name)).toEqual(['Shop', 'Default'])
  })

  it('is the same object while nothing changes, and keeps its label sets when something does', async () => {
    const rows = [costRow(MONTH), costRow(MONTH + DAY_MS)]
    const ledger = await withCosts([MONTH, TOMORROW, rows])
    await ledger.saveDirectory('default', directory, NOW)
    const past = createOrganizationPast(ledger)
    const [first, second, third] = [
      await past.at(MONTH),
      await past.at(MONTH + 23 * HOUR_MS),
      await past.at(MONTH + DAY_MS),
    ]
    expect(second?.organizations).toBe(first?.organizations)
    expect(third?.organizations).not.toBe(first?.organizations)
    const [before, after] = [first, third].map((part) => part?.organizations?.organizations[0])
    expect(after?.billedMonthToDate?.[0]?.pico).toBe(200n)
    expect(after?.billedMonthToDate?.[0]?.labels).toBe(before?.billedToday?.[0]?.labels)
    expect(after?.directory.workspaces[0]).toBe(before?.directory.workspaces[0])
  })

  it('is one of several, of those in use', async () => {
    const ledger = await withCosts([MONTH, TOMORROW, []], [MONTH, TOMORROW, [], { organization: 'acme' }])
    const namesOf = async (organizations?: readonly string[]) => {
      const part = await createOrganizationPast(ledger, organizations && { organizations }).at(MONTH)
      return part.organizations?.organizations.map(({ organization }) => organization)
    }
    expect(await namesOf()).toEqual(['acme', 'default'])
    expect(await namesOf(['default', 'new'])).toEqual(['default'])
  })

  it('is none without data', async () => {
    expect(await createOrganizationPast(tempLedger()).at(NOW)).toEqual({
      organizations: { organizations: [], reconciliation: null },
    })
  })
})
