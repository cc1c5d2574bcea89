import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import type { OrganizationFigures } from '../../src/view/organization/part.ts'
import { NO_ORGANIZATIONS } from '../../src/view/organization/part.ts'
import { OrganizationView } from '../../src/view/organization-view.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import {
  actorRow,
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
} from './organization-support.ts'

const TOMORROW = TODAY + DAY_MS

function viewAt(start = NOW, organizations?: readonly string[]) {
  const clock = { now: start }
  const shown = organizations && { organizations: () => organizations }
  const options = { now: () => clock.now, settleAfterMs: 2 * DAY_MS, ...shown }
  return { clock, view: new OrganizationView(options) }
}

async function figuresAt(ledger: Ledger, now = NOW): Promise<OrganizationFigures> {
  const { view } = viewAt(now, ['default'])
  await view.refresh(ledger)
  const [figures] = view.part().organizations
  if (figures === undefined) throw new Error('no organisation')
  return figures
}

describe('without any organisation', () => {
  it('there is nothing, before and after the first reading', async () => {
    const { view } = viewAt()
    expect(view.part()).toEqual(NO_ORGANIZATIONS)
    expect(view.isDue()).toBe(true)
    await view.refresh(tempLedger())
    expect(view.part()).toEqual(NO_ORGANIZATIONS)
    expect(view.isDue()).toBe(false)
  })
})

describe('windows of use', () => {
  it('hold what is in them, and every label set of the two months at 0 where it has nothing', async () => {
    const ledger = tempLedger()
    await ledger.replaceUsage(
      daily(PREVIOUS_MONTH, TOMORROW, [
        usageRow(TODAY),
        usageRow(MONTH),
        usageRow(MONTH, { contextWindow: '200k-1M' }),
        usageRow(PREVIOUS_MONTH, { model: 'claude-old' }),
      ]),
    )
    const { usageToday, usageMonthToDate } = await figuresAt(ledger)
    const shown = (rows: typeof usageToday) =>
      rows?.map(({ labels, tokens, requests }) => [labels.model, labels.context_window, tokens, requests])
    const none = [0n, 0n, 0n, 0n, 0n]
    expect(shown(usageToday)?.toSorted()).toEqual(
      [
        ['claude-opus-4-5', '0-200k', [1n, 2n, 3n, 4n, 5n], 1n],
        ['claude-opus-4-5', '200k-1M', none, 0n],
        ['claude-old', '0-200k', none, 0n],
      ].toSorted(),
    )
    expect(shown(usageMonthToDate)?.toSorted()).toEqual(
      [
        ['claude-opus-4-5', '0-200k', [2n, 4n, 6n, 8n, 10n], 2n],
        ['claude-opus-4-5', '200k-1M', [1n, 2n, 3n, 4n, 5n], 1n],
        ['claude-old', '0-200k', none, 0n],
      ].toSorted(),
    )
    expect(usageToday?.[0]?.labels).toEqual({
      organization: 'default',
      workspace_id: 'wrkspc_01',
      api_key_id: 'apikey_01',
      model: expect.any(String),
      service_tier: 'standard',
      context_window: expect.any(String),
    })
  })

  it('have no requests where the API does not count them, at 0 either', async () => {
    const ledger = tempLedger()
    await ledger.replaceUsage(daily(MONTH, TOMORROW, [usageRow(MONTH, { requests: null })], { generation: 'legacy' }))
    const { usageToday, usageMonthToDate } = await figuresAt(ledger)
    expect([usageToday, usageMonthToDate].map((rows) => rows?.map(({ requests }) => requests))).toEqual([
      [null],
      [null],
    ])
  })

  it('are one label set where unclean labels become the same', async () => {
    const ledger = tempLedger()
    const models = ['a\u0007b', 'a b']
    await ledger.replaceUsage(
      daily(
        MONTH,
        TOMORROW,
        models.map((model) => usageRow(TODAY, { model })),
      ),
    )
    const { usageToday } = await figuresAt(ledger)
    expect(usageToday).toMatchObject([{ labels: { model: 'a b' }, tokens: [2n, 4n, 6n, 8n, 10n] }])
  })

  it.each([
    { what: 'all up to today', covered: [[MONTH, TOMORROW]], today: true, month: true },
    { what: 'all up to yesterday', covered: [[MONTH, TODAY]], today: false, month: true },
    {
      what: 'all but one day',
      covered: [
        [MONTH, day('2026-11-05')],
        [day('2026-11-06'), TOMORROW],
      ],
      today: true,
      month: false,
    },
    { what: 'all but the first', covered: [[MONTH + DAY_MS, TOMORROW]], today: true, month: false },
    { what: 'only the previous month', covered: [[PREVIOUS_MONTH, MONTH]], today: false, month: false },
  ])('are known as far as days are covered: $what', async ({ covered, today, month }) => {
    const ledger = tempLedger()
    for (const [from = 0, to = 0] of covered) await ledger.replaceUsage(daily(from, to, [usageRow(from)]))
    const { usageToday, usageMonthToDate } = await figuresAt(ledger)
    expect({ today: usageToday !== null, month: usageMonthToDate !== null }).toEqual({ today, month })
  })

  it('are the same on the first of a month, when today is the whole month', async () => {
    const ledger = tempLedger()
    const now = MONTH + 5 * HOUR_MS
    const fields = { readAt: now, completeTo: now - HOUR_MS }
    await ledger.replaceUsage(
      daily(PREVIOUS_MONTH, MONTH + DAY_MS, [usageRow(MONTH), usageRow(MONTH - DAY_MS)], fields),
    )
    const { usageToday, usageMonthToDate } = await figuresAt(ledger, now)
    expect(usageToday).toMatchObject([{ tokens: [1n, 2n, 3n, 4n, 5n] }])
    expect(usageMonthToDate).toEqual(usageToday)
  })
})

