import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodAt, periodBefore } from '../../src/budgets/period.ts'
import type { PeriodKind, PeriodRule } from '../../src/core/budget.ts'
import { slowPeriod, wallClock } from './slow-reference.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const FROM = Date.UTC(1990, 0, 1)
const TO = Date.UTC(2038, 0, 1)

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')]
/** Zones whose clocks did something out of the ordinary since 1990. */
const ODD_ZONES = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Havana',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Casey',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Kwajalein',
]

const zones = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...ZONES) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_ZONES) },
)
const billingDays = fc.oneof(fc.constantFrom(1, 28, 29, 30, 31), fc.integer({ min: 1, max: 31 }))

const rulesOf = (...kinds: PeriodKind[]): fc.Arbitrary<PeriodRule> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    days: fc.constant(0),
    weekStart: fc.integer({ min: 1, max: 7 }),
    billingDay: billingDays,
    timeZone: zones,
  })

/** Any instant, and often one near a change of the zone's clock. */
const casesOf = (...kinds: PeriodKind[]) =>
  fc
    .tuple(
      rulesOf(...kinds),
      fc.integer({ min: FROM, max: TO }),
      fc.boolean(),
      fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }),
    )
    .map(([rule, instant, isNearChange, distance]) => ({
      rule,
      instant: isNearChange ? changeBefore(instant, rule.timeZone) + distance : instant,
    }))

/** The minute of the last change of the clock before the instant; the instant where there is none in two years. */
function changeBefore(instant: number, timeZone: string): number {
  const end = Math.floor(instant / MINUTE_MS) * MINUTE_MS
  const offset = offsetAt(end, timeZone)
  let before = end - 7 * DAY_MS
  while (offsetAt(before, timeZone) === offset) {
    if (before < end - 730 * DAY_MS) return instant
    before -= 7 * DAY_MS
  }
  let after = before + 7 * DAY_MS
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / MINUTE_MS / 2) * MINUTE_MS
    if (offsetAt(middle, timeZone) === offset) after = middle
    else before = middle
  }
  return after
}

/** In minutes. */
function offsetAt(instant: number, timeZone: string): number {
  const { year, month, day, hour, minute } = wallClock(instant, timeZone)
  return Date.UTC(year, month - 1, day, hour, minute) / MINUTE_MS - Math.floor(instant / MINUTE_MS)
}

describe('periods', () => {
  it('hold their instant and meet their neighbours', () => {
    fc.assert(
      fc.property(casesOf('hour', 'day', 'week', 'month', 'quarter'), ({ rule, instant }) => {
        const period = periodAt(rule, instant)
        expect(period.start).toBeLessThanOrEqual(instant)
        expect(period.end).toBeGreaterThan(instant)
        expect(periodAt({ ...rule }, period.end).start).toBe(period.end)
        expect(periodAt({ ...rule }, period.end - 1)).toEqual(period)
        expect(periodAt({ ...rule }, period.start)).toEqual(period)
        expect(periodBefore(rule, period).end).toBe(period.start)
        expect(periodAt({ ...rule }, period.start - 1)).toEqual(periodBefore(rule, period))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    { timeZone: 'Africa/Cairo', year: 2008, what: 'clocks put back and forth at midnight, four times in 2010' },
    { timeZone: 'America/Havana', year: 1998, what: 'clocks put forward at midnight' },
    { timeZone: 'America/Sao_Paulo', year: 2006, what: 'clocks put forward at midnight, in the south' },
    { timeZone: 'America/St_Johns', year: 2005, what: 'clocks put back across midnight, at one past' },
    { timeZone: 'Antarctica/Casey', year: 2016, what: 'changes by two and three hours' },
    { timeZone: 'Asia/Beirut', year: 2018, what: 'clocks put forward at midnight, in the east' },
    { timeZone: 'Pacific/Apia', year: 2009, what: 'a day that is skipped' },
    { timeZone: 'Europe/Berlin', year: 2020, what: 'changes far from midnight' },
  ])(
    'divide six years of $timeZone into days that begin at midnight, or when the clock skips it: $what',
    ({ timeZone, year }) => {
      const rule: PeriodRule = { kind: 'day', days: 0, weekStart: 1, billingDay: 1, timeZone }
      const wrong: number[] = []
      const to = Date.UTC(year + 6, 0, 1)
      let last = periodAt(rule, Date.UTC(year, 0, 1))
      while (last.end < to) {
        const next = periodAt(rule, last.end)
        const { hour, minute } = wallClock(next.start, timeZone)
        const isMidnight = hour === 0 && minute === 0
        const isRight = isMidnight || offsetAt(next.start - MINUTE_MS, timeZone) !== offsetAt(next.start, timeZone)
        if (next.start !== last.end || next.end <= next.start || !isRight) wrong.push(next.start)
        last = next
      }
      expect(wrong).toEqual([])
    },
  )

  it('divide 48 years into 576 months and 192 quarters, whatever the billing day and zone', () => {
    fc.assert(
      fc.property(rulesOf('month', 'quarter'), (rule) => {
        let count = 0
        for (let end = periodAt(rule, FROM).end; end <= TO; end = periodAt(rule, end).end) count += 1
        const expected = rule.kind === 'month' ? 576 : 192
        expect([expected - 1, expected, expected + 1]).toContain(count)
      }),
      { numRuns: 20 },
    )
  })

  it.each([
    { kinds: ['hour'], runs: 100 },
    { kinds: ['day'], runs: 100 },
    { kinds: ['week'], runs: 40 },
    { kinds: ['month', 'quarter'], runs: 12 },
  ] as const)('of $kinds begin and end where a clock on the wall says', ({ kinds, runs }) => {
    fc.assert(
      fc.property(casesOf(...kinds), ({ rule, instant }) => {
        expect(periodAt(rule, instant)).toEqual(slowPeriod(rule, instant))
      }),
      { numRuns: runs },
    )
  })
})
