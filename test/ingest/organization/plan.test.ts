import { describe, expect, it } from 'vitest'
import { type BucketWidth, type Generation, WIDTH_MS } from '../../../src/core/organization.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts'
import { planWindows, type WindowQuestion } from '../../../src/ingest/organization/plan.ts'
import { firstDay, planDays } from '../../../src/ingest/organization/plan-days.ts'
import type { CoveredDay } from '../../../src/ledger/organization.ts'

const at = (text: string) => Date.parse(text.length === 10 ? `${text}T00:00:00Z` : `${text}:00Z`)
const show = (spans: readonly { from: number; to: number }[]) =>
  spans.map(({ from, to }) => `${text(from)} ${text(to)}`)
const text = (instant: number) => new Date(instant).toISOString().slice(0, 16).replace('T00:00', '')

/** Days from `from` through the one of `until`, complete up to `until`. */
function covered(from: string, until: string, generation: Generation | null, widthMs: number): CoveredDay[] {
  const days: CoveredDay[] = []
  for (let day = at(from); day < at(until); day += DAY_MS) {
    days.push({ day, generation, widthMs, completeTo: Math.min(day + DAY_MS, at(until)), readAt: at(until) })
  }
  return days
}

interface Case {
  readonly name: string
  readonly report?: 'usage' | 'cost'
  readonly generation?: Generation
  readonly width?: BucketWidth
  readonly now: string
  readonly known?: [string, string]
  readonly kind?: [Generation, BucketWidth]
  readonly lastDeepAt?: string | null
  readonly range?: [string, string]
  readonly earliest?: string
  readonly maxRangeMs?: number
  readonly windows: string[]
}

function ask(given: Omit<Case, 'name' | 'windows'>) {
  const { report = 'usage', generation = 'legacy', width = '1h', now, known, lastDeepAt = now, range } = given
  const [knownGeneration, knownWidth] = given.kind ?? [generation, width]
  const question: WindowQuestion = {
    report,
    generation,
    width,
    now: at(now),
    coverage: known === undefined ? [] : covered(known[0], known[1], knownGeneration, WIDTH_MS[knownWidth]),
    lastDeepAt: lastDeepAt === null ? null : at(lastDeepAt),
    history: 31 * DAY_MS,
    reach: { maxRangeMs: given.maxRangeMs ?? 400 * DAY_MS, earliest: at(given.earliest ?? '2020-01-01') },
  }
  return planWindows(range === undefined ? question : { ...question, range: { from: at(range[0]), to: at(range[1]) } })
}

