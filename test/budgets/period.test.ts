import { describe, expect, it } from 'vitest'
import { crossingKey, periodAt, periodBefore, periodLength, periodName } from '../../src/budgets/period.ts'
import type { Period, PeriodRule } from '../../src/core/budget.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const rule = (kind: PeriodRule['kind'], timeZone = 'UTC', more: Partial<PeriodRule> = {}): PeriodRule => ({
  kind,
  days: 0,
  weekStart: 1,
  billingDay: 1,
  timeZone,
  ...more,
})

const iso = (instant: number) => new Date(instant).toISOString().replace(/:00(\.000)?Z$/, 'Z')
const shown = (period: Period) => `${iso(period.start)} ${iso(period.end)}`
const shownAt = (of: PeriodRule, instant: string) => shown(periodAt(of, Date.parse(instant)))

describe('periodAt', () => {
  it.each([
    ['an hour', rule('hour'), '2026-02-02T15:30:00Z', '2026-02-02T15:00Z 2026-02-02T16:00Z'],
    ['its first instant', rule('hour'), '2026-02-02T15:00:00Z', '2026-02-02T15:00Z 2026-02-02T16:00Z'],
    ['its last instant', rule('hour'), '2026-02-02T15:59:59.999Z', '2026-02-02T15:00Z 2026-02-02T16:00Z'],
    ['a day', rule('day', 'America/Denver'), '2026-02-02T15:30:00Z', '2026-02-02T07:00Z 2026-02-03T07:00Z'],
    ['a week from Monday', rule('week'), '2026-02-01T12:00:00Z', '2026-01-26T00:00Z 2026-02-02T00:00Z'],
    [
      'a week from Sunday',
      rule('week', 'UTC', { weekStart: 7 }),
      '2026-02-01T12:00:00Z',
      '2026-02-01T00:00Z 2026-02-08T00:00Z',
    ],
    [
      'a week from Wednesday',
      rule('week', 'UTC', { weekStart: 3 }),
      '2026-02-03T23:59:00Z',
      '2026-01-28T00:00Z 2026-02-04T00:00Z',
    ],
    ['a week before 1970', rule('week'), '1969-12-31T12:00:00Z', '1969-12-29T00:00Z 1970-01-05T00:00Z'],
    ['a month', rule('month', 'America/Denver'), '2026-02-02T15:30:00Z', '2026-02-01T07:00Z 2026-03-01T07:00Z'],
    [
      'a month across the year',
      rule('month', 'UTC', { billingDay: 15 }),
      '2026-01-01T00:00:00Z',
      '2025-12-15T00:00Z 2026-01-15T00:00Z',
    ],
    [
      'billing day 31 in February',
      rule('month', 'UTC', { billingDay: 31 }),
      '2026-02-28T00:00:00Z',
      '2026-02-28T00:00Z 2026-03-31T00:00Z',
    ],
    [
      'billing day 31 in January',
      rule('month', 'UTC', { billingDay: 31 }),
      '2026-02-27T23:59:00Z',
      '2026-01-31T00:00Z 2026-02-28T00:00Z',
    ],
    [
      'billing day 30 in a leap year',
      rule('month', 'UTC', { billingDay: 30 }),
      '2028-02-29T00:00:00Z',
      '2028-02-29T00:00Z 2028-03-30T00:00Z',
    ],
    [
      'billing day 29 in a leap year',
      rule('month', 'UTC', { billingDay: 29 }),
      '2028-02-28T12:00:00Z',
      '2028-01-29T00:00Z 2028-02-29T00:00Z',
    ],
    [
      '2100, no leap year',
      rule('month', 'UTC', { billingDay: 29 }),
      '2100-02-28T12:00:00Z',
      '2100-02-28T00:00Z 2100-03-29T00:00Z',
    ],
    ['a quarter', rule('quarter'), '2026-03-31T23:59:00Z', '2026-01-01T00:00Z 2026-04-01T00:00Z'],
    [
      'a quarter with a billing day',
      rule('quarter', 'UTC', { billingDay: 31 }),
      '2026-04-30T00:00:00Z',
      '2026-04-30T00:00Z 2026-07-31T00:00Z',
    ],
    [
      'a quarter across the year',
      rule('quarter', 'UTC', { billingDay: 20 }),
      '2026-01-19T00:00:00Z',
      '2025-10-20T00:00Z 2026-01-20T00:00Z',
    ],
  ])('%s', (_case, of, instant, expected) => {
    expect(shownAt(of, instant)).toBe(expected)
  })

  it.each([
    ['23 hours in spring', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00Z 2026-03-29T22:00Z'],
    ['25 hours in autumn', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00Z 2026-10-25T23:00Z'],
    ['midnight skipped', 'America/Sao_Paulo', '2018-11-04T12:00:00Z', '2018-11-04T03:00Z 2018-11-05T02:00Z'],
    [
      'the day before midnight is skipped',
      'America/Sao_Paulo',
      '2018-11-04T02:59:00Z',
      '2018-11-03T03:00Z 2018-11-04T03:00Z',
    ],
    ['put back at midnight', 'America/Sao_Paulo', '2018-02-18T02:30:00Z', '2018-02-17T02:00Z 2018-02-18T03:00Z'],
    ['midnight skipped', 'Asia/Beirut', '2024-03-31T12:00:00Z', '2024-03-30T22:00Z 2024-03-31T21:00Z'],
    ['midnight skipped', 'Africa/Cairo', '2024-04-26T12:00:00Z', '2024-04-25T22:00Z 2024-04-26T21:00Z'],
    ['midnight skipped', 'America/Havana', '2024-03-10T12:00:00Z', '2024-03-10T05:00Z 2024-03-11T04:00Z'],
    [
      'midnight twice, seen in the first pass',
      'America/Havana',
      '2024-11-03T04:30:00Z',
      '2024-11-03T04:00Z 2024-11-04T05:00Z',
    ],
    [
      'midnight twice, seen in the second pass',
      'America/Havana',
      '2024-11-03T05:30:00Z',
      '2024-11-03T04:00Z 2024-11-04T05:00Z',
    ],
    ['put back to the day before', 'America/St_Johns', '2010-11-07T03:00:00Z', '2010-11-07T02:30Z 2010-11-08T03:30Z'],
    [
      'three hours back over midnight',
      'Antarctica/Casey',
      '2010-03-04T15:30:00Z',
      '2010-03-04T13:00Z 2010-03-05T16:00Z',
    ],
    [
      'the day before one that never was',
      'Pacific/Apia',
      '2011-12-30T09:59:00Z',
      '2011-12-29T10:00Z 2011-12-30T10:00Z',
    ],
    ['the day after one that never was', 'Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-30T10:00Z 2011-12-31T10:00Z'],
  ])('a day, %s in %s (%s)', (_case, timeZone, instant, expected) => {
    expect(shownAt(rule('day', timeZone), instant)).toBe(expected)
  })

  it.each([
    ['offset of 45 minutes', 'Asia/Kathmandu', '2026-02-02T15:30:00Z', '2026-02-02T15:15Z 2026-02-02T16:15Z'],
    ['offset of 30 minutes', 'Asia/Kolkata', '2026-02-02T15:29:00Z', '2026-02-02T14:30Z 2026-02-02T15:30Z'],
    ['shown twice, is one', 'Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25T00:00Z 2026-10-25T02:00Z'],
    ['after the one shown twice', 'Europe/Berlin', '2026-10-25T02:00:00Z', '2026-10-25T02:00Z 2026-10-25T03:00Z'],
    ['after the one skipped', 'Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T01:00Z 2026-03-29T02:00Z'],
    ['half of it shown twice', 'Australia/Lord_Howe', '2026-04-04T15:10:00Z', '2026-04-04T14:00Z 2026-04-04T15:30Z'],
    ['half of it skipped', 'Australia/Lord_Howe', '2026-10-03T15:40:00Z', '2026-10-03T15:30Z 2026-10-03T16:00Z'],
    ['half of it lost for good', 'Asia/Pyongyang', '2018-05-04T14:45:00Z', '2018-05-04T14:30Z 2018-05-04T15:00Z'],
  ])('an hour, %s in %s', (_case, timeZone, instant, expected) => {
    expect(shownAt(rule('hour', timeZone), instant)).toBe(expected)
  })

  it('begins a month on the day after its billing day when that day never was', () => {
    const month = rule('month', 'Pacific/Apia', { billingDay: 30 })
    expect(shownAt(month, '2012-01-05T00:00:00Z')).toBe('2011-12-30T10:00Z 2012-01-29T10:00Z')
  })

  it('gives a rolling period that ends now and begins with a quarter of an hour', () => {
    const rolling = rule('rolling', 'Europe/Berlin', { days: 7 })
    expect(periodAt(rolling, Date.parse('2026-03-31T10:07:12.345Z'))).toEqual({
      start: Date.parse('2026-03-24T10:00:00Z'),
      end: Date.parse('2026-03-31T10:07:12.345Z'),
    })
  })

  it('answers the same whatever was asked before', () => {
    const day = rule('day', 'Europe/Berlin')
    const later = shownAt(day, '2026-10-25T12:00:00Z')
    expect(shownAt(day, '2026-10-24T12:00:00Z')).toBe('2026-10-23T22:00Z 2026-10-24T22:00Z')
    expect(shownAt(day, '2026-10-24T22:00:00Z')).toBe(later)
    expect(shownAt(day, '2026-10-25T22:59:59.999Z')).toBe(later)
    expect(shownAt(day, '2026-10-25T23:00:00Z')).toBe('2026-10-25T23:00Z 2026-10-26T23:00Z')
  })

  it('refuses a zone that is none', () => {
    expect(() => periodAt(rule('day', 'Mars/Olympus'), 0)).toThrow(new RangeError('not a time zone: Mars/Olympus'))
  })
})

describe('periodBefore', () => {
  it.each([
    [
      'a month',
      rule('month', 'UTC', { billingDay: 31 }),
      '2026-03-31T00:00:00Z',
      '2026-02-28T00:00Z 2026-03-31T00:00Z',
    ],
    ['a day of 25 hours', rule('day', 'Europe/Berlin'), '2026-10-26T12:00:00Z', '2026-10-24T22:00Z 2026-10-25T23:00Z'],
    [
      'a day that never was',
      rule('day', 'Pacific/Apia'),
      '2011-12-30T12:00:00Z',
      '2011-12-29T10:00Z 2011-12-30T10:00Z',
    ],
    [
      'rolling days',
      rule('rolling', 'UTC', { days: 2 }),
      '2026-03-31T12:10:00Z',
      '2026-03-27T12:00Z 2026-03-29T12:00Z',
    ],
  ])('%s', (_case, of, instant, expected) => {
    expect(shown(periodBefore(of, periodAt(of, Date.parse(instant))))).toBe(expected)
  })
})

describe('crossingKey', () => {
  it('is the start of the period', () => {
    const now = Date.parse('2026-02-02T15:30:00Z')
    expect(iso(crossingKey(rule('month', 'America/Denver'), now))).toBe('2026-02-01T07:00Z')
  })

  it('changes once in as many days as a rolling period has', () => {
    const rolling = rule('rolling', 'UTC', { days: 7 })
    const key = crossingKey(rolling, Date.parse('2026-02-02T15:30:00Z'))
    expect(crossingKey(rolling, key)).toBe(key)
    expect(crossingKey(rolling, key + 7 * DAY_MS - 1)).toBe(key)
    expect(crossingKey(rolling, key + 7 * DAY_MS)).toBe(key + 7 * DAY_MS)
    expect(crossingKey(rolling, key - 1)).toBe(key - 7 * DAY_MS)
  })
})

describe('periodLength', () => {
  it('is the real length of a day', () => {
    const day = rule('day', 'Europe/Berlin')
    expect(periodLength(day, periodAt(day, Date.parse('2026-03-29T12:00:00Z')))).toBe(23 * HOUR_MS)
  })

  it('is the days of a rolling period, without the begun quarter of an hour', () => {
    const rolling = rule('rolling', 'UTC', { days: 7 })
    expect(periodLength(rolling, periodAt(rolling, Date.parse('2026-03-29T12:07:00Z')))).toBe(7 * DAY_MS)
  })
})

describe('periodName', () => {
  it.each([
    ['hour', rule('hour')],
    ['day', rule('day')],
    ['week', rule('week')],
    ['month', rule('month')],
    ['quarter', rule('quarter')],
    ['rolling 30d', rule('rolling', 'UTC', { days: 30 })],
  ])('%s', (name, of) => {
    expect(periodName(of)).toBe(name)
  })
})
