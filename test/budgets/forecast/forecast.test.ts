import { describe, expect, it } from 'vitest'
import { type ForecastInput, forecast } from '../../../src/budgets/forecast/forecast.ts'
import { periodAt } from '../../../src/budgets/period.ts'
import { inputAt, ruleOf, spend, USD } from './input.ts'

const day = ruleOf('day')
const week = ruleOf('week')
const month = ruleOf('month')

/** Dollars of a forecast that must not be withheld. */
function dollarsOf(input: ForecastInput) {
  const made = forecast(input)
  if (made === null) throw new Error('the forecast is withheld')
  const dollars = (amount: bigint) => Number(amount) / Number(USD)
  return { expected: dollars(made.expected), low: dollars(made.low), high: dollars(made.high) }
}

function exhaustionOf(input: ForecastInput): string | null {
  const at = forecast(input)?.exhaustsAt ?? null
  return at === null ? null : new Date(at).toISOString()
}

const isWorkday = (weekday: number) => weekday < 5
const isWork = (hour: number) => hour >= 9 && hour < 19
const always = spend('2026-01-01T00:00Z', '2026-03-01T00:00Z', 'UTC', () => 1)
/** Ten dollars every working day of Denver. */
const working = spend('2026-01-01T07:00Z', '2026-03-01T07:00Z', 'America/Denver', ({ weekday, hour }) =>
  isWorkday(weekday) && isWork(hour) ? 1 : 0,
)

describe('a forecast is withheld', () => {
  it.each<[string, ForecastInput]>([
    ['for a rolling period, which does not end', inputAt('2026-02-10T00:00Z', ruleOf('rolling'), always)],
    ['while less has passed than it takes', inputAt('2026-02-03T00:00Z', month, always, { minElapsedRatio: 0.1 })],
    [
      'while the data cover less than it takes, however late it is',
      inputAt('2026-02-20T00:00Z', month, always, { minElapsedRatio: 0.1, dataTo: Date.parse('2026-02-03T00:00Z') }),
    ],
    ['at the first instant of the period', inputAt('2026-02-01T00:00Z', month, always)],
    [
      'while the data end before the period',
      inputAt('2026-02-20T00:00Z', month, always, { dataTo: Date.parse('2026-01-31T20:00Z') }),
    ],
    [
      'at the first instant of a period in which data from the future lie',
      inputAt('2026-02-01T00:00Z', month, always, { dataTo: Date.parse('2026-02-20T00:00Z') }),
    ],
  ])('%s', (_, input) => {
    expect(forecast(input)).toBeNull()
  })

  it('no longer once exactly enough has passed', () => {
    expect(forecast(inputAt('2026-02-03T19:12Z', month, always, { minElapsedRatio: 0.1 }))).not.toBeNull()
  })
})

describe('68.62 of 50 dollars spent by 2 February 08:30 in Denver', () => {
  const spent = 68_620_000_000_000n
  const slots: [number, bigint][] = [
    [Date.parse('2026-02-01T16:00Z'), spent / 2n],
    [Date.parse('2026-02-02T15:00Z'), spent / 2n],
  ]
  const at = (minElapsedRatio: number) =>
    inputAt('2026-02-02T08:30-07:00', ruleOf('month', 'America/Denver'), slots, { limit: 50n * USD, minElapsedRatio })

  it('is too early for a forecast', () => {
    expect(forecast(at(0.1))).toBeNull()
  })

  it('is never expected to end below what is spent', () => {
    const made = forecast(at(0.01))
    expect(made?.low).toBeGreaterThanOrEqual(spent)
    expect(made?.expected).toBeGreaterThan(spent)
  })
})