const CASES: Case[] = [
  {
    name: 'usage by the minute: the last two hours, up to the full hour',
    width: '1m',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T14:37'],
    windows: ['2026-11-21T12:37 2026-11-21T15:00'],
  },
  {
    name: 'usage by the hour: the last six hours',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T14:37'],
    windows: ['2026-11-21T08:00 2026-11-21T15:00'],
  },
  {
    name: 'usage by the day: yesterday and today',
    width: '1d',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T14:30'],
    windows: ['2026-11-20 2026-11-22'],
  },
  {
    name: 'usage by the hour, once a day: three days',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T14:30'],
    lastDeepAt: '2026-11-20T14:37',
    windows: ['2026-11-18 2026-11-21T15:00'],
  },
  {
    name: 'usage by the day, once a day: seven days',
    width: '1d',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T14:30'],
    lastDeepAt: null,
    windows: ['2026-11-14 2026-11-22'],
  },
  {
    name: 'cost: yesterday and today',
    report: 'cost',
    width: '1d',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T14:30'],
    windows: ['2026-11-20 2026-11-22'],
  },
  {
    name: 'cost, once a day: from the first of the month before',
    report: 'cost',
    width: '1d',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T14:30'],
    lastDeepAt: null,
    windows: ['2026-10-01 2026-11-22'],
  },
  {
    name: 'first run: everything in pieces of the reach, newest first',
    now: '2026-11-21T14:37',
    lastDeepAt: null,
    maxRangeMs: 31 * DAY_MS,
    windows: ['2026-10-22 2026-11-21T15:00', '2026-10-01 2026-10-22'],
  },
  {
    name: 'first run at 00:03 on the first: at least 31 days and the month before',
    report: 'cost',
    width: '1d',
    now: '2026-03-01T00:03',
    lastDeepAt: null,
    windows: ['2026-01-29 2026-03-02'],
  },
  {
    name: '00:03 on the first: the new month is empty, the last day of the old one still grows',
    report: 'cost',
    width: '1d',
    now: '2026-12-01T00:03',
    known: ['2026-10-01', '2026-11-30T23:55'],
    windows: ['2026-11-30 2026-12-02'],
  },
  {
    name: '00:03 on the first of January by the hour: goes on over the year boundary',
    now: '2027-01-01T00:03',
    known: ['2026-12-01', '2026-12-31T23:58'],
    windows: ['2026-12-31T17:00 2027-01-01T01:00'],
  },
  {
    name: 'exactly midnight: the day that begins is asked for',
    width: '1d',
    now: '2026-12-01T00:00',
    known: ['2026-10-01', '2026-12-01'],
    windows: ['2026-11-30 2026-12-02'],
  },
  {
    name: 'asleep for three days, by the hour: goes on where values were still late',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-18T10:20'],
    windows: ['2026-11-18T04:00 2026-11-21T15:00'],
  },
  {
    name: 'asleep for three days, by the day',
    report: 'cost',
    width: '1d',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-18T10:20'],
    windows: ['2026-11-18 2026-11-22'],
  },
  {
    name: 'another generation since: only days that may change are read again, from their start',
    generation: 'analytics',
    now: '2026-11-21T14:37',
    kind: ['legacy', '1h'],
    known: ['2026-10-01', '2026-11-21'],
    windows: ['2026-11-21 2026-11-21T15:00'],
  },
  {
    name: 'another width since, in the middle of a day: the day whole, yesterday as well when it may change',
    now: '2026-11-21T03:37',
    kind: ['legacy', '1d'],
    known: ['2026-10-01', '2026-11-21T03:30'],
    windows: ['2026-11-20 2026-11-21T04:00'],
  },
  {
    name: 'another generation, once a day: all that may change',
    report: 'cost',
    generation: 'analytics',
    width: '1d',
    now: '2026-11-21T14:37',
    kind: ['legacy', '1d'],
    known: ['2026-10-01', '2026-11-21T14:30'],
    lastDeepAt: null,
    windows: ['2026-10-21 2026-11-22'],
  },
  {
    name: 'analytics: from what is complete, less six hours',
    generation: 'analytics',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T11:20'],
    windows: ['2026-11-21T05:00 2026-11-21T15:00'],
  },
  {
    name: 'analytics: data are a day late',
    generation: 'analytics',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-20T13:20'],
    windows: ['2026-11-20T07:00 2026-11-21T15:00'],
  },
  {
    name: 'analytics by the minute: no more than a day at once, cut at midnight',
    generation: 'analytics',
    width: '1m',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-19T20:10'],
    maxRangeMs: DAY_MS,
    windows: ['2026-11-21 2026-11-21T15:00', '2026-11-20 2026-11-21', '2026-11-19T14:10 2026-11-20'],
  },
  {
    name: 'the API reaches less far than the history',
    report: 'cost',
    generation: 'analytics',
    width: '1d',
    now: '2026-01-10T12:00',
    lastDeepAt: null,
    earliest: '2026-01-01',
    windows: ['2026-01-01 2026-01-11'],
  },
  {
    name: 'a range: whole buckets, and whole days where the day was not known',
    now: '2026-11-21T14:37',
    range: ['2026-11-03T10:20', '2026-11-04T10:20'],
    windows: ['2026-11-03 2026-11-05'],
  },
  {
    name: 'a range of known days: no more than asked for',
    now: '2026-11-21T14:37',
    known: ['2026-10-01', '2026-11-21T14:30'],
    range: ['2026-11-03T10:20', '2026-11-04T10:20'],
    windows: ['2026-11-03T10:00 2026-11-04T11:00'],
  },
  {
    name: 'a range into the future ends with the running bucket',
    now: '2026-11-21T14:37',
    range: ['2026-11-21', '2027-01-01'],
    windows: ['2026-11-21 2026-11-21T15:00'],
  },
  { name: 'an inverted range', now: '2026-11-21T14:37', range: ['2026-11-04', '2026-11-03'], windows: [] },
  { name: 'a range of the future', now: '2026-11-21T14:37', range: ['2026-12-04', '2026-12-05'], windows: [] },
  {
    name: 'a range before all that can be had',
    now: '2026-11-21T14:37',
    earliest: '2026-01-01',
    range: ['2025-11-04', '2025-11-05'],
    windows: [],
  },
]

