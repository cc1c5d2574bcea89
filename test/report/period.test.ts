import { describe, expect, it } from 'vitest'
import {
  choosePeriod,
  describePeriod,
  lastSevenDays,
  monthToDate,
  namedDay,
  type PeriodOptions,
  today,
} from '../../src/report/period.ts'

const time = (text: string) => Date.parse(text)
const berlin = {
  now: time('2026-05-04T15:31:00Z'),
  timeZone: 'Europe/Berlin',
  span: { first: time('2026-01-12T10:00:00Z'), last: time('2026-05-04T14:15:00Z') },
}
const iso = (instant: number) => new Date(instant).toISOString().replace(':00.000Z', 'Z')

describe('period', () => {
  it.each<{ options: PeriodOptions; from: string; to: string; kind: string; isOpen: boolean }>([
    { options: {}, from: '2026-04-04T22:00Z', to: '2026-05-04T15:45Z', kind: 'calendar', isOpen: true },
    { options: { days: 1 }, from: '2026-05-03T22:00Z', to: '2026-05-04T15:45Z', kind: 'calendar', isOpen: true },
    { options: { days: 'all' }, from: '2026-01-11T23:00Z', to: '2026-05-04T15:45Z', kind: 'all', isOpen: true },
    {
      options: { since: '2026-05-01' },
      from: '2026-04-30T22:00Z',
      to: '2026-05-04T15:45Z',
      kind: 'calendar',
      isOpen: true,
    },
    {
      options: { since: 'yesterday', until: 'yesterday' },
      from: '2026-05-02T22:00Z',
      to: '2026-05-03T22:00Z',
      kind: 'calendar',
      isOpen: false,
    },
    {
      options: { since: '2026-02', until: '2026-02' },
      from: '2026-01-31T23:00Z',
      to: '2026-02-28T23:00Z',
      kind: 'calendar',
      isOpen: false,
    },
    {
      options: { days: 2, until: '2026-04-30' },
      from: '2026-04-28T22:00Z',
      to: '2026-04-30T22:00Z',
      kind: 'calendar',
      isOpen: false,
    },
    {
      options: { since: '2026-05-04T09:07' },
      from: '2026-05-04T07:00Z',
      to: '2026-05-04T15:45Z',
      kind: 'chosen',
      isOpen: true,
    },
    {
      options: { since: '2026-05-04T09:07Z', until: '2026-05-04T10:01Z' },
      from: '2026-05-04T09:00Z',
      to: '2026-05-04T10:15Z',
      kind: 'chosen',
      isOpen: false,
    },
    {
      options: { since: '2026-05-01', until: '2030-01-01' },
      from: '2026-04-30T22:00Z',
      to: '2026-05-04T15:45Z',
      kind: 'calendar',
      isOpen: true,
    },
    // The days when clocks change have 23 and 25 hours.
    {
      options: { since: '2026-03-29', until: '2026-03-29' },
      from: '2026-03-28T23:00Z',
      to: '2026-03-29T22:00Z',
      kind: 'calendar',
      isOpen: false,
    },
    {
      options: { since: '2025-10-26', until: '2025-10-26' },
      from: '2025-10-25T22:00Z',
      to: '2025-10-26T23:00Z',
      kind: 'calendar',
      isOpen: false,
    },
    {
      options: { days: 'all', until: '2025-12-24' },
      from: '2025-12-23T23:00Z',
      to: '2025-12-24T23:00Z',
      kind: 'all',
      isOpen: false,
    },
  ])('$options is $from to $to', ({ options, from, to, kind, isOpen }) => {
    const period = choosePeriod(options, 30, berlin)
    expect({ ...period, from: iso(period.from), to: iso(period.to) }).toEqual({ from, to, kind, isOpen })
  })

  it.each<{ options: PeriodOptions; message: RegExp }>([
    { options: { since: '2026-05-05' }, message: /ends before it begins/ },
    { options: { since: '2026-05-03', until: '2026-05-01' }, message: /ends before it begins/ },
    { options: { days: 3, since: '2026-05-01' }, message: /--days and --since/ },
    { options: { since: 'lately' }, message: /--since needs a day/ },
    { options: { until: '2026-13-01T00:00' }, message: /--until needs a day/ },
    { options: { since: '2026' }, message: /--since needs a day/ },
    { options: { since: '2026-02-30' }, message: /--since needs a day/ },
  ])('$options is refused', ({ options, message }) => {
    expect(() => choosePeriod(options, 30, berlin)).toThrow(message)
  })

  it('counts the usual windows as the metrics do', () => {
    const windows = [today(berlin), lastSevenDays(berlin), monthToDate(berlin)]
    expect(windows.map(({ from, to, kind }) => [iso(from), iso(to), kind])).toEqual([
      ['2026-05-03T22:00Z', '2026-05-04T15:45Z', 'calendar'],
      ['2026-04-27T15:30Z', '2026-05-04T15:45Z', 'rolling'],
      ['2026-04-30T22:00Z', '2026-05-04T15:45Z', 'calendar'],
    ])
  })

  it.each([
    ['2026-05-03', '2026-05-03, Europe/Berlin'],
    ['yesterday', '2026-05-03, Europe/Berlin'],
    ['today', '2026-05-04 to now (2026-05-04 17:31), Europe/Berlin'],
  ])('describes the day %s', (text, words) => {
    const day = namedDay(text, berlin)
    expect(day && describePeriod(day, berlin)).toBe(words)
  })

  it.each(['6f1e2d3c', '2026-05', '2026-05-04T10:00', 'tomorrow', ''])('"%s" is no day', (text) => {
    expect(namedDay(text, berlin)).toBeNull()
  })

  it('describes times that are no days', () => {
    const period = choosePeriod({ since: '2026-05-04T09:07', until: '2026-05-04T10:01' }, 30, berlin)
    expect(describePeriod(period, berlin)).toBe('2026-05-04 09:00 to 2026-05-04 10:15, Europe/Berlin')
  })
})
