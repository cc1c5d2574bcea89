import { describe, expect, it } from 'vitest'
import { gridOf } from '../../src/backfill/grid.ts'
import { partsOf, quarterHours } from '../../src/backfill/instants.ts'

const at = (text: string) => Date.parse(`2026-05-${text}Z`)
const texts = (instants: readonly number[]) => instants.map((instant) => new Date(instant).toISOString().slice(8, -5))

describe('the instants of a range', () => {
  it('are its quarters of an hour, both ends included', () => {
    expect(texts(quarterHours({ from: at('04T10:00:00'), to: at('04T10:30:00') }))).toEqual([
      '04T10:00:00',
      '04T10:15:00',
      '04T10:30:00',
    ])
  })

  it('end with the very moment', () => {
    expect(texts(quarterHours({ from: at('04T10:00:00'), to: at('04T10:16:07') }))).toEqual([
      '04T10:00:00',
      '04T10:15:00',
      '04T10:16:07',
    ])
  })

  it('are one where it ends as it begins', () => {
    expect(texts(quarterHours({ from: at('04T10:00:00'), to: at('04T10:00:00') }))).toEqual(['04T10:00:00'])
  })
})

describe('the parts of a range', () => {
  const parts = (from: string, to: string, days: number | null) =>
    partsOf({ from: at(from), to: at(to) }, days).map((part) => [...texts([part.from, part.to]), part.isLast])

  it.each([
    { when: 'not to be split', days: null, expected: [['04T10:15:00', '07T01:00:00', true]] },
    {
      when: 'days of UTC',
      days: 1,
      expected: [
        ['04T10:15:00', '05T00:00:00', false],
        ['05T00:00:00', '06T00:00:00', false],
        ['06T00:00:00', '07T00:00:00', false],
        ['07T00:00:00', '07T01:00:00', true],
      ],
    },
    {
      when: 'two days, counted from the first one',
      days: 2,
      expected: [
        ['04T10:15:00', '06T00:00:00', false],
        ['06T00:00:00', '07T01:00:00', true],
      ],
    },
    { when: 'more days than there are', days: 9, expected: [['04T10:15:00', '07T01:00:00', true]] },
  ])('$when', ({ days, expected }) => {
    expect(parts('04T10:15:00', '07T01:00:00', days)).toEqual(expected)
  })

  it('an end at midnight is no part of its own', () => {
    expect(parts('04T10:00:00', '05T00:00:00', 1)).toEqual([['04T10:00:00', '05T00:00:00', true]])
  })
})

describe('the grid', () => {
  const grid = (from: string, to: string, minutes: number, isLast = true) =>
    texts(gridOf({ from: at(from), to: at(to), isLast }, minutes * 60_000).times)

  it.each([
    { from: '04T10:00:00', to: '04T10:10:00', step: 5, points: ['04T10:00:00', '04T10:05:00', '04T10:10:00'] },
    { from: '04T10:00:00', to: '04T10:06:07', step: 5, points: ['04T10:00:00', '04T10:05:00', '04T10:06:07'] },
    { from: '04T10:00:00', to: '04T10:02:00', step: 1, points: ['04T10:00:00', '04T10:01:00', '04T10:02:00'] },
    { from: '04T10:15:00', to: '04T10:15:00', step: 5, points: ['04T10:15:00'] },
    { from: '04T10:15:00', to: '04T10:17:30', step: 15, points: ['04T10:15:00', '04T10:17:30'] },
  ])('every $step min from $from to $to', ({ from, to, step, points }) => {
    expect(grid(from, to, step)).toEqual(points)
  })

  it('leaves the end of a part to the next one', () => {
    expect(grid('04T23:50:00', '05T00:00:00', 5, false)).toEqual(['04T23:50:00', '04T23:55:00'])
  })

  it('writes seconds, with the parts of one where the end has some', () => {
    const { stamps } = gridOf({ from: 1_700_000_100_000, to: 1_700_000_123_045, isLast: true }, 60_000)
    expect(stamps).toEqual(['1700000100\n', '1700000123.045\n'])
  })
})
