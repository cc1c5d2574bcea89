import { describe, expect, it } from 'vitest'
import { dayNumber, longDay, readTrend, shortDay, stackOf } from '../../../src/page/client/trend-data.ts'

const TREND = { days: ['2026-02-28', '2026-03-01'], metered: [1.5, 0], plan: [0.25, 2], tokens: [10, 20] }

describe('the data of the trend', () => {
  it('are what the page embeds', () => {
    expect(readTrend(JSON.stringify(TREND))).toEqual(TREND)
    expect(readTrend('{"days":[],"metered":[],"plan":[],"tokens":[]}')).toEqual({
      days: [],
      metered: [],
      plan: [],
      tokens: [],
    })
  })

  it.each([
    { what: 'nothing', json: '' },
    { what: 'half of it', json: '{"days":["2026-02-28"' },
    { what: 'something else', json: '[1]' },
    { what: 'null', json: 'null' },
    { what: 'a column that is missing', json: JSON.stringify({ ...TREND, plan: undefined }) },
    { what: 'a column that is too short', json: JSON.stringify({ ...TREND, metered: [1] }) },
    { what: 'a value that is not known', json: JSON.stringify({ ...TREND, tokens: [1, null] }) },
    { what: 'a day that is none', json: JSON.stringify({ ...TREND, days: ['2026-02-28', 'today'] }) },
  ])('are null for $what', ({ json }) => {
    expect(readTrend(json)).toBeNull()
  })

  it('stand on each other, one day beside the other', () => {
    const { x, both, metered } = stackOf(TREND)
    expect(x[1]).toBe((x[0] ?? 0) + 1)
    expect({ both, metered }).toEqual({ both: [1.75, 2], metered: [1.5, 0] })
  })
})

it.each([
  { day: '2026-05-04', short: '4 May', long: /^Mon,? 4 May$/ },
  { day: '2024-02-29', short: '29 Feb', long: /^Thu,? 29 Feb$/ },
  { day: '2026-12-31', short: '31 Dec', long: /^Thu,? 31 Dec$/ },
])('$day is named $short', ({ day, short, long }) => {
  expect(shortDay(dayNumber(day))).toBe(short)
  expect(longDay(dayNumber(day))).toMatch(long)
})
