import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { assess, budgetInForce } from '../../src/budgets/assess.ts'
import { balanceOf } from '../../src/budgets/balance.ts'
import { SlotSeries } from '../../src/budgets/slot-series.ts'
import { alertThresholdsOf, budgetsOf, topUpsOf } from '../../src/config/budgets.ts'
import type { Config } from '../../src/config/config.ts'
import { organizationsOf } from '../../src/config/organizations.ts'
import { DEFAULT_THRESHOLDS } from '../../src/core/alert-thresholds.ts'
import { type Budget, isOfOrganization } from '../../src/core/budget.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { createBooks } from '../../src/demo/organization/books.ts'
import { demoSettings } from '../../src/demo/settings.ts'
import type { DemoCall, DemoWorld } from '../../src/demo/world.ts'
import { loadFrom } from '../config/load-from.ts'
import { apiOf, callAt, costOf, emptyWorld, inWeeks, mixedWorld, pricing, usageOf } from './organization-fixture.ts'

const DAYS = 40
const worldBefore = (now: number) => mixedWorld(now - DAYS * DAY_MS, 43 * MINUTE_MS)

const load = async (world: DemoWorld, now: number, timeZone: string) =>
  loadFrom({
    yaml: stringify(demoSettings({ world, books: createBooks(world, pricing), now, pricing, timeZone })),
    timeZone: 'UTC',
  })

const slotOf = (time: number) => Math.floor(time / (15 * MINUTE_MS)) * 15 * MINUTE_MS
const tokensOf = ({ tokens }: Pick<DemoCall, 'tokens'>) =>
  BigInt(tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.output)

/** What the logs come to for a budget, worked out from the calls. */
function ofLogs({ basis, scope }: Budget, calls: readonly DemoCall[]): SlotSeries {
  const amounts = new SlotSeries()
  for (const call of calls) {
    const { source, agent, model, time, tokens, webSearches } = call
    const project = call.project === 'shop-frontend' ? 'shop' : call.project
    const isIn = (patterns: readonly string[] | undefined, value: string | null) =>
      patterns === undefined || (value !== null && patterns.includes(value))
    if (!isIn(scope.source, source) || !isIn(scope.agent, agent) || !isIn(scope.project, project)) continue
    if (basis !== 'session_tokens' && (source === 'pi') !== (basis === 'plan_value')) continue
    const terms = { speed: 'standard', usInference: false, tier: 'standard' } as const
    const { cost } = pricing.price({ source, model, time, tokens, terms, webSearches, recorded: null })
    amounts.add(slotOf(time), basis === 'session_tokens' ? tokensOf(call) : BigInt(cost))
  }
  return amounts
}

/** The figures of all budgets in force, as the exporter would reckon them at the instant. */
async function statesAt(config: Config, world: DemoWorld, now: number) {
  const api = apiOf(world, now)
  const from = Math.floor(now / DAY_MS) * DAY_MS - 34 * DAY_MS
  const to = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS
  const costs = await inWeeks((start, end) => costOf(api, '1h', start, end), from, to)
  const usage = await inWeeks((start, end) => usageOf(api, '1h', start, end), to - 9 * DAY_MS, to)
  const calls = world.callsBetween(world.from, now)
  const billedTo = (await costOf(api, '1h', to - DAY_MS, to)).completeTo
  const known = { from: Number.NEGATIVE_INFINITY, to: now, problem: null }
  const all = budgetsOf(config)
  const inForce = new Set(
    all.map(({ name }) =>
      budgetInForce(
        all.filter((version) => version.name === name),
        now,
      ),
    ),
  )
  const states = [...inForce].map((budget) => {
    if (budget === null) throw new Error('No version of a budget is in force')
    const amounts = isOfOrganization(budget.basis) ? new SlotSeries() : ofLogs(budget, calls)
    if (budget.basis === 'api_tokens') for (const row of usage) amounts.add(row.start, tokensOf(row))
    if (budget.basis === 'billed_cost') {
      for (const { workspaceId, start, amountPico } of costs) {
        if (budget.scope.workspace?.includes(workspaceId)) amounts.add(start, amountPico)
      }
    }
    const data = budget.basis === 'billed_cost' ? { ...known, to: billedTo } : known
    const figures = assess({ budget, now, amounts, data, unpricedTokens: 0n, forecast: null, forecastErrors: [] })
    return [budget.name, figures] as const
  })
  const billed = new SlotSeries()
  for (const { start, amountPico } of costs) billed.add(start, amountPico)
  const balance = balanceOf({
    organization: 'demo',
    topUps: topUpsOf(config),
    billed,
    data: { ...known, to: billedTo },
    now,
  })
  return { figures: new Map(states), balance }
}

const STARTS = [
  { when: 'an ordinary afternoon', now: '2026-11-18T15:20:00+01:00', timeZone: 'Europe/Berlin' },
  { when: 'the first minute of a month', now: '2026-12-01T00:00:30+01:00', timeZone: 'Europe/Berlin' },
  { when: 'the first minute of a month of UTC', now: '2027-03-01T00:00:01Z', timeZone: 'UTC' },
  { when: 'New Year', now: '2027-01-01T00:00:00-05:00', timeZone: 'America/New_York' },
  { when: 'a leap day', now: '2028-02-29T23:59:30+05:30', timeZone: 'Asia/Kolkata' },
  { when: 'Sunday night', now: '2026-11-22T23:58:00+01:00', timeZone: 'Europe/Berlin' },
  { when: 'the first minute of a week', now: '2026-11-23T00:00:10+01:00', timeZone: 'Europe/Berlin' },
  { when: 'the day the clock goes back', now: '2026-10-25T02:30:00+01:00', timeZone: 'Europe/Berlin' },
  { when: 'the day the clock goes forward', now: '2027-03-28T03:10:00+02:00', timeZone: 'Europe/Berlin' },
  { when: 'the 31st', now: '2026-12-31T09:00:00+14:00', timeZone: 'Pacific/Kiritimati' },
].map(({ now, ...start }) => ({ ...start, now: Date.parse(now) }))

