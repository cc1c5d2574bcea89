import { describe, expect, it } from 'vitest'
import type { BudgetFigures } from '../../src/budgets/figures.ts'
import { clearedKeys, noticesOf } from '../../src/notify/notices.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { sampleOrganizations } from '../metrics/sample-organizations.ts'
import { activeRow, budget, figures, habitRow, NOW, snapshot, spending, USD } from './support/figures.ts'

function told(of: Snapshot): readonly string[] {
  return noticesOf(of).map(({ name, severity }) => `${name} ${severity}`)
}

function toldOf(values: Partial<BudgetFigures>): readonly string[] {
  return told(snapshot({ budgets: [figures(values)] }))
}

const DAY = budget({ period: { ...budget().period, kind: 'day' } })
const FORECAST = { expected: 60n * USD, low: 55n * USD, high: 70n * USD, exhaustsAt: null }

describe('notices of a budget', () => {
  it.each([
    { when: 'below the warning', spent: 37.49, of: {}, expected: [] },
    { when: 'at the warning', spent: 37.5, of: {}, expected: ['ClaudeBudgetNearLimit warning'] },
    { when: 'at the critical share', spent: 45, of: {}, expected: ['ClaudeBudgetNearLimit critical'] },
    { when: 'a cent below the limit', spent: 49.99, of: {}, expected: ['ClaudeBudgetNearLimit critical'] },
    { when: 'at the limit', spent: 50, of: {}, expected: ['ClaudeBudgetExceeded critical'] },
    {
      when: 'critical, but it may only warn',
      spent: 46,
      of: { severity: 'warning' as const },
      expected: ['ClaudeBudgetNearLimit warning'],
    },
    {
      when: 'exceeded, but it may only warn',
      spent: 51,
      of: { severity: 'warning' as const },
      expected: ['ClaudeBudgetExceeded warning'],
    },
    {
      when: 'with thresholds of its own',
      spent: 26,
      of: { warningRatio: 0.5 },
      expected: ['ClaudeBudgetNearLimit warning'],
    },
  ])('$when: $expected', ({ spent, of, expected }) => {
    expect(told(spending(spent, of))).toEqual(expected)
  })

  it('does not round up to the limit', () => {
    expect(toldOf({ spent: 50n * USD - 1n, usedRatio: 1 })).toEqual(['ClaudeBudgetNearLimit critical'])
  })

  it.each([
    {
      when: 'forecast above the limit',
      values: { forecast: FORECAST },
      expected: ['ClaudeBudgetForecastExceeded warning'],
    },
    {
      when: 'forecast exactly at the threshold',
      values: { forecast: { ...FORECAST, expected: 55n * USD } },
      expected: [],
    },
    { when: 'forecast too early in the period', values: { forecast: FORECAST, elapsedRatio: 0.1 }, expected: [] },
    {
      when: 'runs out before its end',
      values: { exhaustsAt: NOW + 86_400_000 },
      expected: ['ClaudeBudgetExhaustsBeforeReset warning'],
    },
    { when: 'fast over an hour only', values: { burnRate1h: 20, burnRate6h: 3 }, expected: [] },
    {
      when: 'fast over an hour and six',
      values: { burnRate1h: 13, burnRate6h: 12.5 },
      expected: ['ClaudeBudgetBurnFast critical'],
    },
    {
      when: 'slow over six hours and three days',
      values: { burnRate6h: 2.5, burnRate3d: 2.1 },
      expected: ['ClaudeBudgetBurnSlow warning'],
    },
    { when: 'three days not known', values: { burnRate6h: 2.5, burnRate3d: null }, expected: [] },
    {
      when: 'of a day, fast over an hour',
      values: { budget: DAY, burnRate1h: 12.5 },
      expected: ['ClaudeBudgetBurnFast critical'],
    },
    { when: 'of a day, never slow', values: { budget: DAY, burnRate6h: 5, burnRate3d: 5 }, expected: [] },
    {
      when: 'nothing known',
      values: { spent: null, state: 'unknown' as const, unknownReason: 'stale' as const },
      expected: [],
    },
    {
      when: 'at least exceeded, more is not known',
      values: { spent: 60n * USD, state: 'unknown' as const, unknownReason: 'stale' as const },
      expected: ['ClaudeBudgetExceeded critical'],
    },
    {
      when: 'while history is loaded',
      values: { spent: 60n * USD, state: 'unknown' as const, unknownReason: 'loading' as const },
      expected: [],
    },
  ])('$when: $expected', ({ values, expected }) => {
    expect(toldOf(values)).toEqual(expected)
  })

  it('forecasts nothing any more once it is exceeded', () => {
    const values = { spent: 60n * USD, forecast: FORECAST, exhaustsAt: NOW - 1 }
    expect(toldOf(values)).toEqual(['ClaudeBudgetExceeded critical'])
  })

  it('burns nothing any more once it is exceeded', () => {
    expect(toldOf({ spent: 60n * USD, burnRate1h: 20, burnRate6h: 20, burnRate3d: 20 })).toEqual([
      'ClaudeBudgetExceeded critical',
    ])
  })

  it('tells a forecast above the limit and its date as one', () => {
    const notices = noticesOf(snapshot({ budgets: [figures({ forecast: FORECAST, exhaustsAt: NOW + 86_400_000 })] }))
    const keyOf = (name: string) => notices.find((one) => one.name === name)?.key
    const over = notices.find(({ name }) => name === 'ClaudeBudgetForecastExceeded')
    expect(over?.covers).toEqual([keyOf('ClaudeBudgetExhaustsBeforeReset')])
  })

  it('says how much, of what and until when', () => {
    const [notice] = noticesOf(spending(68.62))
    expect(notice).toMatchObject({
      summary: 'A budget is exceeded.',
      description:
        'Budget team has used 137.2% of its limit: $68.62 of $50.00. The period ends 2026-06-01 00:00 +02:00.',
      labels: { budget: 'team', owner: 'ada' },
      periodStart: Date.parse('2026-04-30T22:00:00Z'),
    })
  })

  it.each(
    [
      { forecast: FORECAST, exhaustsAt: NOW + 86_400_000 },
      { burnRate1h: 13, burnRate6h: 12.5 },
      { burnRate6h: 2.5, burnRate3d: 2.1 },
    ].map((values) => [values]),
  )('leaves no value out of a text', (values) => {
    for (const { description } of noticesOf(snapshot({ budgets: [figures(values)] }))) {
      expect(description).not.toMatch(/[{}]|unknown/)
    }
  })

  it('covers the thresholds below, and only those', () => {
    const keys = [37.5, 45, 50].map((usd) => noticesOf(spending(usd))[0])
    expect(keys.map((notice) => notice?.covers)).toEqual([[], [keys[0]?.key], [keys[0]?.key, keys[1]?.key]])
  })

  it('has another key in the next period, for another budget and for a limit that was raised', () => {
    const later = figures({ spent: 60n * USD, period: { start: NOW, end: NOW + 1 } })
    const keys = [
      spending(60),
      spending(60, { name: 'other' }),
      spending(60, { limit: 55n * USD }),
      snapshot({ budgets: [later] }),
    ].map((of) => noticesOf(of)[0]?.key)
    expect(new Set(keys).size).toBe(4)
    expect(noticesOf(spending(70))[0]?.key).toBe(keys[0])
  })

  it('keeps its key while a rolling window moves', () => {
    const rolling = budget({ period: { ...budget().period, kind: 'rolling', days: 7 } })
    const at = (instant: number) =>
      noticesOf(
        snapshot({
          at: instant,
          budgets: [figures({ budget: rolling, spent: 60n * USD, period: { start: instant - 7, end: instant } })],
        }),
      )[0]
    expect(at(NOW + 3_600_000)?.key).toBe(at(NOW)?.key)
    expect(at(NOW + 7 * 86_400_000)?.key).not.toBe(at(NOW)?.key)
    expect(at(NOW)?.description).toContain('The period ends now and is always the last 7 days.')
  })
})

