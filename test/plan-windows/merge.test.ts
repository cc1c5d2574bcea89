import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { mergeReadings, type StoredWindow } from '../../src/plan-windows/merge.ts'
import type { PlanReading } from '../../src/plan-windows/reading.ts'

const NOW = Date.parse('2026-05-04T12:00:00Z')
const RESET = NOW + HOUR_MS

function stored(values: Partial<StoredWindow> = {}): StoredWindow {
  return { window: '5h', usedRatio: 0.5, resetsAt: RESET, observedAt: NOW - MINUTE_MS, ...values }
}

function reading(values: Partial<PlanReading> = {}): PlanReading {
  return { window: '5h', usedRatio: 0.5, resetsAt: RESET, ...values }
}

const OLD = { observedAt: NOW - 16 * MINUTE_MS }

describe('a reading counts', () => {
  it.each<[string, Partial<StoredWindow>, Partial<PlanReading>, boolean]>([
    ['with more use of the same window', {}, { usedRatio: 0.6 }, true],
    ['with the same use', {}, {}, true],
    ['with less use of the same window', {}, { usedRatio: 0.4 }, false],
    ['with less use when more was not repeated for 15 minutes', OLD, { usedRatio: 0.4 }, true],
    ['with less use of a later window', {}, { usedRatio: 0.1, resetsAt: RESET + HOUR_MS }, true],
    ['with more use of an earlier window', {}, { usedRatio: 0.9, resetsAt: RESET - HOUR_MS / 2 }, false],
    ['with an earlier reset when the later one was not repeated', OLD, { resetsAt: RESET - HOUR_MS / 2 }, true],
    ['with less use and a reset that differs by seconds', {}, { usedRatio: 0.4, resetsAt: RESET + 30_000 }, false],
    ['of a window that has ended', {}, { usedRatio: 0.9, resetsAt: NOW - 1 }, false],
    ['of a window that has ended, never', OLD, { usedRatio: 0.9, resetsAt: NOW }, false],
    ['after the window that is stored has ended', { resetsAt: NOW - 1 }, { usedRatio: 0.01 }, true],
    ['without a reset and more use', {}, { usedRatio: 0.6, resetsAt: null }, true],
    ['without a reset and less use', {}, { usedRatio: 0.4, resetsAt: null }, false],
    ['against one that a wrong clock wrote', { observedAt: NOW + HOUR_MS }, { usedRatio: 0.1 }, true],
  ])('%s', (_, known, given, isTaken) => {
    const expected = isTaken ? { ...reading(given), observedAt: NOW } : stored(known)
    expect(mergeReadings([stored(known)], [reading(given)], NOW)).toEqual([expected])
  })
})

describe('mergeReadings', () => {
  it('keeps windows that are not told of', () => {
    const week = stored({ window: '7d' })
    expect(mergeReadings([week], [reading()], NOW)).toEqual([{ ...reading(), observedAt: NOW }, week])
  })

  it('forgets what was seen more than a week ago', () => {
    expect(mergeReadings([stored({ observedAt: NOW - 9 * DAY_MS })], [], NOW)).toEqual([])
  })

  it('keeps the windows seen last when there are too many', () => {
    const known = Array.from({ length: 8 }, (_, index) =>
      stored({ window: `window_${index}`, observedAt: NOW - (index + 1) * MINUTE_MS }),
    )
    const merged = mergeReadings(known, [reading()], NOW)
    expect(merged).toHaveLength(8)
    expect(merged[0]?.window).toBe('5h')
    expect(merged.map(({ window }) => window)).not.toContain('window_7')
  })

  it('comes to the same use and reset in whatever order sessions take turns', () => {
    const resets = fc.constantFrom(RESET, RESET + HOUR_MS, RESET - HOUR_MS / 2)
    const given = fc.record({ usedRatio: fc.integer({ min: 0, max: 150 }).map((n) => n / 100), resetsAt: resets })
    const orders = fc
      .array(given, { minLength: 1, maxLength: 8 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
    fc.assert(
      fc.property(orders, ([one, other]) => {
        expect(inTurn(one)).toEqual(inTurn(other))
      }),
    )
  })
})

function inTurn(list: readonly Omit<PlanReading, 'window'>[]) {
  const merged = list.reduce<StoredWindow[]>((known, given) => mergeReadings(known, [reading(given)], NOW), [])
  return merged.map(({ usedRatio, resetsAt }) => ({ usedRatio, resetsAt }))
}