describe('windows of cost', () => {
  it('add up tiers and descriptions, corrections included', async () => {
    const ledger = tempLedger()
    await ledger.replaceCost(
      daily(PREVIOUS_MONTH, TOMORROW, [
        costRow(TODAY),
        costRow(TODAY, { serviceTier: 'batch', amountPico: 7n }),
        costRow(MONTH, { amountPico: -500n }),
        costRow(PREVIOUS_MONTH, { amountPico: 10n ** 22n }),
        costRow(PREVIOUS_MONTH, { costType: 'web_search', tokenType: 'none', model: 'none', amountPico: 3n }),
      ]),
    )
    const { billedToday, billedMonthToDate, billedPreviousMonth } = await figuresAt(ledger)
    const shown = [billedToday, billedMonthToDate, billedPreviousMonth].map((rows) =>
      Object.fromEntries(rows?.map(({ labels, pico }) => [labels.cost_type, pico]) ?? []),
    )
    expect(shown).toEqual([
      { tokens: 107n, web_search: 0n },
      { tokens: -393n, web_search: 0n },
      { tokens: 10n ** 22n, web_search: 3n },
    ])
  })

  it('have no previous month unless every day of it is complete', async () => {
    const ledger = tempLedger()
    const end = MONTH - HOUR_MS
    await ledger.replaceCost(daily(PREVIOUS_MONTH, MONTH, [costRow(PREVIOUS_MONTH)], { completeTo: end, readAt: end }))
    expect((await figuresAt(ledger)).billedPreviousMonth).toBe(null)
    await ledger.replaceCost(daily(PREVIOUS_MONTH, MONTH, [costRow(PREVIOUS_MONTH)]))
    expect((await figuresAt(ledger)).billedPreviousMonth).toMatchObject([{ pico: 100n }])
  })
})