describe('notices of sessions and agents', () => {
  it.each([
    { when: 'at the rate limit', active: [activeRow({ tokensPerMinuteMax: 3_000_000 })], expected: [] },
    {
      when: 'above the rate limit',
      active: [activeRow({ tokensPerMinuteMax: 3_000_001 })],
      expected: ['ClaudeRunawaySession critical'],
    },
    { when: 'at the number of sessions', active: [activeRow({ sessions: 12 })], expected: [] },
    {
      when: 'too many sessions, of two projects',
      active: [activeRow({ sessions: 7 }), activeRow({ project: 'blog', sessions: 6 })],
      expected: ['ClaudeTooManyActiveSessions critical'],
    },
    {
      when: 'many requests, human turns not known',
      active: [activeRow({ unattendedRequestsMax: null })],
      expected: [],
    },
    {
      when: 'too many requests without a human turn',
      active: [activeRow({ unattendedRequestsMax: 151 })],
      expected: ['ClaudeUnattendedSession warning'],
    },
  ])('$when: $expected', ({ active, expected }) => {
    expect(told(snapshot({ active }))).toEqual(expected)
  })

  it.each([
    {
      when: 'ten times the usual, but little',
      row: { tokensPerMinute: 50_000, usualTokensPerMinute: 100 },
      expected: [],
    },
    { when: 'exactly ten times the usual', row: { tokensPerMinute: 100_000 }, expected: [] },
    {
      when: 'more than ten times the usual',
      row: { tokensPerMinute: 100_001 },
      expected: ['ClaudeRunawayAgent critical'],
    },
    {
      when: 'much, but what is usual is not known',
      row: { tokensPerMinute: 1e9, usualTokensPerMinute: null },
      expected: [],
    },
    { when: 'five times the usual cost', row: { costLastHourPico: 5n * USD }, expected: [] },
    {
      when: 'more than five times the usual cost',
      row: { costLastHourPico: 5n * USD + 1n },
      expected: ['ClaudeUnusualSpend warning'],
    },
    {
      when: 'nothing is usual at this hour',
      row: { costLastHourPico: 6n * USD, usualHourCostPico: 0n },
      expected: ['ClaudeUnusualSpend warning'],
    },
    { when: 'too little to be unusual', row: { costLastHourPico: 4n * USD, usualHourCostPico: 0n }, expected: [] },
    { when: 'what is usual is not known', row: { costLastHourPico: 99n * USD, usualHourCostPico: null }, expected: [] },
  ])('$when: $expected', ({ row, expected }) => {
    expect(told(snapshot({ habits: [habitRow(row)] }))).toEqual(expected)
  })

  it('tells an agent from a project of the same name', () => {
    const row = { name: 'web', tokensPerMinute: 1_000_000 }
    const notices = noticesOf(snapshot({ habits: [habitRow(row), habitRow({ ...row, kind: 'project', source: '' })] }))
    expect(notices.map(({ description }) => description.split(' uses ')[0])).toEqual([
      'Agent web (openclaw)',
      'Project web',
    ])
    expect(new Set(notices.map(({ key }) => key)).size).toBe(2)
  })

  it('says nothing while history is loaded', () => {
    const active = [activeRow({ tokensPerMinuteMax: 9e9 })]
    const habits = [habitRow({ tokensPerMinute: 9e9 })]
    expect(told(snapshot({ complete: false, active, habits }))).toEqual([])
  })

  it('keeps a hostile name on one line and bounded', () => {
    const project = `<!channel>\n@everyone ${'x'.repeat(5_000)}`
    const [notice] = noticesOf(snapshot({ active: [activeRow({ project, tokensPerMinuteMax: 9e9 })] }))
    expect(notice?.description).toMatch(/^A session of agent none in project <!channel>\\u000a@everyone x+… \(/)
    expect(notice?.description.length).toBeLessThan(250)
  })
})

describe('notices of organisations', () => {
  const low = { organization: 'acme', balancePico: 7n * USD, toppedUpPico: 100n * USD, runwayMs: 6.5 * 86_400_000 }

  it.each([
    { when: 'lasts a week', balance: { ...low, runwayMs: 7 * 86_400_000 }, expected: [] },
    { when: 'lasts for less', balance: low, expected: ['ClaudeBalanceLow warning'] },
    {
      when: 'is used up',
      balance: { ...low, balancePico: -1n, runwayMs: 0 },
      expected: ['ClaudeBalanceExhausted critical'],
    },
    { when: 'is not known', balance: { ...low, balancePico: null, runwayMs: null }, expected: [] },
    { when: 'is not being spent', balance: { ...low, runwayMs: null }, expected: [] },
  ])('a balance that $when: $expected', ({ balance, expected }) => {
    expect(told(snapshot({ balances: [balance] }))).toEqual(expected)
  })

  it('tells of a balance that is used up instead of one that is low', () => {
    const [isLow] = noticesOf(snapshot({ balances: [low] }))
    const [isGone] = noticesOf(snapshot({ balances: [{ ...low, balancePico: 0n, runwayMs: 0 }] }))
    expect(isGone?.covers).toEqual([isLow?.key])
    expect(isGone?.description).not.toMatch(/[{}]/)
  })

  it('tells of a balance once a local day', () => {
    const key = (at: string) => noticesOf(snapshot({ at: Date.parse(at), balances: [low] }))[0]?.key
    expect(key('2026-05-10T21:59:59Z')).toBe(key('2026-05-09T22:00:00Z'))
    expect(key('2026-05-10T22:00:00Z')).not.toBe(key('2026-05-10T21:59:59Z'))
  })

  it('tells which credential is refused, and which one works', () => {
    const of = snapshot({ organizations: sampleOrganizations })
    expect(noticesOf(of).map(({ description }) => description)).toEqual([
      'Source anthropic-usage:acme is refused by the API. Usage and billed cost are not read until that is put right.',
    ])
    expect(clearedKeys(of)).toEqual(['["ClaudeCredentialsRejected","default"]'])
  })
})
