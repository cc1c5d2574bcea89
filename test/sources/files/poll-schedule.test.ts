import { describe, expect, it } from 'vitest'
import { isHot, ticksPerRound, turnOf } from '../../../src/sources/files/poll-schedule.ts'

describe('ticksPerRound', () => {
  it.each([
    { cold: 60_000, hot: 1_000, ticks: 60 },
    { cold: 90_000, hot: 60_000, ticks: 2 },
    { cold: 1_000, hot: 1_000, ticks: 1 },
    { cold: 1_000, hot: 60_000, ticks: 1 },
  ])('is $ticks for a look every $cold ms at ticks of $hot ms', ({ cold, hot, ticks }) => {
    expect(ticksPerRound(cold, hot)).toBe(ticks)
  })
})

describe('turnOf', () => {
  it.each([
    { count: 10_000, ticks: 60, least: 166, most: 167 },
    { count: 7, ticks: 60, least: 0, most: 1 },
    { count: 7, ticks: 1, least: 7, most: 7 },
    { count: 0, ticks: 60, least: 0, most: 0 },
  ])('gives each of $count one turn in $ticks ticks, $least to $most in each', ({ count, ticks, least, most }) => {
    const row = Array.from({ length: count }, (_, n) => n)
    const turns = Array.from({ length: ticks }, (_, n) =>
      turnOf(row, { tick: 1234 + n, ticksPerRound: ticks, nowMs: 0 }),
    )
    expect(turns.flat().sort((a, b) => a - b)).toEqual(row)
    expect(Math.min(...turns.map((turn) => turn.length))).toBe(least)
    expect(Math.max(...turns.map((turn) => turn.length))).toBe(most)
  })
})

describe('isHot', () => {
  const minute = 60_000
  it.each([
    { changed: 0, now: 0, hot: true },
    { changed: 0, now: 14 * minute, hot: true },
    { changed: 0, now: 15 * minute, hot: false },
    { changed: minute, now: 0, hot: true },
  ])('is $hot at $now for a change at $changed', ({ changed, now, hot }) => {
    expect(isHot(changed, now)).toBe(hot)
  })
})
