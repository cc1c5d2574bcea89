import { describe, expect, it } from 'vitest'
import { type AssessInput, assess, budgetInForce } from '../../src/budgets/assess.ts'
import type { Forecast } from '../../src/budgets/figures.ts'
import { SlotSeries } from '../../src/budgets/slot-series.ts'
import type { Budget, PeriodRule } from '../../src/core/budget.ts'
import { picoFromDecimal } from '../../src/core/money.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const NOW = Date.parse('2026-02-02T08:30:00-07:00')
const FEBRUARY = Date.parse('2026-02-01T00:00:00-07:00')
const MARCH = Date.parse('2026-03-01T00:00:00-07:00')
const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: NOW, problem: null }

const usd = (text: string) => picoFromDecimal(text) ?? 0n
const monthly: PeriodRule = { kind: 'month', days: 0, weekStart: 1, billingDay: 1, timeZone: 'America/Denver' }

const budgetOf = (more: Partial<Budget> = {}): Budget => ({
  name: 'team',
  origin: 'configured',
  basis: 'estimated_cost',
  limit: usd('50'),
  tokenClasses: [],
  period: monthly,
  scope: {},
  warningRatio: 0.75,
  criticalRatio: 0.9,
  severity: 'critical',
  owner: 'none',
  since: Number.NEGATIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
  maxDataAgeMs: HOUR_MS,
  ...more,
})

const amountsOf = (...entries: [slot: string, amount: bigint][]) => {
  const amounts = new SlotSeries()
  amounts.replace(entries.map(([slot, amount]) => [Date.parse(slot), amount]))
  return amounts
}

const spending = (amount: bigint) => amountsOf(['2026-02-01T12:00:00-07:00', amount])

const assessed = (more: Partial<AssessInput>) =>
  assess({
    budget: budgetOf(),
    now: NOW,
    amounts: spending(usd('10')),
    data: ALWAYS,
    unpricedTokens: 0n,
    forecast: null,
    forecastErrors: [],
    ...more,
  })

const forecastOf = (exhaustsAt: number | null): Forecast => ({
  expected: usd('40'),
  low: usd('30'),
  high: usd('60'),
  exhaustsAt,
})

