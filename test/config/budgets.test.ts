import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { budgetsOf } from '../../src/config/budgets.ts'
import { printConfig } from '../../src/config/print.ts'
import type { Budget } from '../../src/core/budget.ts'
import { type Given, loadFrom, refusal } from './load-from.ts'

const USD = 1_000_000_000_000n

async function budgets(given: Given): Promise<readonly Budget[]> {
  return budgetsOf((await loadFrom(given)).config)
}

/** The one budget of a configuration: `keys` beside its name. */
async function only(keys: string, given: Given = {}): Promise<Budget> {
  const [budget, ...others] = await budgets({ ...given, yaml: `${given.yaml ?? ''}\nbudgets: [{name: b, ${keys}}]\n` })
  if (budget === undefined || others.length > 0) throw new Error('not one budget')
  return budget
}

describe('a budget', () => {
  it('in dollars needs no more than a name, a limit and a period', async () => {
    expect(await only('limit_usd: 10, period: day')).toEqual({
      name: 'b',
      origin: 'configured',
      basis: 'estimated_cost',
      limit: 10n * USD,
      tokenClasses: [],
      period: { kind: 'day', days: 0, weekStart: 1, billingDay: 1, timeZone: 'Europe/Berlin' },
      scope: {},
      warningRatio: 0.75,
      criticalRatio: 0.9,
      severity: 'critical',
      owner: 'none',
      since: Number.NEGATIVE_INFINITY,
      until: Number.POSITIVE_INFINITY,
      maxDataAgeMs: 15 * 60_000,
    })
  })

  it('takes everything that is written', async () => {
    const yaml = `
budgets:
  - name: Team_1.a-b
    limit_tokens: 500k
    basis: api_tokens
    token_types: [output, input, output]
    period: quarter
    billing_day: 31
    time_zone: America/Denver
    scope: {workspace: [Research, "wrkspc_*", Research], model: claude-*}
    thresholds: {warning: 0.5, critical: 1}
    owner: platform
    severity: warning
    enabled: true
    since: 2026-01-01
    until: 2026-12-31
    max_data_age: 2h
`
    expect(await budgets({ yaml })).toEqual([
      {
        name: 'Team_1.a-b',
        origin: 'configured',
        basis: 'api_tokens',
        limit: 500_000n,
        tokenClasses: ['input', 'output'],
        period: { kind: 'quarter', days: 0, weekStart: 1, billingDay: 31, timeZone: 'America/Denver' },
        scope: { workspace: ['Research', 'wrkspc_*'], model: ['claude-*'] },
        warningRatio: 0.5,
        criticalRatio: 1,
        severity: 'warning',
        owner: 'platform',
        since: Date.parse('2026-01-01T07:00Z'),
        until: Date.parse('2027-01-01T07:00Z'),
        maxDataAgeMs: 2 * 3_600_000,
      },
    ])
  })

  it.each([
    ['10', 10n * USD],
    ['0.1', USD / 10n],
    ['68.62', 68_620_000_000_000n],
    ['1e-12', 1n],
    ['0.000000000001', 1n],
    ['1_500.25', 1_500_250_000_000_000n],
    ['"49.990"', 49_990_000_000_000n],
    ['1000000000', 1_000_000_000n * USD],
  ])('holds a limit of %s dollars exactly', async (text, limit) => {
    expect((await only(`limit_usd: ${text}, period: day`)).limit).toBe(limit)
  })

  it.each([
    ['1', 1n],
    ['1000000', 1_000_000n],
    ['1_000_000', 1_000_000n],
    ['1M', 1_000_000n],
    ['1.5M', 1_500_000n],
    ['50k', 50_000n],
    ['2 G', 2_000_000_000n],
    ['"1000000000000000"', 10n ** 15n],
  ])('holds a limit of %s tokens exactly', async (text, limit) => {
    expect((await only(`limit_tokens: ${text}, period: day`)).limit).toBe(limit)
  })

  it('counts all tokens but cache reads, unless it says which', async () => {
    const all = ['input', 'cache_write_5m', 'cache_write_1h', 'output']
    expect((await only('limit_tokens: 1, period: day')).tokenClasses).toEqual(all)
    expect((await only('limit_tokens: 1, period: day, token_types: [cache_read]')).tokenClasses).toEqual(['cache_read'])
  })

  it.each([
    ['period: hour', { kind: 'hour' }],
    ['period: week', { kind: 'week', weekStart: 1 }],
    ['period: week, week_starts_on: sunday', { kind: 'week', weekStart: 7 }],
    ['period: week, week_starts_on: wednesday', { kind: 'week', weekStart: 3 }],
    ['period: month, billing_day: 29', { kind: 'month', billingDay: 29 }],
    ['period: 1d', { kind: 'rolling', days: 1 }],
    ['period: 366d', { kind: 'rolling', days: 366 }],
  ])('repeats by %s', async (keys, rule) => {
    expect((await only(`limit_usd: 1, ${keys}`)).period).toMatchObject(rule)
  })

  it.each([
    ['estimated_cost', 'Asia/Tokyo', 'usd'],
    ['plan_value', 'Asia/Tokyo', 'usd'],
    ['session_tokens', 'Asia/Tokyo', 'tokens'],
    ['billed_cost', 'UTC', 'usd'],
    ['api_tokens', 'UTC', 'tokens'],
  ])('over %s begins at midnight in %s', async (basis, zone, unit) => {
    const budget = await only(`limit_${unit}: 1, basis: ${basis}, period: day`, { yaml: 'time_zone: Asia/Tokyo' })
    expect(budget.period.timeZone).toBe(zone)
  })

  it.each([
    ['', '', 15],
    ['basis: billed_cost, ', '', 24 * 60],
    ['', 'tail: {rescan: 10m}', 30],
    ['max_data_age: 30m, ', 'tail: {rescan: 10m}', 30],
    ['max_data_age: 1m, ', 'tail: {rescan: 5s}', 1],
    ['basis: billed_cost, ', 'tail: {rescan: 10m}', 24 * 60],
  ])('{%s} with {%s} believes data for %i minutes', async (keys, yaml, minutes) => {
    expect((await only(`limit_usd: 1, ${keys}period: day`, { yaml })).maxDataAgeMs).toBe(minutes * 60_000)
  })

  it.each([
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
    // The clock skips midnight, shows it twice, or shows it once more after a few hours.
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00Z', '2026-09-07T03:00Z'],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00Z', '2026-11-02T05:00Z'],
    ['Antarctica/Casey', '2023-03-09', '2023-03-08T13:00Z', '2023-03-09T16:00Z'],
    ['UTC', '2028-02-29', '2028-02-29T00:00Z', '2028-03-01T00:00Z'],
  ])('in force in %s on %s only is so from its first instant to its last', async (zone, date, since, until) => {
    const budget = await only(`limit_usd: 1, period: day, time_zone: ${zone}, since: ${date}, until: ${date}`)
    expect([budget.since, budget.until]).toEqual([Date.parse(since), Date.parse(until)])
  })

  it('that is turned off is none', async () => {
    const yaml = `
budgets:
  - {name: a, limit_usd: 1, period: day, enabled: false}
  - {name: a, limit_usd: 2, period: day}
  - {name: c, limit_usd: 3, period: day, enabled: false}
`
    expect((await budgets({ yaml })).map(({ name, limit }) => [name, limit])).toEqual([['a', 2n * USD]])
  })

  it('can stand in the environment', async () => {
    const env = { BUDGETS: '[{"name":"e","limit_usd":2.5,"period":"month","scope":{"project":"constructor"}}]' }
    expect(await budgets({ env })).toMatchObject([
      { name: 'e', limit: 2_500_000_000_000n, scope: { project: ['constructor'] } },
    ])
  })
})

