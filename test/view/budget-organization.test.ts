import { describe, expect, it } from 'vitest'
import type { Budget, PeriodRule, TopUp } from '../../src/core/budget.ts'
import type { Directory, SpendLimit } from '../../src/core/organization.ts'
import { tempLedger } from '../support/temp.ts'
import { budget, DAY_MS, Exporter, HOUR_MS, period, USD } from './budget-support.ts'
import { costRow, daily, day, directory, MONTH, NOW, PREVIOUS_MONTH, TODAY, usageRow } from './organization-support.ts'

const TOMORROW = TODAY + DAY_MS

function billed(fields: Partial<Budget> = {}): Budget {
  return budget({
    name: 'bill',
    basis: 'billed_cost',
    period: period('month'),
    maxDataAgeMs: DAY_MS,
    ...fields,
  })
}

/** A view of the organisation `default` at 10:00 UTC on 15 November, with these costs read up to 9:00. */
async function withCosts(setup: {
  readonly budgets?: readonly Budget[]
  readonly topUps?: readonly TopUp[]
  readonly now?: number
  readonly windows?: readonly Parameters<typeof daily<ReturnType<typeof costRow>>>[]
  readonly directory?: Directory
}) {
  const ledger = tempLedger()
  for (const window of setup.windows ?? [[PREVIOUS_MONTH, TOMORROW, []]]) await ledger.replaceCost(daily(...window))
  if (setup.directory) await ledger.saveDirectory('default', setup.directory, NOW)
  const { budgets = [billed()], topUps = [], now = NOW } = setup
  const exporter = new Exporter({ budgets, topUps, now, ledger, organizations: ['default'] })
  await exporter.view.load(ledger)
  await exporter.view.refreshOrganizations(ledger)
  return exporter
}

describe('billed cost', () => {
  it('is what the report says of the period, in scope, and follows what is restated', async () => {
    const rows = [
      costRow(MONTH - DAY_MS, { amountPico: 1_000n * USD }),
      costRow(MONTH, { amountPico: 30n * USD }),
      costRow(MONTH, {
        amountPico: 4n * USD,
        workspaceId: 'wrkspc_02',
        apiKeyId: 'apikey_02',
        model: 'claude-haiku-4-5',
      }),
      costRow(TODAY, { amountPico: -1n * USD, tokenType: 'none' }),
    ]
    const scopes = {
      everything: {},
      'workspace by name': { workspace: ['Sh*'] },
      'workspace by id': { workspace: ['wrkspc_02'] },
      'key by name': { api_key: ['ci'] },
      'key by id': { api_key: ['apikey_02'] },
      model: { model: ['claude-haiku*'] },
      'another organisation': { organization: ['acme'] },
    }
    const budgets = Object.entries(scopes).map(([name, scope]) => billed({ name, scope }))
    const exporter = await withCosts({ budgets, windows: [[PREVIOUS_MONTH, TOMORROW, rows]], directory })
    expect(Object.keys(scopes).map((name) => [name, exporter.figures(name).spent])).toEqual([
      ['everything', 33n * USD],
      ['workspace by name', 29n * USD],
      ['workspace by id', 4n * USD],
      ['key by name', 29n * USD],
      ['key by id', 4n * USD],
      ['model', 4n * USD],
      ['another organisation', null],
    ])
    await exporter.ledger.replaceCost(daily(MONTH, MONTH + DAY_MS, [costRow(MONTH, { amountPico: 5n * USD })]))
    expect(exporter.figures('everything').spent).toBe(33n * USD)
    await exporter.view.refreshOrganizations(exporter.ledger)
    expect(exporter.figures('everything').spent).toBe(4n * USD)
  })

  it('of the default workspace is found by the name that it is shown with', async () => {
    const rows = [costRow(MONTH, { amountPico: 3n * USD, workspaceId: 'default' })]
    const budgets = ['Default', 'default'].map((name) => billed({ name, scope: { workspace: [name] } }))
    const exporter = await withCosts({ budgets, windows: [[MONTH, TOMORROW, rows]], directory })
    for (const { name } of budgets) expect(exporter.figures(name).spent).toBe(3n * USD)
  })

  it.each<{ what: string; scope: Budget['scope']; directory?: Directory; isKnown: boolean }>([
    { what: 'a workspace by its name', scope: { workspace: ['Shop'] }, directory, isKnown: true },
    { what: 'a name that a workspace no longer has', scope: { workspace: ['Store'] }, directory, isKnown: false },
    { what: 'one known name and one that is not', scope: { workspace: ['Shop', 'X'] }, directory, isKnown: false },
    { what: 'a key by a name that no key has', scope: { api_key: ['nightly'] }, directory, isKnown: false },
    { what: 'a name, before names were read', scope: { workspace: ['Shop'] }, isKnown: false },
    { what: 'a pattern of names, before they were read', scope: { workspace: ['Sh*'] }, isKnown: false },
    { what: 'a pattern that no name matches yet', scope: { workspace: ['team-*'] }, directory, isKnown: true },
    { what: 'ids, before names were read', scope: { workspace: ['wrkspc_09'], api_key: ['*'] }, isKnown: true },
  ])('in a scope with $what is known: $isKnown', async ({ scope, directory: names, isKnown }) => {
    const exporter = await withCosts({ budgets: [billed({ scope })], ...(names && { directory: names }) })
    expect(exporter.figures('bill')).toMatchObject({
      state: isKnown ? 'ok' : 'unknown',
      spent: isKnown ? 0n : null,
      unknownReason: isKnown ? null : 'not_covered',
    })
  })

  it('of a workspace that was renamed goes on under the new name', async () => {
    const rows = [costRow(MONTH, { amountPico: 3n * USD })]
    const budgets = ['Shop', 'Store'].map((name) => billed({ name, scope: { workspace: [name] } }))
    const exporter = await withCosts({ budgets, windows: [[MONTH, TOMORROW, rows]], directory })
    const spent = () => budgets.map(({ name }) => exporter.figures(name).spent)
    expect(spent()).toEqual([3n * USD, null])
    const renamed = { ...directory, workspaces: [{ id: 'wrkspc_01', name: 'Store', status: 'active' as const }] }
    await exporter.ledger.saveDirectory('default', renamed, NOW)
    await exporter.view.refreshOrganizations(exporter.ledger)
    expect(spent()).toEqual([null, 3n * USD])
  })

  it('of an organisation that is no longer in use counts no more', async () => {
    const exporter = await withCosts({})
    const window = daily(MONTH, TOMORROW, [costRow(MONTH, { amountPico: 7n * USD })], { organization: 'old' })
    await exporter.ledger.replaceCost(window)
    await exporter.view.refreshOrganizations(exporter.ledger)
    expect(exporter.figures('bill').spent).toBe(0n)
  })
})

