import { describe, expect, it } from 'vitest'
import { isHot, isTurn, ticksPerRound } from '../../../src/sources/files/poll-schedule.ts'

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

describe('isTurn', () => {
  it('gives each of 10,000 things one turn in 60 ticks, and no tick more than its share', () => {
    const turns = new Array<number>(10_000).fill(0)
    for (let tick = 1234; tick < 1294; tick++) {
      let count = 0
      for (const index of turns.keys()) {
        if (!isTurn(index, { tick, ticksPerRound: 60, nowMs: 0 })) continue
        turns[index] = (turns[index] ?? 0) + 1
        count++
      }
      expect(count).toBeGreaterThanOrEqual(166)
      expect(count).toBeLessThanOrEqual(167)
    }
    expect(new Set(turns)).toEqual(new Set([1]))
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
    expect(isHot(changed, { tick: 0, ticksPerRound: 60, nowMs: now })).toBe(hot)
  })
})