describe('budgets printed by check-config', () => {
  const YAML = `
budgets:
  - name: weekly
    limit_tokens: 1_000_000
    period: week
    scope: {project: [web, "web-*"], source: pi}
  - {name: m, limit_usd: 0.1, period: 30d, since: 2026-03-01}
balance: {top_ups: [{date: 2026-03-01, usd: -12.5}]}
alerts: {sync_stale: 90m}
`

  it('are as they were written', async () => {
    const text = printConfig(await loadFrom({ yaml: YAML }))
    expect(text).toContain(`budgets:
  # /etc/exporter.yml:3:3: budgets
  - name: weekly
    limit_tokens: 1_000_000
    period: week
    scope:
      project:
        - web
        - web-*
      source: pi
  - name: m
    limit_usd: 0.1
    period: 30d
    since: 2026-03-01
`)
    expect(text).toContain('  sync_stale: 90m # /etc/exporter.yml:9:22: alerts.sync_stale\n  data_stale: 26h\n')
  })

  it('can be loaded again and are the same', async () => {
    const first = await loadFrom({ yaml: YAML })
    const again = await loadFrom({ yaml: printConfig(first) })
    expect(again.config).toEqual(first.config)
    expect(budgetsOf(again.config)).toEqual(budgetsOf(first.config))
  })
})

