import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ForecastInput, forecast } from '../../../src/budgets/forecast/forecast.ts'
import { periodAt } from '../../../src/budgets/period.ts'
import { SlotSeries } from '../../../src/budgets/slot-series.ts'
import { ruleOf } from './input.ts'

const DAY_MS = 86_400_000
const SLOT_MS = 900_000
const RUNS = { numRuns: 150 }

const rules = fc
  .tuple(
    fc.constantFrom('hour', 'day', 'week', 'month', 'quarter'),
    fc.constantFrom(
      'UTC',
      'America/Denver',
      'Europe/Berlin',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'America/Havana',
    ),
  )
  .map(([kind, zone]) => ruleOf(kind as 'hour', zone))

/** Slots of some of the last 70 days before the instant, and a period that holds it. */
function inputs(smallest: bigint): fc.Arbitrary<ForecastInput & { readonly slots: [number, bigint][] }> {
  return fc
    .record({
      rule: rules,
      now: fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 0, 1) }),
      slotsAgo: fc.array(fc.tuple(fc.integer({ min: 0, max: 70 * 96 }), fc.bigInt(smallest, 10n ** 16n)), {
        maxLength: 60,
      }),
      late: fc.constantFrom(0, 0, SLOT_MS, DAY_MS),
      limit: fc.bigInt(1n, 10n ** 18n),
    })
    .map(({ rule, now, slotsAgo, late, limit }) => {
      const slots = slotsAgo.map(([ago, amount]): [number, bigint] => [
        (Math.floor(now / SLOT_MS) - ago) * SLOT_MS,
        amount,
      ])
      const amounts = seriesOf(slots)
      return { amounts, slots, now, dataTo: now - late, period: periodAt(rule, now), rule, limit, minElapsedRatio: 0 }
    })
}

function seriesOf(slots: readonly [number, bigint][]): SlotSeries {
  const series = new SlotSeries()
  series.replace(slots)
  return series
}

describe('every forecast', () => {
  it('has low <= expected <= high, none below what is known to be spent', () => {
    fc.assert(
      fc.property(inputs(0n), (input) => {
        const made = forecast(input)
        if (made === null) return
        const known = input.amounts.sum(input.period.start, input.period.end)
        expect(made.low >= known && made.expected >= made.low && made.high >= made.expected).toBe(true)
      }),
      RUNS,
    )
  })

  it('keeps that order when there are corrections', () => {
    fc.assert(
      fc.property(inputs(-(10n ** 16n)), (input) => {
        const made = forecast(input)
        if (made !== null) expect(made.expected >= made.low && made.high >= made.expected).toBe(true)
      }),
      RUNS,
    )
  })

  it('has a time of exhaustion exactly when the limit is reached between now and the end', () => {
    fc.assert(
      fc.property(inputs(0n), fc.double({ min: 0, max: 1.2, noNaN: true }), (input, share) => {
        const free = forecast(input)
        if (free === null) return
        // A limit near what is expected, which a random one never is.
        const limit = BigInt(Math.round(Number(free.expected) * share)) + 1n
        const { exhaustsAt, expected } = forecast({ ...input, limit }) ?? free
        const known = input.amounts.sum(input.period.start, input.period.end)
        expect(exhaustsAt !== null).toBe(known < limit && limit <= expected)
        if (exhaustsAt === null) return
        expect(exhaustsAt).toBeGreaterThanOrEqual(input.dataTo)
        expect(exhaustsAt).toBeLessThan(input.period.end)
      }),
      RUNS,
    )
  })

  it('does not depend on the limit otherwise', () => {
    fc.assert(
      fc.property(inputs(0n), fc.bigInt(1n, 10n ** 18n), (input, limit) => {
        const { exhaustsAt: _, ...first } = forecast(input) ?? { exhaustsAt: null }
        const { exhaustsAt: __, ...second } = forecast({ ...input, limit }) ?? { exhaustsAt: null }
        expect(second).toEqual(first)
      }),
      RUNS,
    )
  })

  // The first amount after a pause ends it, so that the history reads differently: only what comes on top is compared.
  it('does not fall when more is spent where something is', () => {
    fc.assert(
      fc.property(inputs(0n), fc.bigInt(1n, 10n ** 16n), (input, more) => {
        const slot = Math.floor(input.dataTo / SLOT_MS) * SLOT_MS
        fc.pre(
          slot >= input.period.start && slot < input.dataTo && input.slots.some(([start]) => start < slot - DAY_MS),
        )
        const spentNow = (amount: bigint) =>
          forecast({ ...input, amounts: seriesOf([...input.slots, [slot, amount]]) })?.expected ?? 0n
        // One part in a million for sums of floating point numbers.
        const before = spentNow(1n)
        expect(spentNow(1n + more) >= before - before / 1_000_000n).toBe(true)
      }),
      RUNS,
    )
  })

  it('is what was spent once the period is over', () => {
    fc.assert(
      fc.property(inputs(-(10n ** 16n)), fc.integer({ min: 0, max: 3 * DAY_MS }), (input, later) => {
        const instant = input.period.end + later
        const spent = input.amounts.sum(input.period.start, input.period.end)
        expect(forecast({ ...input, now: instant, dataTo: instant })).toEqual({
          expected: spent,
          low: spent,
          high: spent,
          exhaustsAt: null,
        })
      }),
      RUNS,
    )
  })

  it('is in proportion to the amounts, whatever their unit', () => {
    fc.assert(
      fc.property(inputs(10n ** 6n), (input) => {
        const one = forecast(input)
        const million = forecast({
          ...input,
          amounts: seriesOf(input.slots.map(([start, amount]) => [start, amount * 1_000_000n])),
        })
        expect(million === null).toBe(one === null)
        if (one === null || million === null) return
        for (const key of ['expected', 'low', 'high'] as const) {
          const difference = Number(million[key]) - Number(one[key]) * 1e6
          expect(Math.abs(difference)).toBeLessThanOrEqual(1e6 + 1e-6 * Number(million[key]))
        }
      }),
      RUNS,
    )
  })
})
