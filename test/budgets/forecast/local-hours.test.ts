import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { localHours, weekdayOf } from '../../../src/budgets/forecast/local-hours.ts'

const hoursOf = (from: string, to: string, zone: string) =>
  localHours(Date.parse(from), Date.parse(to), zone).map(({ hour }) => hour)

describe('local hours', () => {
  it.each([
    [
      'leave out the one that is skipped',
      'Europe/Berlin',
      '2026-03-29T00:00+01:00',
      '2026-03-29T05:00+02:00',
      [0, 1, 3, 4],
    ],
    [
      'have the repeated one twice',
      'Europe/Berlin',
      '2026-10-25T00:00+02:00',
      '2026-10-25T04:00+01:00',
      [0, 1, 2, 2, 3],
    ],
    ['are cut at the bounds', 'Asia/Kolkata', '2026-01-01T00:15Z', '2026-01-01T01:45Z', [5, 6, 7]],
    [
      'are cut where half an hour is skipped',
      'Australia/Lord_Howe',
      '2026-10-03T15:00Z',
      '2026-10-03T16:30Z',
      [1, 2, 3],
    ],
    ['are none for no time', 'UTC', '2026-01-01T00:00Z', '2026-01-01T00:00Z', []],
  ])('%s', (_, zone, from, to, hours) => {
    expect(hoursOf(from, to, zone)).toEqual(hours)
  })

  it('divide time without gap or overlap and name the date and hour of the clock', () => {
    const zones = [
      'UTC',
      'America/Denver',
      'Africa/Casablanca',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Pacific/Apia',
      'America/Sao_Paulo',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2027, 0, 1) }),
        fc.integer({ min: 1, max: 90 * 86_400_000 }),
        (zone, from, length) => {
          const pieces = localHours(from, from + length, zone)
          let at = from
          for (const [index, { start, end, day, hour }] of pieces.entries()) {
            expect(start).toBe(at)
            at = end
            if (index % 7 !== 0) continue
            for (const instant of [start, end - 1]) {
              const local = DateTime.fromMillis(instant, { zone })
              expect([hour, new Date(day * 86_400_000).toISOString().slice(0, 10)]).toEqual([
                local.hour,
                local.toISODate(),
              ])
              expect(weekdayOf(day)).toBe(local.weekday - 1)
            }
          }
          expect(at).toBe(from + length)
        },
      ),
      { numRuns: 40 },
    )
  })
})