describe.each(STARTS)('settings of the demo on $when', ({ now, timeZone }) => {
  it('have budgets in every state, and a balance that lasts some weeks', async () => {
    const world = worldBefore(now)
    const { config } = await load(world, now, timeZone)
    const { figures, balance } = await statesAt(config, world, now)
    const states = Object.fromEntries([...figures].map(([name, { state }]) => [name, state]))
    expect(states).toEqual({
      monthly: 'warning',
      daily: expect.stringMatching(/^(ok|warning)$/),
      'weekly-tokens': 'ok',
      'project-shop': 'exceeded',
      'claude-code-7d': 'warning',
      'agent-reviewer': 'ok',
      'plan-value': 'ok',
      'production-bill': 'critical',
      'organisation-tokens': 'ok',
      'production-bill-by-the-hour': expect.stringMatching(/^(ok|unknown)$/),
    })
    const { usedRatio, elapsedRatio } = figures.get('monthly') ?? {}
    expect(usedRatio).toBeCloseTo(0.8, 1)
    expect(elapsedRatio).toBeGreaterThan(0.7)
    expect(elapsedRatio).toBeLessThan(1)
    const isLate = now % HOUR_MS > HOUR_MS / 2
    expect(figures.get('production-bill-by-the-hour')?.unknownReason).toBe(isLate ? 'stale' : null)
    expect(balance.balancePico).toBeGreaterThan(0n)
    expect((balance.runwayMs ?? 0) / DAY_MS).toBeGreaterThan(11)
    expect((balance.runwayMs ?? 0) / DAY_MS).toBeLessThan(32)
  })
})

it('budgets of the demo keep their states for the next hours of ordinary work', async () => {
  const now = Date.parse('2026-12-01T00:00:30+01:00')
  const world = worldBefore(now)
  const { config } = await load(world, now, 'Europe/Berlin')
  const { figures } = await statesAt(config, world, now + 4 * HOUR_MS)
  const names = ['monthly', 'project-shop', 'claude-code-7d', 'production-bill']
  expect(names.map((name) => figures.get(name)?.state)).toEqual(['warning', 'exceeded', 'warning', 'critical'])
})

describe('settings of the demo', () => {
  const NOW = Date.parse('2026-11-18T15:20:00+01:00')

  it('have one organisation, without a secret', async () => {
    const { config, settings } = await load(worldBefore(NOW), NOW, 'Europe/Berlin')
    expect(organizationsOf(config)).toEqual([
      {
        name: 'demo',
        baseUrl: 'https://api.anthropic.com',
        api: 'analytics',
        credential: { kind: 'profile', name: 'demo' },
      },
    ])
    expect(settings.find(({ path }) => path === 'admin_api.key')?.value).toBe('')
  })

  it('read the organisation as far back as the world goes', async () => {
    const { config } = await load(worldBefore(NOW), NOW, 'Europe/Berlin')
    expect(NOW - config.adminApi.historyMs).toBeLessThanOrEqual(NOW - DAYS * DAY_MS)
    expect(config.adminApi.historyMs).toBeLessThan((DAYS + 2) * DAY_MS)
    expect(config.timeZone).toBe('Europe/Berlin')
    expect(config.sources.pi.billing).toBe('plan')
  })

  it.each([
    { what: 'that has only just begun', world: emptyWorld(NOW - MINUTE_MS) },
    { what: 'of one call', world: { from: NOW - HOUR_MS, callsBetween: () => [callAt(NOW - MINUTE_MS)] } },
    { what: 'in which nobody does anything', world: emptyWorld(NOW - DAYS * DAY_MS) },
  ])('are accepted in a world $what', async ({ world }) => {
    const { config } = await load(world, NOW, 'Europe/Berlin')
    expect(budgetsOf(config).every(({ limit }) => limit > 0n)).toBe(true)
    expect(topUpsOf(config).every(({ pico }) => pico !== 0n)).toBe(true)
  })

  it('catch a session that runs away soon, and keep the thresholds where none does', async () => {
    const usual = worldBefore(NOW)
    const prompt = { input: 2_000, cacheWrite5m: 9_000, cacheWrite1h: 0, cacheRead: 290_000, output: 1_000 }
    const runaway = Array.from({ length: 200 }, (_, index) =>
      callAt(NOW + 5 * MINUTE_MS + index * 4_000, { session: 'runaway', id: `runaway ${index}`, tokens: prompt }),
    )
    const world: DemoWorld = {
      from: usual.from,
      callsBetween: (from, to) =>
        [...usual.callsBetween(from, to), ...runaway.filter(({ time }) => from <= time && time < to)].sort(
          (a, b) => a.time - b.time,
        ),
    }
    const thresholds = alertThresholdsOf((await load(world, NOW, 'UTC')).config)
    // Fifteen calls a minute.
    expect(thresholds.session_rate_tokens).toBeGreaterThan(1_500_000)
    expect(thresholds.session_rate_tokens).toBeLessThan(15 * 302_000 * 0.7)
    expect(thresholds.agent_rate_tokens).toBeLessThan(15 * 12_000 * 0.7)
    expect(alertThresholdsOf((await load(usual, NOW, 'UTC')).config)).toEqual(DEFAULT_THRESHOLDS)
  })
})