describe('the state of a budget over the bill', () => {
  const kathmandu: Partial<PeriodRule> = { timeZone: 'Asia/Kathmandu' }
  const hourly = { widthMs: HOUR_MS }
  it.each<{
    what: string
    windows: readonly Parameters<typeof daily<ReturnType<typeof costRow>>>[]
    rule?: PeriodRule
    now?: number
    reason: string | null
  }>([
    { what: 'all days', windows: [[MONTH, TOMORROW, []]], reason: null },
    { what: 'no day', windows: [], reason: 'not_covered' },
    {
      what: 'all days but one',
      windows: [
        [MONTH, day('2026-11-05'), []],
        [day('2026-11-06'), TOMORROW, []],
      ],
      reason: 'not_covered',
    },
    { what: 'all days but the first', windows: [[MONTH + DAY_MS, TOMORROW, []]], reason: 'not_covered' },
    {
      what: 'a day that was read in the middle of it, in between',
      windows: [
        [MONTH, day('2026-11-06'), [], { completeTo: day('2026-11-05') + HOUR_MS }],
        [day('2026-11-06'), TOMORROW, []],
      ],
      reason: 'not_covered',
    },
    { what: 'days up to yesterday', windows: [[MONTH, TODAY, []]], reason: null },
    { what: 'days up to the one before', windows: [[MONTH, TODAY - DAY_MS, []]], reason: 'stale' },
    {
      what: 'days of UTC for a month of Kathmandu',
      windows: [[PREVIOUS_MONTH, TOMORROW, []]],
      rule: period('month', kathmandu),
      reason: 'misaligned',
    },
    {
      what: 'days of UTC for an hour',
      windows: [[MONTH, TOMORROW, []]],
      rule: period('hour'),
      now: NOW - 1.5 * HOUR_MS,
      reason: 'misaligned',
    },
    {
      what: 'hours for a month of New York',
      windows: [[PREVIOUS_MONTH, TOMORROW, [], hourly]],
      rule: period('month', { timeZone: 'America/New_York' }),
      reason: null,
    },
    {
      what: 'hours for a month of Kathmandu',
      windows: [[PREVIOUS_MONTH, TOMORROW, [], hourly]],
      rule: period('month', kathmandu),
      reason: 'misaligned',
    },
    {
      what: 'days for a rolling week',
      windows: [[MONTH, TOMORROW, []]],
      rule: period('rolling', { days: 7 }),
      reason: null,
    },
  ])('with $what is $reason', async ({ windows, rule = period('month'), now = NOW, reason }) => {
    const exporter = await withCosts({ windows, budgets: [billed({ period: rule })], now })
    const figures = exporter.figures('bill')
    expect(figures).toMatchObject({ unknownReason: reason, state: reason === null ? 'ok' : 'unknown' })
    expect(figures.spent).toBe(reason === null || reason === 'stale' ? 0n : null)
  })

  it('rolling over days is that of the days that begin within it', async () => {
    const rows = [8, 7, 6, 1, 0].map((days) => costRow(TODAY - days * DAY_MS, { amountPico: USD }))
    const exporter = await withCosts({
      windows: [[PREVIOUS_MONTH, TOMORROW, rows]],
      budgets: [billed({ period: period('rolling', { days: 7 }) })],
      now: TODAY + 12 * HOUR_MS,
    })
    expect(exporter.figures('bill').spent).toBe(3n * USD)
  })

  it('is not known before the first reading', () => {
    const exporter = new Exporter({ budgets: [billed()], now: NOW })
    expect(exporter.figures('bill')).toMatchObject({ unknownReason: 'not_covered', spent: null, dataTo: null })
  })

  it('of several organisations is as good as that of the worst', async () => {
    const ledger = tempLedger()
    await ledger.replaceCost(daily(MONTH, TOMORROW, [costRow(MONTH, { amountPico: USD })]))
    const exporter = new Exporter({
      budgets: [billed(), billed({ name: 'default-only', scope: { organization: ['def*'] } })],
      now: NOW,
      ledger,
      organizations: ['default', 'acme'],
    })
    await exporter.view.refreshOrganizations(ledger)
    expect(exporter.figures('bill').unknownReason).toBe('not_covered')
    expect(exporter.figures('default-only')).toMatchObject({ unknownReason: null, spent: USD })
  })

  it('does not wait for the history of session logs', async () => {
    const exporter = await withCosts({})
    exporter.sessions = { ...exporter.sessions, complete: false }
    expect(exporter.figures('bill')).toMatchObject({ state: 'ok', spent: 0n })
  })
})

