import { describe, expect, it } from 'vitest'
import { mainMeasure, trendOf } from '../../src/documents/trend.ts'
import { changeText, comparisonText } from '../../src/documents/words.ts'
import type { OverviewDay } from '../../src/overview/overview.ts'

/** 30 days up to 2026-05-04, a Monday, with dollars for the last of them; the last is today. */
function daysOf(usd: readonly number[], field: 'estimatedCostUsd' | 'planValueUsd' | 'tokens' = 'estimatedCostUsd') {
  const all = [...Array.from({ length: 30 - usd.length }, () => 0), ...usd]
  const days = all.map((value, index): OverviewDay => {
    const day = new Date(Date.UTC(2026, 3, 5 + index)).toISOString().slice(0, 10)
    return { day, estimatedCostUsd: 0, planValueUsd: 0, tokens: 0, requests: 0, [field]: value }
  })
  return { days, at: Date.parse('2026-05-04T15:00:00Z'), timeZone: 'UTC' }
}

const week = (usd: number) => Array.from({ length: 7 }, () => usd)

describe('the trend', () => {
  it.each([
    ['rises', [...week(10), ...week(13.4), 500], 'rose by 34 %: $93.80, after $70.00 in the 7 days before'],
    ['falls', [...week(10), ...week(5), 0], 'fell by 50 %: $35.00, after $70.00 in the 7 days before'],
    ['rises to many times', [...week(1), ...week(5), 0], 'rose by 400 %: $35.00, after $7.00 in the 7 days before'],
    [
      'stays',
      [...week(10), ...week(10.1), 0],
      'stayed about the same (+1.0 %): $70.70, after $70.00 in the 7 days before',
    ],
    ['falls to nothing', [...week(10), ...week(0), 5], 'fell by 100 %: $0.00, after $70.00 in the 7 days before'],
    ['has nothing before', [...week(2), 9], 'came to $14.00; nothing is recorded of the 7 days before'],
    ['is of nothing', [9], 'came to nothing, as in the 7 days before'],
  ])('of spending that %s, without today', (_, usd, words) => {
    expect(comparisonText(trendOf(daysOf(usd), 'estimatedCostUsd'), 'estimatedCostUsd')).toBe(words)
  })

  it('ends with the day before today in the zone, also where a day begins there already', () => {
    const days = daysOf([...week(10), ...week(10), 1])
    const later = { ...days, at: Date.parse('2026-05-04T15:00:00Z'), timeZone: 'Pacific/Kiritimati' }
    expect(trendOf(days, 'estimatedCostUsd').days.at(-1)?.day).toBe('2026-05-03')
    expect(trendOf(later, 'estimatedCostUsd').days.at(-1)?.day).toBe('2026-05-04')
  })

  it('knows the highest day, and weekdays from weekends over whole weeks', () => {
    const fourWeeks = Array.from({ length: 4 }, () => [10, 10, 10, 10, 30, 4, 2]).flat()
    const trend = trendOf(daysOf([...fourWeeks, 1_000]), 'estimatedCostUsd')
    expect(trend.highest?.day).toBe('2026-05-01')
    expect(trend).toMatchObject({ weekdayMean: 14, weekendMean: 3 })
  })

  it('knows no means of less than four weeks, and no highest day of nothing', () => {
    expect(
      trendOf({ ...daysOf([5]), days: daysOf([1, 2, 3]).days.slice(-5) }, 'estimatedCostUsd').weekdayMean,
    ).toBeNull()
    expect(trendOf(daysOf([]), 'estimatedCostUsd')).toMatchObject({ highest: null, change: null, weekdayMean: null })
  })

  it.each(['estimatedCostUsd', 'planValueUsd', 'tokens'] as const)(
    'is of %s where there is nothing before it',
    (field) => {
      expect(mainMeasure(daysOf([1], field))).toBe(field)
    },
  )
})

describe('a change in words', () => {
  it.each([
    [0.34, 'rose by 34 %'],
    [-0.125, 'fell by 13 %'],
    [0, 'stayed the same'],
    [0.001, 'stayed about the same (+0.1 %)'],
    [-0.029, 'stayed about the same (-2.9 %)'],
    [41, 'rose by 4,100 %'],
  ])('%d: %s', (change, words) => expect(changeText(change)).toBe(words))
})
