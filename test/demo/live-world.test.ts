import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../src/core/time.ts'
import { createDemoWorld } from '../../src/demo/world/create-world.ts'
import { groupBy, promptTokens, widestGap } from './world-figures.ts'

const start = Date.parse('2026-11-21T19:00:00Z')
const options = { start, days: 75, timeZone: 'Europe/Berlin' }
const world = createDemoWorld(options)

describe('somebody is active', () => {
  it.each(['Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata', 'UTC'])(
    'in every ten minutes, and lately in every five: %s',
    (timeZone) => {
      const there = createDemoWorld({ ...options, timeZone, days: 40 })
      expect(widestGap(there.callsBetween(there.from, start))).toBeLessThan(10 * MINUTE_MS)
      expect(widestGap(there.callsBetween(start - 3 * DAY_MS, start + DAY_MS))).toBeLessThan(5 * MINUTE_MS)
    },
  )
})

describe('after the start', () => {
  const within = (from: number, to: number) =>
    world.callsBetween(start + from * MINUTE_MS, start + to * MINUTE_MS).filter(({ agent }) => agent === 'reviewer')

  it('an agent runs away after 3 minutes, for 12, and again every 2 hours', () => {
    const counts = [within(3, 15), within(20, 32), within(123, 135), within(243, 255)].map(({ length }) => length)
    expect(counts[1]).toBeLessThan(60)
    for (const count of [counts[0], counts[2], counts[3]]) expect(count).toBeGreaterThan(400)
  })

  it('runs away in several sessions at once, one of them with more than 3 million tokens a minute', () => {
    const sessions = groupBy(within(5, 10), ({ session }) => session)
    expect(sessions.size).toBeGreaterThanOrEqual(5)
    const perMinute = [...sessions.values()].map(
      (calls) => calls.reduce((sum, { tokens }) => sum + promptTokens(tokens) + tokens.output, 0) / 5,
    )
    expect(Math.max(...perMinute)).toBeGreaterThan(3_000_000)
    const fresh = within(5, 10).reduce((sum, { tokens }) => sum + promptTokens(tokens) - tokens.cacheRead, 0) / 5
    expect(fresh).toBeGreaterThan(50_000)
  })

  it('a human wrote to the one that is fastest, once', () => {
    const [fastest = []] = [...groupBy(within(3, 15), ({ session }) => session).values()].toSorted(
      (a, b) => b.length - a.length,
    )
    expect(fastest.map(({ followsHuman }) => followsHuman).lastIndexOf(true)).toBe(0)
    expect(fastest.length).toBeGreaterThan(150)
  })
})
