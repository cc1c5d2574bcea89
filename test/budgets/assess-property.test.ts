import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assess } from '../../src/budgets/assess.ts'
import { SlotSeries } from '../../src/budgets/slot-series.ts'
import type { Budget, PeriodRule } from '../../src/core/budget.ts'
import { slowFigures } from './slow-reference.ts'

const SLOT_MS = 15 * 60_000
const DAY_MS = 96 * SLOT_MS

const rules: fc.Arbitrary<PeriodRule> = fc.record({
  kind: fc.constantFrom('hour', 'day', 'week', 'month'),
  days: fc.constant(0),
  weekStart: fc.integer({ min: 1, max: 7 }),
  billingDay: fc.constantFrom(1, 15, 29, 30, 31),
  timeZone: fc.constantFrom(
    'UTC',
    'America/Denver',
    'America/Havana',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Asia/Beirut',
  ),
})

/** Slots of the last 40 days, by their distance from now: most of them near, some corrected, some yet to come. */
const slots = fc.array(
  fc.tuple(
    fc.oneof(fc.integer({ min: -2, max: 40 }), fc.integer({ min: 0, max: 40 * 96 })),
    fc.bigInt({ min: -1_000_000_000n, max: 20_000_000_000_000n }),
  ),
  { maxLength: 40 },
)

const relative = (actual: number | null, expected: number) =>
  Math.abs((actual ?? Number.NaN) - expected) / Math.max(Math.abs(expected), 1e-9)

describe('figures', () => {
  it('are those of somebody who adds up slot by slot with a clock on the wall', () => {
    fc.assert(
      fc.property(
        rules,
        fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2028, 0, 1) }),
        slots,
        fc.bigInt({ min: 1_000_000_000n, max: 200_000_000_000_000n }),
        (rule, now, distances, limit) => {
          const here = Math.floor(now / SLOT_MS) * SLOT_MS
          const entries = distances.map(([distance, amount]) => [here - distance * SLOT_MS, amount] as const)
          const amounts = new SlotSeries()
          for (const [slot, amount] of entries) amounts.add(slot, amount)
          const budget: Budget = {
            name: 'team',
            origin: 'configured',
            basis: 'estimated_cost',
            limit,
            tokenClasses: [],
            period: rule,
            scope: {},
            warningRatio: 0.75,
            criticalRatio: 0.9,
            severity: 'critical',
            owner: 'none',
            since: Number.NEGATIVE_INFINITY,
            until: Number.POSITIVE_INFINITY,
            maxDataAgeMs: DAY_MS,
          }
          const data = { from: Number.NEGATIVE_INFINITY, to: now, problem: null }
          const figures = assess({
            budget,
            now,
            amounts,
            data,
            unpricedTokens: 0n,
            forecast: null,
            forecastErrors: [],
          })
          const slow = slowFigures(entries, rule, limit, now)
          expect(figures.spent).toBe(slow.spent)
          expect(figures.remaining).toBe(slow.remaining)
          expect(figures.state).toBe(slow.state)
          expect(figures.elapsedRatio).toBe(slow.elapsedRatio)
          expect(relative(figures.usedRatio, slow.usedRatio)).toBeLessThan(1e-12)
          for (const rate of ['burnRate1h', 'burnRate6h', 'burnRate3d'] as const) {
            expect(relative(figures[rate], slow[rate])).toBeLessThan(1e-9)
          }
        },
      ),
      { numRuns: 120 },
    )
  })
})
