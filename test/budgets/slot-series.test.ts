import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotSeries } from '../../src/budgets/slot-series.ts'

const seriesOf = (...entries: [number, bigint][]) => {
  const series = new SlotSeries()
  series.replace(entries)
  return series
}

describe('SlotSeries', () => {
  it.each([
    ['the slot that begins at the start', 100, 101, 1n],
    ['not the slot that begins at the end', 100, 200, 1n],
    ['all between', 100, 201, 3n],
    ['a slot that began before does not count', 101, 301, 6n],
    ['everything', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 7n],
    ['nothing before the first', 0, 100, 0n],
    ['nothing in an empty range', 200, 200, 0n],
    ['nothing in a range that ends before it begins', 300, 100, 0n],
  ])('sums %s', (_case, from, to, expected) => {
    expect(seriesOf([100, 1n], [200, 2n], [300, 4n]).sum(from, to)).toBe(expected)
  })

  it('knows nothing at first', () => {
    const series = new SlotSeries()
    expect(series.first).toBeNull()
    expect(series.sum(0, 1)).toBe(0n)
    expect(series.entries()).toEqual([])
  })

  it('takes slots in any order, several times, between questions', () => {
    const series = seriesOf([300, 1n], [100, 2n], [300, 3n])
    expect(series.entries()).toEqual([
      [100, 2n],
      [300, 4n],
    ])
    series.add(200, 5n)
    series.add(100, 6n)
    series.add(50, 7n)
    expect(series.entries()).toEqual([
      [50, 7n],
      [100, 8n],
      [200, 5n],
      [300, 4n],
    ])
    expect(series.first).toBe(50)
  })

  it('drops a slot that a correction makes zero', () => {
    const series = seriesOf([100, 5n], [200, 6n])
    series.add(100, -5n)
    expect(series.first).toBe(200)
    expect(series.entries()).toEqual([[200, 6n]])
    series.add(200, -6n)
    expect(series.first).toBeNull()
  })

  it('keeps what a correction makes negative', () => {
    const series = seriesOf([100, 5n])
    series.add(100, -8n)
    expect(series.sum(0, 1_000)).toBe(-3n)
  })

  it('stays exact beyond 64 bits', () => {
    const series = seriesOf([100, 10n ** 30n], [200, 1n])
    expect(series.sum(0, 1_000)).toBe(10n ** 30n + 1n)
  })

  it('forgets what is old, and its later corrections', () => {
    const series = seriesOf([100, 1n], [200, 2n], [300, 4n])
    series.forgetBefore(200)
    series.add(100, -1n)
    series.add(200, 8n)
    expect(series.first).toBe(200)
    expect(series.sum(0, 1_000)).toBe(14n)
    series.forgetBefore(150)
    series.add(170, 1n)
    expect(series.entries()).toEqual([
      [200, 10n],
      [300, 4n],
    ])
  })

  it('begins anew when replaced', () => {
    const series = seriesOf([100, 1n], [200, 2n])
    series.forgetBefore(200)
    series.add(300, 1n)
    series.replace([[150, 9n]])
    expect(series.entries()).toEqual([[150, 9n]])
    expect(series.sum(0, 1_000)).toBe(9n)
  })

  it('takes a long history at once', () => {
    const slots = 200_000
    const series = new SlotSeries()
    for (let slot = slots; slot > 0; slot -= 1) series.add(slot, 1n)
    expect(series.sum(0, slots)).toBe(BigInt(slots - 1))
  })

  it('answers as a plain list does, whatever happens to it', () => {
    const slot = fc.integer({ min: 0, max: 30 })
    const amount = fc.bigInt({ min: -4n, max: 9n })
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ add: slot, amount }) },
      { weight: 4, arbitrary: fc.record({ from: slot, to: slot }) },
      { weight: 1, arbitrary: fc.record({ forget: slot }) },
      { weight: 1, arbitrary: fc.record({ replace: fc.array(fc.tuple(slot, amount), { maxLength: 10 }) }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const series = new SlotSeries()
        let list: [number, bigint][] = []
        let forgotten = Number.NEGATIVE_INFINITY
        for (const step of steps) {
          if ('add' in step) {
            series.add(step.add, step.amount)
            if (step.add >= forgotten) list.push([step.add, step.amount])
          } else if ('forget' in step) {
            series.forgetBefore(step.forget)
            forgotten = Math.max(forgotten, step.forget)
            list = list.filter(([start]) => start >= forgotten)
          } else if ('replace' in step) {
            series.replace(step.replace)
            list = [...step.replace]
            forgotten = Number.NEGATIVE_INFINITY
          } else {
            const within = list.filter(([start]) => start >= step.from && start < step.to)
            expect(series.sum(step.from, step.to)).toBe(within.reduce((sum, [, amount]) => sum + amount, 0n))
          }
        }
        const sums = new Map<number, bigint>()
        for (const [start, amount] of list) sums.set(start, (sums.get(start) ?? 0n) + amount)
        const expected = [...sums].filter(([, sum]) => sum !== 0n).sort(([a], [b]) => a - b)
        expect(series.entries()).toEqual(expected)
        expect(series.first).toBe(expected[0]?.[0] ?? null)
      }),
      { numRuns: 500 },
    )
  })
})