describe('planWindows', () => {
  it.each(CASES)('$name', ({ windows, ...given }) => {
    const plan = ask(given)
    expect(show(plan.windows)).toEqual(windows)
    expect(plan.from).toBe(plan.windows.length === 0 ? plan.to : plan.windows.at(-1)?.from)
    if (windows.length > 0) expect(plan.to).toBe(plan.windows[0]?.to)
  })

  it('reads a day that failed earlier, and that day alone', () => {
    const coverage = covered('2026-10-01', '2026-11-21T14:37', 'legacy', HOUR_MS)
    const plan = planWindows({
      ...base('2026-11-21T14:37'),
      coverage: coverage.filter(({ day }) => day !== at('2026-11-05')),
    })
    expect(show(plan.windows)).toEqual(['2026-11-21T08:00 2026-11-21T15:00', '2026-11-05 2026-11-06'])
  })

  it('reads a day of another kind whole where late values reach into it', () => {
    const coverage = [
      ...covered('2026-10-01', '2026-11-21', 'legacy', HOUR_MS),
      ...covered('2026-11-21', '2026-11-21T03:30', 'analytics', HOUR_MS),
    ]
    const legacy = coverage.map((day) => ({
      ...day,
      generation: day.generation === 'legacy' ? ('analytics' as const) : ('legacy' as const),
    }))
    for (const [generation, days] of [
      ['analytics', coverage],
      ['legacy', legacy],
    ] as const) {
      const plan = planWindows({ ...base('2026-11-21T14:37'), generation, coverage: days })
      expect(show(plan.windows)).toEqual(['2026-11-20 2026-11-21T15:00'])
    }
  })

  it.each([
    ['a day ago', '2026-11-20T14:37', true],
    ['less than a day ago', '2026-11-20T14:38', false],
    ['never', null, true],
    ['in the future, by a clock that was put back', '2026-11-25T00:00', true],
  ])('looks deep when it last did so %s', (_, lastDeepAt, deep) => {
    expect(ask({ now: '2026-11-21T14:37', lastDeepAt }).deep).toBe(deep)
  })

  it('is not a deep look when a range is asked for', () => {
    expect(ask({ now: '2026-11-21T14:37', lastDeepAt: null, range: ['2026-11-01', '2026-11-21'] }).deep).toBe(false)
  })

  it('never asks for anything empty, inverted, too long, or of half a bucket, whatever the minute', () => {
    for (const width of ['1m', '1h', '1d'] as const) {
      for (const generation of ['legacy', 'analytics'] as const) {
        for (let now = at('2026-11-29'); now < at('2026-12-03'); now += 17 * MINUTE_MS) {
          const maxRangeMs = width === '1m' ? DAY_MS : 31 * DAY_MS
          const earliest = at('2026-10-20') + 12_345
          const { windows } = planWindows({
            ...base('2026-11-21'),
            now,
            width,
            generation,
            reach: { maxRangeMs, earliest },
          })
          for (const { from, to } of windows) {
            expect(from).toBeLessThan(to)
            expect(to - from).toBeLessThanOrEqual(maxRangeMs)
            expect(from).toBeGreaterThanOrEqual(earliest)
            expect([from % WIDTH_MS[width], to % WIDTH_MS[width]]).toEqual([0, 0])
          }
          expect(windows[0]?.to).toBeGreaterThan(now)
        }
      }
    }
  })
})

function base(now: string): WindowQuestion {
  const reach = { maxRangeMs: 31 * DAY_MS, earliest: 0 }
  const question = {
    report: 'usage',
    generation: 'legacy',
    width: '1h',
    coverage: [],
    history: 31 * DAY_MS,
    reach,
  } as const
  return { ...question, now: at(now), lastDeepAt: at(now) }
}

describe('planDays', () => {
  const days = (now: string, known: [string, string], deepAt: string | null, range?: [string, string]) => {
    const coverage = covered(known[0], known[1], null, DAY_MS)
    const question = { now: at(now), coverage, lastDeepAt: deepAt === null ? null : at(deepAt) }
    const plan = planDays(
      range === undefined ? question : { ...question, range: { from: at(range[0]), to: at(range[1]) } },
    )
    return plan.days.map((day) => text(day).slice(5))
  }

  it.each<[string, string, [string, string], string | null, string[]]>([
    ['yesterday and today', '2026-11-21T14:37', ['2026-11-01', '2026-11-21T13:30'], '2026-11-21', ['11-21', '11-20']],
    [
      'once a day the last seven',
      '2026-11-21T14:37',
      ['2026-11-01', '2026-11-21T13:30'],
      null,
      ['11-21', '11-20', '11-19', '11-18', '11-17', '11-16', '11-15'],
    ],
    [
      'asleep',
      '2026-11-21T14:37',
      ['2026-11-01', '2026-11-18T10:00'],
      '2026-11-21',
      ['11-21', '11-20', '11-19', '11-18'],
    ],
    [
      '00:03 on the first',
      '2026-12-01T00:03',
      ['2026-11-01', '2026-11-30T23:00'],
      '2026-11-30T12:00',
      ['12-01', '11-30'],
    ],
    [
      'first run on the third',
      '2026-12-03T10:00',
      ['2026-12-04', '2026-12-04'],
      '2026-12-03',
      ['12-03', '12-02', '12-01'],
    ],
  ])('%s', (_, now, known, deepAt, expected) => {
    expect(days(now, known, deepAt)).toEqual(expected)
  })

  it('reads the days of a range, no future ones', () => {
    const known: [string, string] = ['2026-11-01', '2026-11-21T13:30']
    expect(days('2026-11-21T14:37', known, null, ['2026-11-19T12:00', '2026-11-25'])).toEqual([
      '11-21',
      '11-20',
      '11-19',
    ])
    expect(days('2026-11-21T14:37', known, null, ['2026-11-23', '2026-11-25'])).toEqual([])
  })

  it('asks the ledger from the first of the month, or seven days back', () => {
    expect(text(firstDay(at('2026-11-21T14:37')))).toBe('2026-11-01')
    expect(text(firstDay(at('2026-12-02T14:37')))).toBe('2026-11-26')
  })
})
