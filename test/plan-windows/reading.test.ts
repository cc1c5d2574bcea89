import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { planReadings } from '../../src/plan-windows/reading.ts'

const NOW = Date.parse('2026-05-04T12:00:00Z')
const RESET = NOW / 1_000 + 3_600

function readings(rateLimits: unknown) {
  return planReadings({ rate_limits: rateLimits }, NOW)
}

function reset(resetsAt: unknown) {
  return readings({ five_hour: { used_percentage: 1, resets_at: resetsAt } })[0]?.resetsAt
}

describe('planReadings', () => {
  it('reads both windows of a subscription', () => {
    expect(
      readings({
        five_hour: { used_percentage: 23.5, resets_at: RESET },
        seven_day: { used_percentage: 0, resets_at: RESET + 86_400 },
      }),
    ).toEqual([
      { window: '5h', usedRatio: 0.235, resetsAt: RESET * 1_000 },
      { window: '7d', usedRatio: 0, resetsAt: RESET * 1_000 + DAY_MS },
    ])
  })

  it('never clamps', () => {
    expect(readings({ seven_day: { used_percentage: 137.5, resets_at: RESET } })[0]?.usedRatio).toBe(1.375)
  })

  it('keeps the names of other windows', () => {
    expect(readings({ seven_day_opus: { used_percentage: 10, resets_at: null } })).toEqual([
      { window: 'seven_day_opus', usedRatio: 0.1, resetsAt: null },
    ])
  })

  it('takes one window where the other is missing', () => {
    expect(readings({ five_hour: null, seven_day: { used_percentage: 1, resets_at: RESET } })).toHaveLength(1)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'five_hour'],
    ['a list', [{ used_percentage: 1 }]],
    ['no windows', {}],
    ['a window without use', { five_hour: { resets_at: RESET } }],
    ['use as text', { five_hour: { used_percentage: '38', resets_at: RESET } }],
    ['negative use', { five_hour: { used_percentage: -1, resets_at: RESET } }],
    ['absurd use', { five_hour: { used_percentage: 1e300, resets_at: RESET } }],
    ['a name with control characters', { 'a\u001b[31m': { used_percentage: 1 } }],
    ['a name with blanks', { 'a b': { used_percentage: 1 } }],
    ['a name that is too long', { ['a'.repeat(41)]: { used_percentage: 1 } }],
    ['a short name of ours', { '5h': { used_percentage: 1 } }],
    ['an inherited name', { toString: 1, __proto__: { five_hour: { used_percentage: 1 } } }],
  ])('finds nothing in %s', (_, rateLimits) => {
    expect(readings(rateLimits)).toEqual([])
  })

  it.each([null, undefined, 7, 'text', [], true])('finds nothing in the input %j', (input) => {
    expect(planReadings(input, NOW)).toEqual([])
  })

  it('takes a bounded number of windows', () => {
    const many = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`window_${index}`, { used_percentage: 1 }]),
    )
    expect(readings(many)).toHaveLength(8)
  })

  it.each([
    ['seconds', RESET, RESET * 1_000],
    ['seconds with a fraction', RESET + 0.25, RESET * 1_000 + 250],
    ['milliseconds', RESET * 1_000, RESET * 1_000],
    ['RFC 3339', '2026-05-04T15:00:00+02:00', NOW + 3_600_000],
    ['the past', RESET - 7_200, NOW - 3_600_000],
  ])('reads a reset in %s', (_, given, expected) => {
    expect(reset(given)).toBe(expected)
  })

  it.each([
    ['missing', undefined],
    ['null', null],
    ['text', 'tomorrow'],
    ['an impossible date', '2026-13-45T99:00:00Z'],
    ['0', 0],
    ['negative', -5],
    ['in years', RESET + 2 * 365 * 86_400],
    ['beyond every date', 1e300],
    ['an object', {}],
  ])('does not know a reset that is %s', (_, given) => {
    expect(reset(given)).toBeNull()
  })
})