describe('the expected amount', () => {
  it('is 0 for a budget that never saw an amount', () => {
    expect(forecast(inputAt('2026-02-10T00:00Z', month, []))).toEqual({
      expected: 0n,
      low: 0n,
      high: 0n,
      exhaustsAt: null,
    })
  })

  it('is exactly what was spent when the period is over', () => {
    const period = periodAt(month, Date.parse('2026-01-15T00:00Z'))
    const input = inputAt('2026-02-10T00:00Z', month, always, { period })
    expect(forecast(input)).toEqual({ expected: 744n * USD, low: 744n * USD, high: 744n * USD, exhaustsAt: null })
  })

  it('goes on evenly where every hour is alike', () => {
    expect(dollarsOf(inputAt('2026-02-10T00:00Z', month, always)).expected).toBeCloseTo(28 * 24, 0)
  })

  it('has nothing left for a weekend that is always free', () => {
    const input = inputAt('2026-02-13T20:00-07:00', ruleOf('week', 'America/Denver'), working)
    const { expected, low } = dollarsOf(input)
    expect(low).toBe(50)
    expect(expected).toBeLessThan(51)
  })

  it('knows the working days that are left', () => {
    const input = inputAt('2026-02-10T20:00-07:00', ruleOf('week', 'America/Denver'), working)
    expect(dollarsOf(input).expected).toBeCloseTo(50, -0.5)
    expect(Math.abs(dollarsOf(input).expected - 50)).toBeLessThan(2)
  })

  it('takes what is missing of late data as part of what is to come', () => {
    const input = inputAt('2026-02-20T00:00Z', month, always.slice(0, 4 * 24 * 41))
    const late = { ...input, dataTo: Date.parse('2026-02-11T00:00Z') }
    expect(dollarsOf(late).expected).toBeCloseTo(28 * 24, 0)
    expect(dollarsOf(input).expected).toBeLessThan(28 * 24 - 5 * 24)
  })

  it('is not below what is already known after the end of complete data', () => {
    const slots: [number, bigint][] = [[Date.parse('2026-02-18T00:00Z'), 900n * USD]]
    const input = inputAt('2026-02-20T00:00Z', month, slots, { dataTo: Date.parse('2026-02-15T00:00Z') })
    expect(dollarsOf(input)).toEqual({ expected: 900, low: 900, high: 900 })
  })

  it('follows a correction down', () => {
    const slots: [number, bigint][] = [...always, [Date.parse('2026-02-09T00:00Z'), -100n * USD]]
    const input = inputAt('2026-02-10T00:00Z', month, slots)
    expect(dollarsOf(input).expected).toBeGreaterThan(28 * 24 - 100 - 40)
    expect(dollarsOf(input).expected).toBeLessThan(28 * 24 - 99)
  })

  it('takes the first quarter of an hour of a new user for a quarter of a day at most', () => {
    const input = inputAt('2026-02-15T00:15Z', month, [[Date.parse('2026-02-15T00:00Z'), 5n * USD]])
    expect(dollarsOf(input).expected).toBeLessThan(5 + 14 * 4 * 5 + 5 * 5)
  })

  it('keeps the pace of a Sunday on which somebody works against all habit, and changes nothing for Monday', () => {
    const sunday = spend('2026-02-15T16:00Z', '2026-02-15T19:00Z', 'UTC', () => 5)
    const input = inputAt('2026-02-15T12:00-07:00', ruleOf('day', 'America/Denver'), [...working, ...sunday])
    expect(dollarsOf(input).expected).toBeGreaterThan(20)
    const monthly = inputAt('2026-02-16T00:00-07:00', ruleOf('month', 'America/Denver'), [...working, ...sunday])
    expect(dollarsOf(monthly).expected).toBeLessThan(20 * 10 + 15 + 20)
  })

  it('grows with spending that grows every week', () => {
    const slots = spend('2025-12-29T00:00Z', '2026-03-30T00:00Z', 'UTC', ({ date }) => {
      return 1.05 ** ((Date.parse(date) - Date.parse('2025-12-29')) / (7 * 86_400_000))
    })
    const actual = slots.filter(([at]) => at >= Date.parse('2026-03-01T00:00Z') && at < Date.parse('2026-03-29T00:00Z'))
    const total = actual.reduce((sum, [, amount]) => sum + Number(amount), 0) / Number(USD)
    const input = inputAt('2026-03-08T00:00Z', month, slots, {
      period: { start: Date.parse('2026-03-01T00:00Z'), end: Date.parse('2026-03-29T00:00Z') },
    })
    expect(Math.abs(dollarsOf(input).expected / total - 1)).toBeLessThan(0.05)
  })
})

describe('what happens once does not poison the forecast', () => {
  const except = (dollars: (date: string) => number | null) =>
    spend('2026-01-01T00:00Z', '2026-03-20T00:00Z', 'UTC', ({ date }) => dollars(date) ?? 1)
  const spike = except((date) => (date === '2026-02-05' ? 20 : null))
  const holiday = except((date) => (date >= '2026-02-02' && date < '2026-02-12' ? 0 : null))

  it.each<[string, ForecastInput, number]>([
    ['a day at 20 times the usual, the next day', inputAt('2026-02-06T00:00Z', month, spike), (28 + 19) * 24],
    ['a day at 20 times the usual, later that month', inputAt('2026-02-20T00:00Z', month, spike), (28 + 19) * 24],
    ['a day at 20 times the usual, in the month after', inputAt('2026-03-05T00:00Z', month, spike), 31 * 24],
    ['a holiday of ten days that is over', inputAt('2026-02-14T00:00Z', month, holiday), 18 * 24],
    ['a holiday of ten days, in the month after', inputAt('2026-03-05T00:00Z', month, holiday), 31 * 24],
  ])('%s', (_, input, actual) => {
    expect(Math.abs(dollarsOf(input).expected / actual - 1)).toBeLessThan(0.05)
  })

  it('but pauses that keep coming are expected to come again', () => {
    const rare = except((date) => (Number(date.slice(8)) % 10 === 3 ? 10 : 0))
    expect(dollarsOf(inputAt('2026-03-05T00:00Z', month, rare)).expected).toBeLessThan(2 * 3 * 240)
  })

  it('but a spike is expected to go on for the rest of its own day', () => {
    const { expected } = dollarsOf(inputAt('2026-02-05T12:00Z', day, spike))
    expect(expected).toBeGreaterThan(12 * 20 + 5 * 12)
  })
})