describe('organisations', () => {
  it('are apart, and only those asked for', async () => {
    const ledger = tempLedger()
    await ledger.replaceUsage(daily(MONTH, TOMORROW, [usageRow(TODAY)]))
    await ledger.replaceUsage(daily(MONTH, TOMORROW, [usageRow(MONTH, { model: 'm' })], { organization: 'acme' }))
    const all = viewAt().view
    await all.refresh(ledger)
    expect(all.part().organizations.map(({ organization, usageToday }) => [organization, usageToday?.length])).toEqual([
      ['acme', 1],
      ['default', 1],
    ])
    const one = viewAt(NOW, ['acme']).view
    await one.refresh(ledger)
    expect(one.part().organizations).toMatchObject([{ organization: 'acme', usageToday: [{ labels: { model: 'm' } }] }])
  })

  it('have the names and limits of their directory, each id once', async () => {
    const ledger = tempLedger()
    await ledger.saveDirectory('default', directory, NOW)
    await ledger.replaceUsage(daily(MONTH, TOMORROW, [usageRow(MONTH, { workspaceId: 'default' })]))
    const { directory: shown } = await figuresAt(ledger)
    expect(shown).toEqual({
      info: { organization: 'default', organization_id: 'org_1', organization_name: 'Ada & Co' },
      workspaces: [
        { organization: 'default', workspace_id: 'wrkspc_01', workspace_name: 'Shop', status: 'active' },
        { organization: 'default', workspace_id: 'default', workspace_name: 'Default', status: 'active' },
      ],
      apiKeys: [
        {
          organization: 'default',
          api_key_id: 'apikey_01',
          api_key_name: 'ci',
          workspace_id: 'wrkspc_01',
          status: 'active',
        },
      ],
      rateLimits: [
        {
          labels: {
            organization: 'default',
            workspace_id: 'none',
            group: 'Claude Opus 4.x',
            limiter: 'requests_per_minute',
          },
          value: 50,
        },
      ],
      spendLimits: [
        {
          labels: {
            organization: 'default',
            spend_limit_id: 'limit_1',
            scope: 'organization',
            scope_id: 'none',
            period: 'monthly',
          },
          limitPico: 9n,
          spentPico: null,
        },
      ],
    })
  })

  it('have the work of their people since the first of the month', async () => {
    const ledger = tempLedger()
    for (let start = MONTH; start < TOMORROW; start += DAY_MS) {
      const rows =
        start === TODAY
          ? [actorRow(start), actorRow(start, { terminal: 'tmux', sessions: 4 }), actorRow(start, { actor: 'ci' })]
          : []
      const fields = { generation: null }
      expect((await figuresAt(ledger)).claudeCodeMonthToDate ?? []).toEqual([])
      await ledger.replaceClaudeCode(daily(start, start + DAY_MS, rows, fields))
    }
    const { claudeCodeMonthToDate } = await figuresAt(ledger)
    expect(claudeCodeMonthToDate?.toSorted((a, b) => (a.labels.actor < b.labels.actor ? -1 : 1))).toMatchObject([
      { labels: { actor: 'ada@example.com' }, sessions: 5, linesAdded: 20, models: [{ pico: 10n }] },
      { labels: { actor: 'ci' }, sessions: 1, editsAccepted: 3, models: [{ pico: 5n }] },
    ])
  })
})

describe('the sources of an organisation', () => {
  it('tell how far their data are complete and settled', async () => {
    const ledger = tempLedger()
    await ledger.replaceCost(daily(PREVIOUS_MONTH, day('2026-11-10'), []))
    // Read again too early to be settled.
    const early = day('2026-11-12') + HOUR_MS
    await ledger.replaceCost(daily(day('2026-11-10'), day('2026-11-12'), [], { readAt: early }))
    await ledger.replaceCost(daily(day('2026-11-13'), TOMORROW, []))
    await ledger.replaceUsage(daily(MONTH, TOMORROW, []))
    const { sources } = await figuresAt(ledger)
    expect(sources).toMatchObject([
      { source: 'anthropic-usage', watermark: NOW - HOUR_MS, settled: null, up: null, lastSuccess: null },
      { source: 'anthropic-cost', watermark: day('2026-11-12'), settled: day('2026-11-10') },
    ])
  })

  it('tell how their newest runs went, running and interrupted ones aside', async () => {
    const ledger = tempLedger()
    await logRun(ledger, 'anthropic-usage', NOW - 5000, { result: 'ok' })
    await logRun(ledger, 'anthropic-usage', NOW - 4000, { result: 'failed', reason: 'overloaded' })
    await logRun(ledger, 'anthropic-usage', NOW - 3000, { result: 'interrupted' })
    await logRun(ledger, 'anthropic-usage', NOW - 2000, { result: 'running' })
    await logRun(ledger, 'anthropic-directory', NOW - 9000, { result: 'ok' })
    const { sources, credentialsOk } = await figuresAt(ledger)
    expect(sources).toMatchObject([
      { source: 'anthropic-usage', up: false, lastResult: 'failed', lastSuccess: NOW - 4000 },
      { source: 'anthropic-directory', up: true, lastResult: 'ok', lastSuccess: NOW - 8000 },
    ])
    expect(credentialsOk).toBe(true)
  })

  it.each([
    { what: 'only running', runs: [['usage', 'running', null]], ok: null },
    {
      what: 'refused',
      runs: [
        ['usage', 'ok', null],
        ['cost', 'failed', 'auth'],
      ],
      ok: false,
    },
    {
      what: 'refused, then accepted elsewhere',
      runs: [
        ['cost', 'failed', 'auth'],
        ['usage', 'ok', null],
      ],
      ok: true,
    },
    {
      what: 'one report forbidden',
      runs: [
        ['cost', 'failed', 'permission'],
        ['usage', 'ok', null],
      ],
      ok: false,
    },
    {
      what: 'allowed again',
      runs: [
        ['cost', 'failed', 'permission'],
        ['cost', 'ok', null],
      ],
      ok: true,
    },
    { what: 'failed for another reason', runs: [['usage', 'failed', 'network']], ok: true },
  ] as const)('tell whether the credential is good: $what', async ({ runs, ok }) => {
    const ledger = tempLedger()
    for (const [index, [report, result, reason]] of runs.entries()) {
      await logRun(ledger, `anthropic-${report}`, NOW - 10_000 + index * 2000, { result, reason })
    }
    expect((await figuresAt(ledger)).credentialsOk).toBe(ok)
  })
})

