import { describe, expect, it } from 'vitest'
import {
  dayStarts,
  isoDate,
  isoTime,
  parseInstant,
  startOfDay,
  startOfDaysBefore,
  startOfMonth,
} from '../../src/core/period.ts'

const at = (text: string) => Date.parse(text)
const HOUR_MS = 3_600_000

describe('days and months in a zone', () => {
  it.each([
    { zone: 'UTC', now: '2026-05-04T23:59:59Z', day: '2026-05-04T00:00:00Z', month: '2026-05-01T00:00:00Z' },
    {
      zone: 'America/Los_Angeles',
      now: '2026-05-01T05:00:00Z',
      day: '2026-04-30T07:00:00Z',
      month: '2026-04-01T07:00:00Z',
    },
    { zone: 'Asia/Kathmandu', now: '2026-05-04T12:00:00Z', day: '2026-05-03T18:15:00Z', month: '2026-04-30T18:15:00Z' },
    // Clocks go forward at 02:00 on 2026-03-29, back at 03:00 on 2026-10-25.
    { zone: 'Europe/Berlin', now: '2026-03-29T10:00:00Z', day: '2026-03-28T23:00:00Z', month: '2026-02-28T23:00:00Z' },
    { zone: 'Europe/Berlin', now: '2026-10-25T10:00:00Z', day: '2026-10-24T22:00:00Z', month: '2026-09-30T22:00:00Z' },
    // In Havana the clocks go back from 01:00 to 00:00: that day begins with the first of its two midnights.
    {
      zone: 'America/Havana',
      now: '2024-11-03T17:00:00Z',
      day: '2024-11-03T04:00:00Z',
      month: '2024-11-01T04:00:00Z',
    },
    // In Beirut the clocks go forward at midnight: that day begins at 01:00.
    { zone: 'Asia/Beirut', now: '2026-03-29T10:00:00Z', day: '2026-03-28T22:00:00Z', month: '2026-02-28T22:00:00Z' },
  ])('$now in $zone', ({ zone, now, day, month }) => {
    expect(startOfDay(at(now), zone)).toBe(at(day))
    expect(startOfMonth(at(now), zone)).toBe(at(month))
  })

  it('lists days of 23, 24 and 25 hours', () => {
    const spring = dayStarts(at('2026-03-28T12:00:00Z'), at('2026-03-30T12:00:00Z'), 'Europe/Berlin')
    const autumn = dayStarts(at('2026-10-24T12:00:00Z'), at('2026-10-26T12:00:00Z'), 'Europe/Berlin')
    const hours = (starts: number[]) => starts.slice(1).map((start, index) => (start - (starts[index] ?? 0)) / HOUR_MS)
    expect(hours(spring)).toEqual([24, 23])
    expect(hours(autumn)).toEqual([24, 25])
  })

  it('lists no day that the zone left out', () => {
    const days = dayStarts(at('2011-12-29T12:00:00Z'), at('2012-01-01T12:00:00Z'), 'Pacific/Apia')
    expect(days.map((day) => isoDate(day, 'Pacific/Apia'))).toEqual([
      '2011-12-29',
      '2011-12-31',
      '2012-01-01',
      '2012-01-02',
    ])
  })

  it('goes back over a clock change by days, not by hours', () => {
    expect(startOfDaysBefore(at('2026-03-31T10:00:00Z'), 3, 'Europe/Berlin')).toBe(at('2026-03-27T23:00:00Z'))
  })
})

describe('instants as text', () => {
  it('prints date and time with the offset of the zone', () => {
    expect(isoDate(at('2026-05-04T23:30:00Z'), 'Europe/Berlin')).toBe('2026-05-05')
    expect(isoTime(at('2026-05-04T23:30:00Z'), 'Europe/Berlin')).toBe('2026-05-05T01:30:00+02:00')
  })

  it.each([
    ['2026-05-04', '2026-05-03T22:00:00Z'],
    ['2026-05-04T12:00', '2026-05-04T10:00:00Z'],
    ['2026-05-04T12:00:00Z', '2026-05-04T12:00:00Z'],
  ])('reads %s in Berlin', (text, expected) => {
    expect(parseInstant(text, 'Europe/Berlin')).toBe(at(expected))
  })

  it('refuses what is neither date nor time', () => {
    expect(parseInstant('yesterday', 'UTC')).toBeNull()
  })
})