describe('tokens of the API', () => {
  it('are those of the classes that the budget counts, also in buckets of minutes', async () => {
    const ledger = tempLedger()
    const minute = 60_000
    const rows = [usageRow(TODAY - minute), usageRow(TODAY), usageRow(TODAY + 8 * HOUR_MS + 7 * minute)]
    await ledger.replaceUsage(daily(TODAY - DAY_MS, TOMORROW, rows, { widthMs: minute }))
    const tokens = budget({
      basis: 'api_tokens',
      limit: 100n,
      tokenClasses: ['input', 'output'],
      maxDataAgeMs: DAY_MS,
    })
    const exporter = new Exporter({ budgets: [tokens], now: NOW, ledger, organizations: ['default'] })
    await exporter.view.refreshOrganizations(ledger)
    expect(exporter.figures()).toMatchObject({ spent: 12n, remaining: 88n, unpricedTokens: 0n, dataTo: NOW - HOUR_MS })
  })
})

describe('official spend limits', () => {
  let ids = 0
  const limit = (fields: Partial<SpendLimit>): SpendLimit => ({
    id: `limit_${ids++}`,
    scope: 'organization',
    scopeId: 'none',
    period: 'monthly',
    limitPico: 100n * USD,
    spentPico: null,
    ...fields,
  })

  it('are budgets over the bill, as far as the bill can tell', async () => {
    const spendLimits = [
      limit({}),
      limit({ id: 'lower', limitPico: 40n * USD }),
      limit({ period: 'daily' }),
      limit({ period: 'weekly', scope: 'workspace', scopeId: 'wrkspc_02' }),
      limit({ scope: 'workspace', scopeId: 'none' }),
      limit({ scope: 'user', scopeId: 'user_1' }),
      limit({ scope: 'usage_tier' }),
      limit({ period: 'yearly' }),
      limit({ period: 'daily', limitPico: null }),
      limit({ period: 'weekly', limitPico: 0n }),
    ]
    const rows = [
      costRow(MONTH, { amountPico: 30n * USD }),
      costRow(TODAY, { amountPico: 5n * USD, workspaceId: 'wrkspc_02' }),
    ]
    const exporter = await withCosts({
      budgets: [],
      windows: [[MONTH, TOMORROW, rows]],
      directory: { ...directory, spendLimits },
    })
    const { budgets } = exporter.view.part()
    expect(
      budgets.map(({ budget: { name, origin, limit: at }, state, spent }) => [name, origin, at, state, spent]),
    ).toEqual([
      ['official/default/organization/monthly', 'official', 40n * USD, 'warning', 35n * USD],
      ['official/default/organization/daily', 'official', 100n * USD, 'ok', 5n * USD],
      ['official/default/workspace/wrkspc_02/weekly', 'official', 100n * USD, 'ok', 5n * USD],
    ])
  })

  it('remember their forecasts of the month before, over a restart too', async () => {
    const name = 'official/default/organization/monthly'
    const exporter = await withCosts({
      budgets: [],
      windows: [[PREVIOUS_MONTH, TOMORROW, [costRow(PREVIOUS_MONTH, { amountPico: 40n * USD })]]],
      directory: { ...directory, spendLimits: [limit({})] },
    })
    expect(exporter.figures(name).forecastErrors).toEqual([])
    const month = { budget: name, periodStart: PREVIOUS_MONTH, periodEnd: MONTH }
    await exporter.ledger.addForecast({ ...month, step: 0.5, at: MONTH - 1, expected: 50n * USD })
    const restarted = await exporter.restarted()
    await restarted.view.refreshOrganizations(restarted.ledger)
    expect(restarted.figures(name).forecastErrors).toEqual([{ step: 0.5, ratio: 0.25 }])
  })

  it('are none where the organisation cannot see them, and go with the organisation', async () => {
    const exporter = await withCosts({ directory: { ...directory, spendLimits: null } })
    expect(exporter.view.part().budgets).toHaveLength(1)
    await exporter.ledger.saveDirectory('old', { ...directory, spendLimits: [limit({})] }, NOW)
    await exporter.view.refreshOrganizations(exporter.ledger)
    expect(exporter.view.part().budgets).toHaveLength(1)
  })
})