describe('assess', () => {
  it('tells $68.62 of $50 on the second of the month as it is', () => {
    const figures = assessed({
      amounts: amountsOf(
        ['2026-01-31T23:45:00-07:00', usd('400')],
        ['2026-02-01T09:15:00-07:00', usd('30.11')],
        ['2026-02-02T07:00:00-07:00', usd('25.5')],
        ['2026-02-02T08:30:00-07:00', usd('13.01')],
      ),
    })
    expect(figures).toMatchObject({
      period: { start: FEBRUARY, end: MARCH },
      spent: usd('68.62'),
      remaining: usd('-18.62'),
      usedRatio: 1.3724,
      state: 'exceeded',
      unknownReason: null,
      forecast: null,
      suggestedPerDay: 0n,
      exhaustsAt: Date.parse('2026-02-02T07:15:00-07:00'),
      dataTo: NOW,
    })
    expect(figures.elapsedRatio).toBeCloseTo(32.5 / (28 * 24), 15)
  })

  it('passes on what it is only given', () => {
    const budget = budgetOf()
    const forecastErrors = [{ step: 0.5, ratio: -0.1 }]
    const figures = assessed({ budget, unpricedTokens: 7n, forecast: forecastOf(null), forecastErrors })
    expect(figures).toMatchObject({ unpricedTokens: 7n, forecast: forecastOf(null), forecastErrors })
    expect(figures.budget).toBe(budget)
  })

  describe('state', () => {
    it.each([
      { spent: 0n, state: 'ok' },
      { spent: usd('37.5') - 1n, state: 'ok' },
      { spent: usd('37.5'), state: 'warning' },
      { spent: usd('45') - 1n, state: 'warning' },
      { spent: usd('45'), state: 'critical' },
      { spent: usd('50') - 1n, state: 'critical' },
      { spent: usd('50'), state: 'exceeded' },
      { spent: usd('5000'), state: 'exceeded' },
      { spent: -1n, state: 'ok' },
    ])('$spent pico-dollars of $50 are $state', ({ spent, state }) => {
      expect(assessed({ amounts: spending(spent) }).state).toBe(state)
      expect(assessed({ budget: budgetOf({ severity: 'warning' }), amounts: spending(spent) }).state).toBe(state)
    })

    it('is exact where doubles are not', () => {
      const budget = budgetOf({ limit: 10n ** 30n, warningRatio: 0.7 })
      expect(assessed({ budget, amounts: spending(7n * 10n ** 29n - 1n) }).state).toBe('ok')
      expect(assessed({ budget, amounts: spending(7n * 10n ** 29n) }).state).toBe('warning')
    })

    it('has no warning where both thresholds are the limit', () => {
      const budget = budgetOf({ warningRatio: 1, criticalRatio: 1 })
      expect(assessed({ budget, amounts: spending(usd('50') - 1n) }).state).toBe('ok')
      expect(assessed({ budget, amounts: spending(usd('50')) }).state).toBe('exceeded')
    })
  })

  describe('data', () => {
    const nothing = {
      spent: null,
      remaining: null,
      usedRatio: null,
      suggestedPerDay: null,
      exhaustsAt: null,
      forecast: null,
    }

    it.each([
      ['are still being read', { ...ALWAYS, problem: 'loading' as const }, 'loading'],
      ['have holes', { ...ALWAYS, problem: 'not_covered' as const }, 'not_covered'],
      ['lie across the ends of the period', { ...ALWAYS, problem: 'misaligned' as const }, 'misaligned'],
      ['begin after the period', { ...ALWAYS, from: FEBRUARY + 1 }, 'not_covered'],
      ['are not there', { ...ALWAYS, to: null }, 'not_covered'],
      ['end where the period begins', { ...ALWAYS, to: FEBRUARY }, 'stale'],
      [
        'cannot be written and begin after the period',
        { ...ALWAYS, from: FEBRUARY + 1, problem: 'ledger_failing' as const },
        'ledger_failing',
      ],
    ])('that %s give no figures', (_case, data, unknownReason) => {
      const figures = assessed({ data, forecast: forecastOf(NOW + DAY_MS) })
      expect(figures).toMatchObject({ ...nothing, state: 'unknown', unknownReason, dataTo: data.to })
    })

    it('that are young, but end where the period begins, give no figures', () => {
      const figures = assessed({ now: FEBRUARY + HOUR_MS, data: { ...ALWAYS, to: FEBRUARY } })
      expect(figures).toMatchObject({ ...nothing, state: 'unknown', unknownReason: 'not_covered' })
    })

    it.each([
      ['cannot be written', { ...ALWAYS, problem: 'ledger_failing' as const }, 'ledger_failing'],
      ['cannot be read', { ...ALWAYS, problem: 'source_unreadable' as const }, 'source_unreadable'],
      ['are known to be old', { ...ALWAYS, problem: 'stale' as const }, 'stale'],
      ['are older than they may be', { ...ALWAYS, to: NOW - HOUR_MS - 1 }, 'stale'],
    ])('that %s give a lower bound', (_case, data, unknownReason) => {
      const figures = assessed({ data, amounts: spending(usd('60')) })
      expect(figures).toMatchObject({
        spent: usd('60'),
        remaining: usd('-10'),
        usedRatio: 1.2,
        state: 'unknown',
        unknownReason,
      })
    })

    it.each([
      ['as old as they may be', { ...ALWAYS, to: NOW - HOUR_MS }],
      ['from the very start of the period', { ...ALWAYS, from: FEBRUARY }],
      ['ahead of the clock', { ...ALWAYS, to: NOW + HOUR_MS }],
    ])('%s are good', (_case, data) => {
      expect(assessed({ data })).toMatchObject({ state: 'ok', unknownReason: null, spent: usd('10') })
    })

    it('that are complete are nothing spent at the first instant of a period', () => {
      const figures = assessed({ now: FEBRUARY, data: { ...ALWAYS, to: FEBRUARY } })
      expect(figures).toMatchObject({ state: 'ok', spent: 0n, elapsedRatio: 0 })
      expect(assessed({ now: FEBRUARY, data: { ...ALWAYS, to: FEBRUARY - 1 } })).toMatchObject(nothing)
    })

    it('without any amount are nothing spent', () => {
      expect(assessed({ amounts: new SlotSeries() })).toMatchObject({
        state: 'ok',
        spent: 0n,
        usedRatio: 0,
        burnRate1h: 0,
      })
    })
  })

  describe('burn rates', () => {
    // $48 within 24 hours are one dollar in half an hour.
    const daily = budgetOf({ limit: usd('48'), period: { ...monthly, kind: 'day', timeZone: 'UTC' } })
    const now = Date.parse('2026-02-02T12:00:00Z')
    const data = { ...ALWAYS, to: now }
    const rates = (more: Partial<AssessInput>) => {
      const figures = assessed({ budget: daily, now, data, ...more })
      return [figures.burnRate1h, figures.burnRate6h, figures.burnRate3d]
    }

    it('are 1 for even spending', () => {
      const amounts = new SlotSeries()
      for (let slot = now - 4 * DAY_MS; slot < now; slot += HOUR_MS / 4) amounts.add(slot, usd('0.5'))
      expect(rates({ amounts })).toEqual([1, 1, 1])
      const between = now - 7 * 60_000
      amounts.add(now - HOUR_MS / 4, -(usd('0.5') * 7n) / 15n)
      for (const rate of rates({ amounts, now: between, data: { ...data, to: between } }))
        expect(rate).toBeCloseTo(1, 9)
    })

    it('count what lies in their window', () => {
      const amounts = amountsOf(
        ['2026-01-30T12:00:00Z', usd('72')],
        ['2026-01-30T11:45:00Z', usd('999')],
        ['2026-02-02T06:00:00Z', usd('12')],
        ['2026-02-02T11:00:00Z', usd('4')],
        ['2026-02-02T11:45:00Z', usd('2')],
      )
      expect(rates({ amounts })).toEqual([6 / 2, 18 / 12, 90 / 144])
    })

    it('count the part of the slot that lies in the window', () => {
      const amounts = amountsOf(['2026-02-02T11:00:00Z', usd('30')])
      const later = now + 5 * 60_000
      expect(rates({ amounts, now: later, data: { ...data, to: later } })[0]).toBe(20 / 2)
    })

    it('count the slot that begins now', () => {
      expect(rates({ amounts: amountsOf(['2026-02-02T12:00:00Z', usd('6')]) })[0]).toBe(3)
    })

    it('end where late data end', () => {
      const amounts = amountsOf(['2026-02-02T08:00:00Z', usd('6')], ['2026-02-02T09:00:00Z', usd('50')])
      expect(rates({ amounts, data: { ...data, to: Date.parse('2026-02-02T09:00:00Z') } })[0]).toBe(3)
    })

    it('are over the real length of a day of 23 hours', () => {
      const spring = Date.parse('2026-03-29T12:00:00Z')
      const budget = budgetOf({ limit: usd('46'), period: { ...monthly, kind: 'day', timeZone: 'Europe/Berlin' } })
      const amounts = amountsOf(['2026-03-29T11:15:00Z', usd('2')])
      expect(assessed({ budget, now: spring, data: { ...ALWAYS, to: spring }, amounts }).burnRate1h).toBe(1)
    })

    it('are over the days of a rolling period', () => {
      const budget = budgetOf({ limit: usd('48'), period: { ...monthly, kind: 'rolling', days: 1 } })
      const between = now + 7 * 60_000
      const amounts = amountsOf(['2026-02-02T12:00:00Z', usd('2')])
      expect(rates({ budget, amounts, now: between, data: { ...data, to: between } })[0]).toBe(1)
    })

    it('are null where the data do not reach back so far', () => {
      const amounts = spending(1n)
      expect(rates({ amounts, data: { ...data, from: now - HOUR_MS } })).toEqual([0, null, null])
      expect(rates({ amounts, data: { ...data, from: now - HOUR_MS + 1 } })).toEqual([null, null, null])
      expect(rates({ amounts, data: { ...data, to: null } })).toEqual([null, null, null])
      expect(rates({ amounts, data: { ...data, problem: 'loading' } })).toEqual([null, null, null])
    })

    it('are null over less than a slot', () => {
      const amounts = amountsOf(['2026-02-01T12:00:00Z', usd('48')])
      expect(rates({ amounts, slotMs: DAY_MS })).toEqual([null, null, 48 / 144])
    })

    it('stay exact for amounts beyond doubles', () => {
      const budget = { ...daily, limit: 24n * 10n ** 30n }
      expect(rates({ budget, amounts: amountsOf(['2026-02-02T11:30:00Z', 3n * 10n ** 30n]) })[0]).toBe(3)
    })
  })

  describe('exhaustion', () => {
    it('is the end of the slot that reached the limit', () => {
      const amounts = amountsOf(
        ['2026-02-01T08:00:00-07:00', usd('49.99')],
        ['2026-02-01T10:00:00-07:00', usd('0.01')],
        ['2026-02-01T20:00:00-07:00', usd('5')],
      )
      expect(assessed({ amounts }).exhaustsAt).toBe(Date.parse('2026-02-01T10:15:00-07:00'))
      expect(assessed({ amounts, slotMs: HOUR_MS }).exhaustsAt).toBe(Date.parse('2026-02-01T11:00:00-07:00'))
    })

    it('is not after now', () => {
      const amounts = amountsOf(['2026-02-02T08:30:00-07:00', usd('50')])
      expect(assessed({ amounts }).exhaustsAt).toBe(NOW)
    })

    it('is in the first slot of the period', () => {
      const amounts = amountsOf(['2026-02-01T00:00:00-07:00', usd('50')])
      expect(assessed({ amounts }).exhaustsAt).toBe(FEBRUARY + HOUR_MS / 4)
    })

    it.each([
      ['as forecast', NOW + DAY_MS, NOW + DAY_MS],
      ['just before the period ends', MARCH - 1, MARCH - 1],
      ['not when the period ends', MARCH, null],
      ['not expected', null, null],
    ])('is %s', (_case, exhaustsAt, expected) => {
      expect(assessed({ forecast: forecastOf(exhaustsAt) }).exhaustsAt).toBe(expected)
    })

    it('is what happened, whatever was forecast', () => {
      const figures = assessed({ amounts: spending(usd('50')), forecast: forecastOf(NOW + DAY_MS) })
      expect(figures.exhaustsAt).toBe(Date.parse('2026-02-01T12:15:00-07:00'))
    })
  })

  describe('suggested per day', () => {
    const inDenver = (text: string) => {
      const now = Date.parse(text)
      return assessed({ now, data: { ...ALWAYS, to: now } }).suggestedPerDay
    }

    it.each([
      ['10 days left', '2026-02-19T00:00:00-07:00', usd('4')],
      ['13 and a half days left, rounded down', '2026-02-15T12:00:00-07:00', (usd('40') * 2n) / 27n],
      ['exactly a day left', '2026-02-28T00:00:00-07:00', usd('40')],
      ['less than a day left', '2026-02-28T00:00:00.001-07:00', null],
    ])('with %s', (_case, now, expected) => {
      expect(inDenver(now)).toBe(expected)
    })
  })

  it('takes a rolling period as it ends now', () => {
    const budget = budgetOf({ period: { ...monthly, kind: 'rolling', days: 1 } })
    const figures = assessed({
      budget,
      forecast: forecastOf(NOW + HOUR_MS),
      amounts: amountsOf(
        ['2026-02-01T08:15:00-07:00', usd('100')],
        ['2026-02-01T08:30:00-07:00', usd('20')],
        ['2026-02-02T08:30:00-07:00', usd('20')],
      ),
    })
    expect(figures).toMatchObject({
      period: { start: NOW - DAY_MS, end: NOW },
      spent: usd('40'),
      state: 'warning',
      elapsedRatio: 1,
      forecast: null,
      exhaustsAt: null,
      suggestedPerDay: null,
    })
  })

  it('counts the whole period with the limit in force now', () => {
    const raised = budgetOf({ limit: usd('100'), since: NOW - HOUR_MS })
    expect(assessed({ budget: raised, amounts: spending(usd('60')) })).toMatchObject({ usedRatio: 0.6, state: 'ok' })
  })
})

describe('budgetInForce', () => {
  const first = budgetOf({ until: 100 })
  const second = budgetOf({ since: 100, until: 200 })
  const third = budgetOf({ since: 300 })
  const versions = [third, first, second]

  it.each([
    ['the first, since ever', 0, first],
    ['the first, to its last instant', 99, first],
    ['the second, from its first instant', 100, second],
    ['none in a gap', 200, null],
    ['the third, for ever', Number.MAX_SAFE_INTEGER, third],
  ])('is %s', (_case, instant, expected) => {
    expect(budgetInForce(versions, instant)).toBe(expected)
  })
})