describe('versions of a budget', () => {
  const day = fc
    .integer({ min: 0, max: 400 })
    .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10))
  const zone = fc.constantFrom('UTC', 'America/Havana', 'Pacific/Kiritimati', 'Asia/Kathmandu')
  const version = fc.record(
    { name: fc.constantFrom('a', 'b'), since: day, until: day, time_zone: zone, enabled: fc.boolean() },
    { requiredKeys: ['name', 'time_zone'] },
  )
  type Version = { name: string; time_zone: string; since?: string; until?: string; enabled?: boolean }

  function given(versions: readonly Version[]): Given {
    return { env: { BUDGETS: JSON.stringify(versions.map((entry) => ({ ...entry, limit_usd: 1, period: 'day' }))) } }
  }

  /** Whether two versions share a day of the calendar. */
  function shareDay(a: Version, b: Version): boolean {
    if (a.name !== b.name || a.enabled === false || b.enabled === false) return false
    return (a.since ?? '') <= (b.until ?? '9') && (b.since ?? '') <= (a.until ?? '9')
  }

  it('never overlap once they are accepted', async () => {
    let accepted = 0
    const inOrder = version.filter(({ since = '', until = '9' }) => since <= until)
    await fc.assert(
      fc.asyncProperty(fc.array(inOrder, { minLength: 2, maxLength: 4 }), async (versions) => {
        const found = await budgets(given(versions)).catch(() => [])
        if (found.length > 1) accepted += 1
        for (const [index, one] of found.entries()) {
          expect(one.since).toBeLessThan(one.until)
          for (const other of found.slice(index + 1).filter(({ name }) => name === one.name)) {
            expect(Math.max(one.since, other.since)).toBeGreaterThanOrEqual(Math.min(one.until, other.until))
          }
        }
      }),
      { numRuns: 120 },
    )
    expect(accepted).toBeGreaterThan(10)
  })

  it('in one zone are refused exactly where they share a day', async () => {
    const inOneZone = fc
      .tuple(zone, fc.array(version, { minLength: 2, maxLength: 3 }))
      .map(([timeZone, versions]) =>
        versions
          .map((entry): Version => ({ ...entry, time_zone: timeZone }))
          .filter(({ since = '', until = '9' }) => since <= until),
      )
    await fc.assert(
      fc.asyncProperty(inOneZone, async (versions) => {
        const pairs = versions.flatMap((one, index) => versions.slice(index + 1).map((other) => [one, other] as const))
        const overlaps = pairs.filter(([one, other]) => shareDay(one, other)).length
        const message = await refusal(given(versions)).then(
          (error) => error.message,
          () => '',
        )
        expect(message.match(/two versions of budget "[ab]" are in force/g)?.length ?? 0).toBe(overlaps)
      }),
      { numRuns: 120 },
    )
  })

  it('on two days that follow each other leave nothing between them, whatever the clock does', async () => {
    await fc.assert(
      fc.asyncProperty(
        day,
        fc.constantFrom('America/Havana', 'America/Santiago', 'Europe/Berlin'),
        async (date, name) => {
          const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10)
          const [before, after] = await budgets(
            given([
              { name: 'a', time_zone: name, until: date },
              { name: 'a', time_zone: name, since: next },
            ]),
          )
          expect(before?.until).toBe(after?.since)
        },
      ),
      { numRuns: 150 },
    )
  })
})
