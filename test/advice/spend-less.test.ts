import { describe, expect, it } from 'vitest'
import { advise } from '../../src/advice/advise.ts'
import type { BudgetFigures, Forecast } from '../../src/budgets/figures.ts'
import { adviceInput, budgetFigures, DAY_MS, usageRow, usd } from './support.ts'

const MILLION = 1_000_000
const rows = [
  usageRow({ agent: 'none', project: 'shop' }, { output: 2 * MILLION }),
  usageRow({ project: 'infra' }, { output: MILLION }),
  usageRow({ project: 'notes' }, { output: 50 * MILLION }, 'plan'),
]

const adviceOn = (...budgets: BudgetFigures[]) =>
  advise(adviceInput({ budgets, last7Days: rows })).filter(({ kind }) => kind === 'spend_less_per_day')

const forecastOf = (expected: bigint, exhaustsAt: number | null = null): Forecast => ({
  expected,
  low: expected,
  high: expected,
  exhaustsAt,
})

describe('advice on budgets', () => {
  it('says how far one is over, until when, and who used it', () => {
    const [advice] = adviceOn(budgetFigures(usd('137.204')))
    expect(advice).toMatchObject({
      urgency: 'now',
      title: 'Put off work that budget team counts until 2026-06-01 00:00: it is over its limit by $37.20.',
      detail:
        'It has used $137.20 of $100.00 (137.2%). In the last 7 days 66.7% of what it counts was used in project shop and 66.7% in main conversations.',
      formula: '$137.20 - $100.00 = $37.20',
      labels: { budget: 'team', owner: 'none' },
    })
  })

  it('says that one is used up, where nothing is over that could be printed', () => {
    for (const spent of ['100', '100.004']) {
      expect(adviceOn(budgetFigures(usd(spent)))).toMatchObject([
        {
          title: 'Put off work that budget team counts until 2026-06-01 00:00: all of its limit is used.',
          formula: null,
        },
      ])
    }
  })

  it('says what is left per day of one that is going to be exceeded', () => {
    // 17.5 days are left.
    const exhaustsAt = Date.parse('2026-05-23T06:30:00Z')
    const [advice] = adviceOn(budgetFigures(usd('61.20'), { forecast: forecastOf(usd('140'), exhaustsAt), exhaustsAt }))
    expect(advice).toMatchObject({
      urgency: 'now',
      title: 'Keep work that budget team counts within $2.22 a day until 2026-06-01 00:00.',
      formula: '$38.80 left / 17.5 days = $2.22 a day',
    })
    expect(advice?.detail).toContain(
      'It is forecast to reach $140.00, $40.00 over its limit, which it passes at 2026-05-23 06:30.',
    )
  })

  it('gives the days as many places as the amount takes', () => {
    const elapsedRatio = 1 - 17.4321987 / 31
    const suggestedPerDay = (usd('938.80') * 10_000_000n) / 174_321_987n
    const [advice] = adviceOn(
      budgetFigures(usd('61.20'), {
        budget: { limit: usd('1000') },
        elapsedRatio,
        suggestedPerDay,
        forecast: forecastOf(usd('2000')),
      }),
    )
    expect(advice?.formula).toBe('$938.80 left / 17.432 days = $53.85 a day')
  })

  it('names what is left on the last day', () => {
    const [advice] = adviceOn(
      budgetFigures(usd('90'), {
        budget: { period: { kind: 'day', days: 0, weekStart: 1, billingDay: 1, timeZone: 'UTC' } },
        period: { start: Date.parse('2026-05-14T00:00:00Z'), end: Date.parse('2026-05-15T00:00:00Z') },
        elapsedRatio: 0.5,
        suggestedPerDay: null,
        forecast: forecastOf(usd('150')),
      }),
    )
    expect(advice).toMatchObject({
      title: 'Keep work that budget team counts within the $10.00 left until 2026-05-15 00:00.',
      formula: '$150.00 - $100.00 = $50.00',
    })
  })

  it('names no end of a rolling one', () => {
    const period = { kind: 'rolling', days: 30, weekStart: 1, billingDay: 1, timeZone: 'UTC' } as const
    const [advice] = adviceOn(budgetFigures(usd('101'), { budget: { period } }))
    expect(advice?.title).toBe('Use less of what budget team counts: it is over its limit by $1.00.')
    expect(advice?.detail).toContain('the last 30 days, so that it falls only as older use drops out')
  })

  it('counts the tokens of a budget of tokens, in its scope', () => {
    const budget = {
      basis: 'session_tokens',
      limit: 1_000_000n,
      tokenClasses: ['output'],
      scope: { project: ['shop', 'notes'] },
    } as const
    const [advice] = adviceOn(budgetFigures(1_500_000n, { budget: { ...budget } }))
    expect(advice?.detail).toBe(
      'It has used 1,500,000 tokens of 1,000,000 tokens (150.0%). In the last 7 days 96.2% of what it counts was used in project notes and 96.2% by agent reviewer.',
    )
    expect(advice?.formula).toBe('1,500,000 tokens - 1,000,000 tokens = 500,000 tokens')
  })

  it('says nothing of who used what an organisation is billed', () => {
    const [advice] = adviceOn(budgetFigures(usd('137.20'), { budget: { basis: 'billed_cost' } }))
    expect(advice?.detail).toBe('It has used $137.20 of $100.00 (137.2%).')
  })

  it.each([
    ['fits', budgetFigures(usd('61.20'), { forecast: forecastOf(usd('99')) })],
    ['is forecast a little over, but not to run out', budgetFigures(usd('61'), { forecast: forecastOf(usd('105')) })],
    ['has begun just now', budgetFigures(usd('61'), { forecast: forecastOf(usd('500')), elapsedRatio: 0.05 })],
    ['is not known', budgetFigures(usd('500'), { spent: null, remaining: null, state: 'unknown' })],
    ['is being read', budgetFigures(usd('500'), { state: 'unknown', unknownReason: 'loading' })],
  ])('says nothing of one that %s', (_when, figures) => {
    expect(adviceOn(figures)).toEqual([])
  })

  it('tells of the one that is furthest over first, and of three at most', () => {
    const of = (name: string, spent: string) => budgetFigures(usd(spent), { budget: { name } })
    const names = adviceOn(of('a', '101'), of('b', '150'), of('c', '120'), of('d', '103')).map(
      ({ labels }) => labels['budget'],
    )
    expect(names).toEqual(['b', 'c', 'd'])
  })

  it('tells of one that runs out a day before it is renewed', () => {
    const exhaustsAt = Date.parse('2026-06-01T00:00:00Z') - DAY_MS
    const figures = budgetFigures(usd('61'), { forecast: forecastOf(usd('105'), exhaustsAt), exhaustsAt })
    expect(adviceOn(figures)).toHaveLength(1)
  })
})