describe('the comparison with the session logs', () => {
  const days = { from: day('2026-11-06'), to: day('2026-11-13') }

  async function ledgerWithUse(): Promise<Ledger> {
    const ledger = tempLedger()
    const used = (identity: string, time: number, fields = {}) =>
      usageRecord({ identity, time, provider: 'anthropic', parts: [usagePart({ output: 1000 })], ...fields })
    await appendBatches(ledger, [
      sourceBatch([
        used('m:1', days.from),
        used('m:2', days.to - 1),
        used('m:3', days.to),
        used('m:4', days.from - 1),
        used('m:5', days.from, { billing: 'plan' }),
        used('m:6', days.from, { provider: 'bedrock' }),
      ]),
    ])
    return ledger
  }

  it('is of the newest seven days that are settled', async () => {
    const ledger = await ledgerWithUse()
    const rows = [costRow(days.from), costRow(days.to - DAY_MS), costRow(days.to), costRow(days.from - DAY_MS)]
    await ledger.replaceCost(daily(day('2026-11-02'), TOMORROW, rows))
    const { view } = viewAt()
    await view.refresh(ledger)
    // Two responses of 1000 output tokens at 25 dollars per million.
    expect(view.part().reconciliation).toEqual({ ...days, estimatedPico: 50_000_000_000n, billedPico: 200n })
  })

  it('is of days that are settled in every organisation', async () => {
    const ledger = await ledgerWithUse()
    const { view } = viewAt()
    await ledger.replaceCost(daily(day('2026-11-02'), TOMORROW, [costRow(days.from)]))
    await ledger.replaceCost(daily(day('2026-11-07'), TOMORROW, [costRow(day('2026-11-07'))], { organization: 'acme' }))
    await view.refresh(ledger)
    expect(view.part().reconciliation).toBe(null)
    await ledger.replaceCost(daily(MONTH, day('2026-11-12'), [costRow(day('2026-11-07'))], { organization: 'acme' }))
    await view.refresh(ledger)
    expect(view.part().reconciliation).toMatchObject({ ...days, billedPico: 200n })
  })
})

describe('time that passes', () => {
  it('ends windows that were not read anew', async () => {
    const ledger = tempLedger()
    await ledger.replaceUsage(daily(MONTH, TOMORROW, [usageRow(TODAY)]))
    const { clock, view } = viewAt()
    await view.refresh(ledger)
    clock.now = TOMORROW - 1
    expect([view.isDue(), view.part().organizations[0]?.usageToday?.length]).toEqual([false, 1])
    clock.now = TOMORROW
    expect([view.isDue(), view.part().organizations[0]?.usageToday]).toEqual([true, null])
    expect(view.part().organizations[0]?.usageMonthToDate).toHaveLength(1)
    clock.now = day('2026-12-01')
    expect(view.part().organizations[0]?.usageMonthToDate).toBe(null)
  })

  it('does not bring back what an earlier, slower reading found', async () => {
    const ledger = tempLedger()
    await ledger.replaceUsage(daily(MONTH, TOMORROW, [usageRow(TODAY)]))
    const { view } = viewAt()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = new Proxy(ledger, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (name === 'organizations') return () => held.then(() => [])
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const earlier = view.refresh(slow)
    await view.refresh(ledger)
    release()
    await earlier
    expect(view.part().organizations).toHaveLength(1)
  })
})
