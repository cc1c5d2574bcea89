import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TOKEN_CLASSES } from '../../src/core/usage.ts'
import { UsageView } from '../../src/view/usage-view.ts'
import { usagePart } from '../support/usage-record.ts'
import { budget, DAY_MS, Exporter, HOUR_MS, MINUTE_MS, period, spend, USD } from './budget-support.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')
const THOUSAND = USD / 40n

describe('what counts towards a budget', () => {
  const part = usagePart({ input: 1_000, cacheWrite5m: 2_000, cacheWrite1h: 3_000, cacheRead: 4_000, output: 5_000 })
  const records = [
    spend(NOON, 40, { billing: 'metered' }),
    spend(NOON, 80, { billing: 'plan', project: 'blog' }),
    spend(NOON, 0, { parts: [part], project: 'blog', agent: 'web' }),
    spend(NOON, 0, { parts: [usagePart({ input: 7, output: 3 }, 'mystery-1')] }),
  ]
  const ofPart = 5_000n + 12_500n + 30_000n + 2_000n + 125_000n

  it.each([
    {
      what: 'metered cost',
      fields: {},
      spent: 40n * THOUSAND + ofPart * (USD / 1_000_000n),
      unpriced: 10n,
    },
    { what: 'plan value', fields: { basis: 'plan_value' }, spent: 80n * THOUSAND, unpriced: 0n },
    {
      what: 'tokens of both, of the classes chosen',
      fields: { basis: 'session_tokens', tokenClasses: ['input', 'output'] },
      spent: 40_000n + 80_000n + 6_000n + 10n,
      unpriced: 0n,
    },
    {
      what: 'tokens of all classes',
      fields: { basis: 'session_tokens', tokenClasses: TOKEN_CLASSES },
      spent: 40_000n + 80_000n + 15_000n + 10n,
      unpriced: 0n,
    },
    {
      what: 'the cost in its scope',
      fields: { scope: { agent: ['web', 'api'], project: ['bl*'] } },
      spent: ofPart * (USD / 1_000_000n),
      unpriced: 0n,
    },
    { what: 'nothing where the scope matches nothing', fields: { scope: { source: ['pi'] } }, spent: 0n, unpriced: 0n },
  ] as const)('is $what', async ({ fields, spent, unpriced }) => {
    const exporter = new Exporter({ budgets: [budget(fields)], now: NOON })
    exporter.sessions = {
      ...exporter.sessions,
      sources: [...exporter.sessions.sources, { ...firstOf(exporter.sessions.sources), source: 'pi' }],
    }
    await exporter.append(records)
    expect(exporter.figures()).toMatchObject({ spent, unpricedTokens: unpriced, unknownReason: null })
  })

  it.each([
    { pattern: 'claude-haiku-4-5', isCounted: true },
    { pattern: 'claude-haiku-4-5-20251001', isCounted: true },
    { pattern: 'claude-haiku-*', isCounted: true },
    { pattern: 'claude-haiku-4-5-20990101', isCounted: false },
    { pattern: 'claude-haiku', isCounted: false },
  ])('of a model logged without the date of its id matches $pattern: $isCounted', async ({ pattern, isCounted }) => {
    const scoped = budget({ basis: 'session_tokens', tokenClasses: ['output'], scope: { model: [pattern] } })
    const exporter = new Exporter({ budgets: [scoped], now: NOON })
    await exporter.append([spend(NOON, 0, { parts: [usagePart({ output: 5 }, 'claude-haiku-4-5')] })])
    expect(exporter.figures().spent).toBe(isCounted ? 5n : 0n)
  })

  it('matches labels as they are shown, and does not care that they are folded', async () => {
    const inScope = budget({ scope: { project: ['web shop'] } })
    const exporter = new Exporter({ budgets: [inScope], now: NOON })
    const delta = await exporter.append([spend(NOON, 8, { project: 'web\tshop\n' }), spend(NOON, 1, { project: 'x' })])
    await exporter.ledger.setFolded(delta.labels.map(({ id }) => id))
    const restarted = await exporter.restarted()
    for (const { spent } of [exporter.figures(), restarted.figures()]) expect(spent).toBe(8n * THOUSAND)
  })
})