describe('prepaid balances', () => {
  const topUp = (at: number, usd: bigint, organization = 'default') => ({ organization, day: at, pico: usd * USD })
  const rows = [-9, -3, -1, 0].map((days) => costRow(TODAY + days * DAY_MS, { amountPico: 7n * USD }))

  it('are the top-ups less the bill since the first of them, and last as long as in the last week', async () => {
    const topUps = [topUp(TODAY - 3 * DAY_MS, 20n), topUp(TODAY, 9n), topUp(TOMORROW, 1_000n)]
    const exporter = await withCosts({ budgets: [], topUps, windows: [[PREVIOUS_MONTH, TOMORROW, rows]] })
    expect(exporter.view.part().balances).toEqual(
      [
        { organization: 'default', balancePico: 8n * USD, toppedUpPico: 29n * USD, runwayMs: (8 / 14) * 3 * DAY_MS },
      ].map((row) => ({ ...row, runwayMs: expect.closeTo(row.runwayMs, -1) })),
    )
  })

  it.each([
    { what: 'before any reading', windows: [] },
    { what: 'where the bill begins later', windows: [[TODAY - DAY_MS, TOMORROW, []]] as const },
  ])('are not known $what', async ({ windows }) => {
    const topUps = [topUp(TODAY - 3 * DAY_MS, 20n)]
    const exporter = await withCosts({ budgets: [], topUps, windows: windows.map(([from, to]) => [from, to, []]) })
    expect(exporter.view.part().balances).toMatchObject([
      { balancePico: null, runwayMs: null, toppedUpPico: 20n * USD },
    ])
  })

  it('reach back to a top-up of long ago', async () => {
    const long = TODAY - 400 * DAY_MS
    const old = costRow(long + DAY_MS, { amountPico: 3n * USD })
    const exporter = await withCosts({
      budgets: [],
      topUps: [topUp(long, 20n)],
      windows: [[long, TOMORROW, [old, ...rows]]],
    })
    expect(exporter.view.part().balances).toMatchObject([{ balancePico: -11n * USD, runwayMs: 0 }])
  })
})
