import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/errors.ts'
import { chooseMonths } from '../../src/owners/months.ts'

const NOW = Date.parse('2026-05-04T15:31:00Z')
const months = (options: Parameters<typeof chooseMonths>[0], timeZone = 'Europe/Berlin', now = NOW) =>
  chooseMonths(options, now, timeZone)
const instants = (values: readonly number[]) => values.map((value) => new Date(value).toISOString())

describe('months', () => {
  it('are the present one unless told otherwise, which ends with the quarter of an hour and the UTC day that run', () => {
    const [month, ...others] = months({})
    expect(others).toEqual([])
    expect(month).toMatchObject({ month: '2026-05', isRunning: true, isWhole: true, first: '2026-05-01' })
    expect(instants([month?.from ?? 0, month?.to ?? 0, month?.billedFrom ?? 0, month?.billedTo ?? 0])).toEqual([
      '2026-04-30T22:00:00.000Z',
      '2026-05-04T15:45:00.000Z',
      '2026-05-01T00:00:00.000Z',
      '2026-05-05T00:00:00.000Z',
    ])
  })

  it('begin and end at local midnights, also where clocks change within', () => {
    const [month] = months({ month: '2026-03' })
    expect(month).toMatchObject({ isRunning: false, isWhole: true })
    expect(instants([month?.from ?? 0, month?.to ?? 0])).toEqual([
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ])
  })

  it('follow each other without a gap', () => {
    const list = months({ since: '2025-12', until: '2026-02' })
    expect(list.map(({ month, last }) => [month, last])).toEqual([
      ['2025-12', '2025-12-31'],
      ['2026-01', '2026-01-31'],
      ['2026-02', '2026-02-28'],
    ])
    expect(list.slice(1).map(({ from }) => from)).toEqual(list.slice(0, -1).map(({ to }) => to))
  })

  it('are parts of months where days are asked for', () => {
    expect(months({ since: '2026-03-15', until: '2026-04-02' })).toMatchObject([
      { month: '2026-03', first: '2026-03-15', last: '2026-03-31', isWhole: false },
      { month: '2026-04', first: '2026-04-01', last: '2026-04-02', isWhole: false },
    ])
  })

  it('end with the present one', () => {
    expect(months({ since: '2026-04', until: '2027-01' }).map(({ month }) => month)).toEqual(['2026-04', '2026-05'])
  })

  it('are of the zone: it may be another month there already', () => {
    const now = Date.parse('2026-04-30T23:30:00Z')
    expect(months({}, 'Europe/Berlin', now)).toMatchObject([{ month: '2026-05' }])
    expect(months({}, 'UTC', now)).toMatchObject([{ month: '2026-04' }])
    // The bill of May has not begun in UTC.
    expect(months({}, 'Europe/Berlin', now).map(({ billedFrom, billedTo }) => billedTo - billedFrom)).toEqual([0])
  })

  it.each([
    [{ month: '2026-13' }, '--month needs a month'],
    [{ month: 'may' }, '--month needs a month'],
    [{ month: '2026-05', since: '2026-04' }, '--month and --since or --until'],
    [{ since: '2026-02-30' }, '--since needs a month or a day'],
    [{ until: 'tomorrow' }, '--until needs a month or a day'],
    [{ since: '2026-05', until: '2026-04' }, 'ends before it begins'],
    [{ month: '2026-06' }, 'has not begun yet'],
    [{ since: '1990-01' }, 'At most 120 months'],
  ])('%o is refused', (options, message) => {
    expect(() => months(options)).toThrow(OperatorError)
    expect(() => months(options)).toThrow(message)
  })
})