describe('the amounts of a budget', () => {
  it('follow corrections, down as well', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    const copy = { identity: 'm:copied', session: 's1', timestamp: '', ownerRank: 1 }
    await exporter.append([spend(NOON - HOUR_MS, 40, { ...copy, winRank: 1 })])
    expect(exporter.figures().spent).toBe(40n * THOUSAND)
    await exporter.append([spend(NOON - HOUR_MS, 10, { ...copy, winRank: 3 })])
    expect(exporter.figures().spent).toBe(10n * THOUSAND)
    expect((await exporter.restarted()).figures().spent).toBe(10n * THOUSAND)
  })

  it('leave the old project when a response turns out to belong to another', async () => {
    const exporter = new Exporter({
      budgets: [
        budget({ name: 'shop', scope: { project: ['shop'] } }),
        budget({ name: 'blog', scope: { project: ['blog'] } }),
      ],
      now: NOON,
    })
    const copy = { identity: 'm:moved' }
    await exporter.append([spend(NOON, 40, { ...copy, project: 'shop', ownerRank: 1 })])
    await exporter.append([spend(NOON, 40, { ...copy, project: 'blog', ownerRank: 0 })])
    expect(exporter.figures('shop').spent).toBe(0n)
    expect(exporter.figures('blog').spent).toBe(40n * THOUSAND)
  })

  it('do not hold what is dated in the future until it is reached', async () => {
    const exporter = new Exporter({ budgets: [budget()], now: NOON })
    await exporter.append([spend(NOON + HOUR_MS, 40)])
    expect(exporter.figures().spent).toBe(0n)
    exporter.now += HOUR_MS
    expect(exporter.figures().spent).toBe(40n * THOUSAND)
    expect((await exporter.restarted()).figures().spent).toBe(40n * THOUSAND)
  })

  it('are those of the period that runs, and begin anew with the next', async () => {
    const exporter = new Exporter({
      budgets: [budget({ period: period('day', { timeZone: 'Asia/Kathmandu' }) })],
      now: NOON,
    })
    const midnight = Date.parse('2026-05-20T18:15:00Z')
    await exporter.append([spend(NOON, 40)])
    exporter.now = midnight - 1
    expect(exporter.figures()).toMatchObject({ spent: 40n * THOUSAND, period: { end: midnight } })
    exporter.now = midnight
    expect(exporter.figures()).toMatchObject({ spent: 0n, state: 'ok', period: { start: midnight } })
  })

  it('reach back as far as the longest period does', async () => {
    const rules = [period('rolling', { days: 300 }), period('quarter'), period('day')]
    const budgets = rules.map((rule) => budget({ name: rule.kind, period: rule }))
    const exporter = new Exporter({ budgets, now: NOON })
    await exporter.append([290, 49, 0].map((days) => spend(NOON - days * DAY_MS, 10)))
    for (const each of [exporter, await exporter.restarted()]) {
      expect(rules.map(({ kind }) => each.figures(kind).spent)).toEqual([
        30n * THOUSAND,
        20n * THOUSAND,
        10n * THOUSAND,
      ])
    }
  })

  it('after months are still those of a fresh start', async () => {
    const budgets = [
      budget({ name: 'month', period: period('month') }),
      budget({ name: 'rolling', period: period('rolling', { days: 7 }) }),
    ]
    const exporter = new Exporter({ budgets, now: NOON })
    for (let day = 0; day < 200; day += 3) {
      exporter.now = NOON + day * DAY_MS
      await exporter.append([spend(exporter.now - HOUR_MS, 1 + (day % 7)), spend(exporter.now - 5 * DAY_MS, 2)])
      exporter.figures('month')
    }
    const restarted = await exporter.restarted()
    for (const name of ['month', 'rolling']) expect(exporter.figures(name)).toEqual(restarted.figures(name))
  })

  it('equal the estimated cost of today and those of a fresh start, whatever is appended', async () => {
    const appended = fc.record({
      minutesAgo: fc.integer({ min: -120, max: 3 * 24 * 60 }),
      thousands: fc.nat(5_000),
      identity: fc.nat(12),
      rank: fc.nat(4),
      billing: fc.constantFrom('metered' as const, 'plan' as const),
      project: fc.constantFrom('shop', 'blog', ' tab\t', ''),
      model: fc.constantFrom('claude-opus-4-8', 'claude-haiku-4-5', 'mystery-1'),
      live: fc.boolean(),
    })
    const zones = fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/Denver', 'Australia/Lord_Howe')
    await fc.assert(
      fc.asyncProperty(
        fc.array(appended, { minLength: 1, maxLength: 12 }),
        zones,
        fc.integer({ min: 0, max: 96 }).map((slot) => NOON + slot * 15 * MINUTE_MS),
        async (rows, timeZone, now) => {
          const exporter = new Exporter({ budgets: [budget({ period: period('day', { timeZone }) })], now })
          const usage = new UsageView({ timeZone, now: () => exporter.now, seriesLimit: 60 })
          for (const { minutesAgo, thousands, identity, rank, billing, project, model, live } of rows) {
            const parts = [usagePart({ output: thousands * 1_000 }, model)]
            const fields = { identity: `m:r${identity}`, winRank: rank, ownerRank: 4 - rank, billing, project, parts }
            const time = now - minutesAgo * MINUTE_MS
            usage.apply(await exporter.append([spend(time, thousands, { ...fields, uuid: String(rank) })], { live }))
          }
          const estimated = usage.snapshot().today.reduce((sum, { estimatedPico }) => sum + estimatedPico, 0n)
          expect(exporter.figures().spent).toBe(estimated)
          expect((await exporter.restarted()).figures()).toEqual(exporter.figures())
          await exporter.ledger.close()
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('versions of a budget', () => {
  const until = Date.parse('2026-05-20T00:00:00Z')
  const budgets = [
    budget({ period: period('month'), until }),
    budget({ period: period('month'), since: until, until: until + DAY_MS, limit: 200n * USD }),
  ]

  it.each([
    { what: 'the first until the day', now: until - 1, limits: [100n * USD] },
    { what: 'the second from then on', now: until, limits: [200n * USD] },
    { what: 'none when both are over', now: until + DAY_MS, limits: [] },
  ])('in force: $what', ({ now, limits }) => {
    const { view } = new Exporter({ budgets, now })
    expect(view.part().budgets.map((row) => row.budget.limit)).toEqual(limits)
  })

  it('take turns while the exporter runs, over the same amounts', async () => {
    const exporter = new Exporter({ budgets, now: until - HOUR_MS })
    await exporter.append([spend(until - HOUR_MS, 800)])
    expect(exporter.figures()).toMatchObject({ usedRatio: 0.2 })
    exporter.now = until
    expect(exporter.figures()).toMatchObject({ usedRatio: 0.1, spent: 20n * USD })
  })
})

function firstOf<T>(values: readonly T[]): T {
  const [first] = values
  if (first === undefined) throw new Error('nothing there')
  return first
}