describe('the pattern follows the clock of the zone when it changes', () => {
  /** A job at nine in the morning, a dollar within the hour. */
  const job = (timeZone: string, from: string, to: string) =>
    spend(from, to, timeZone, ({ hour }) => (hour === 9 ? 1 : 0))

  it.each([
    ['put forward in Berlin', 'Europe/Berlin', '2026-02-01T00:00Z', '2026-03-30T06:30:00Z', '2026-03-30T07:'],
    ['put back in Denver', 'America/Denver', '2026-09-01T06:00Z', '2026-11-02T15:30:00Z', '2026-11-02T16:'],
    ['never changed in Kolkata', 'Asia/Kolkata', '2026-02-01T18:30Z', '2026-03-30T03:00:00Z', '2026-03-30T0[34]:'],
    [
      'put forward half an hour at Lord Howe',
      'Australia/Lord_Howe',
      '2026-08-01T00:00Z',
      '2026-10-04T21:45:00Z',
      '2026-10-04T22:',
    ],
  ])('%s', (_, zone, from, now, hourOfJob) => {
    const input = inputAt(now, ruleOf('day', zone), job(zone, from, now), { limit: USD / 2n })
    expect(exhaustionOf(input)).toMatch(new RegExp(`^${hourOfJob}`))
  })
})

describe('the time at which the limit is reached', () => {
  const at = (limit: bigint, slots = always) =>
    exhaustionOf(inputAt('2026-02-10T06:00Z', day, slots, { limit: limit * USD }))

  it('lies where the expected path reaches it', () => {
    expect(at(12n)?.slice(0, 15)).toBe('2026-02-10T12:0')
    expect(at(18n)?.slice(0, 13)).toMatch('2026-02-10T18')
  })

  it.each([
    ['is null where it is not reached', 30n],
    ['is null where it is already exceeded', 5n],
    ['is null where it has just been reached', 6n],
  ])('%s', (_, limit) => {
    expect(at(limit)).toBeNull()
  })

  it('is within the period even when the limit is only just reached', () => {
    const input = inputAt('2026-02-10T06:00Z', day, always)
    const limit = forecast(input)?.expected ?? 0n
    expect(forecast({ ...input, limit })?.exhaustsAt).toBeLessThan(input.period.end)
    expect(forecast({ ...input, limit })?.exhaustsAt).toBeGreaterThan(input.period.end - 60_000)
    expect(forecast({ ...input, limit: limit + 1n })?.exhaustsAt).toBeNull()
  })

  it('comes within the hour for an hour at four times the usual pace', () => {
    const busy: [number, bigint][] = [...always.filter(([start]) => start < Date.parse('2026-02-10T06:00Z'))]
    busy.push([Date.parse('2026-02-10T06:00Z'), USD], [Date.parse('2026-02-10T06:15Z'), USD])
    const input = inputAt('2026-02-10T06:30Z', ruleOf('hour'), busy, { limit: 3n * USD })
    expect(exhaustionOf(input)?.slice(0, 14)).toBe('2026-02-10T06:')
  })
})

describe('the band', () => {
  const widthOf = (input: ForecastInput) => {
    const { expected, low, high } = dollarsOf(input)
    return (high - low) / expected
  }

  it('is narrow for hours that are all alike, and wide on the first day', () => {
    expect(widthOf(inputAt('2026-02-10T00:00Z', month, always))).toBeLessThan(0.1)
    const first = always.filter(([start]) => start >= Date.parse('2026-02-09T12:00Z'))
    expect(widthOf(inputAt('2026-02-10T00:00Z', month, first))).toBeGreaterThan(1)
  })

  it('is wider for days that differ', () => {
    const uneven = spend('2026-01-01T00:00Z', '2026-03-01T00:00Z', 'UTC', ({ date }) =>
      Number(date.slice(8)) % 3 ? 0.5 : 2,
    )
    expect(widthOf(inputAt('2026-02-10T00:00Z', month, uneven))).toBeGreaterThan(
      3 * widthOf(inputAt('2026-02-10T00:00Z', month, always)),
    )
  })

  it('leaves open whether a new user works at weekends', () => {
    const first = spend('2026-02-09T00:00Z', '2026-02-14T00:00Z', 'UTC', ({ hour }) => (isWork(hour) ? 1 : 0))
    const { low, high } = dollarsOf(inputAt('2026-02-14T00:00Z', week, first))
    expect(low).toBe(50)
    expect(high).toBeGreaterThan(70)
  })
})
