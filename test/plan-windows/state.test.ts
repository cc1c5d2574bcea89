import { expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { planWindowState } from '../../src/plan-windows/state.ts'

const NOW = Date.parse('2026-05-04T12:00:00Z')

it.each([
  { window: '5h', resets: HOUR_MS, seen: -MINUTE_MS, state: 'current' },
  { window: '5h', resets: 1, seen: -4.9 * HOUR_MS, state: 'current' },
  { window: '5h', resets: 0, seen: -MINUTE_MS, state: 'over' },
  { window: '5h', resets: null, seen: -5 * HOUR_MS, state: 'current' },
  { window: '5h', resets: null, seen: -5 * HOUR_MS - 1, state: 'old' },
  { window: '7d', resets: DAY_MS, seen: -24 * HOUR_MS, state: 'current' },
  { window: '7d', resets: DAY_MS, seen: -24 * HOUR_MS - 1, state: 'old' },
  { window: 'seven_day_opus', resets: null, seen: -25 * HOUR_MS, state: 'old' },
  { window: '7d', resets: DAY_MS, seen: 5 * MINUTE_MS, state: 'current' },
  { window: '7d', resets: DAY_MS, seen: 5 * MINUTE_MS + 1, state: 'ahead' },
])('$window, reset in $resets ms, seen at $seen ms: $state', ({ window, resets, seen, state }) => {
  const resetsAt = resets === null ? null : NOW + resets
  expect(planWindowState({ window, resetsAt, observedAt: NOW + seen }, NOW)).toBe(state)
})
