import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts'
import { ledgerKinds } from '../contract/ledgers.ts'
import { ALL_TIME, costRow, DAY_1, usageRow, windowOf } from './rows.ts'

describe.each(ledgerKinds())('on $name', ({ newPlace, openLedger, runs }) => {
  const USD = 10n ** 12n

  it('sums of money are exact below zero and beyond 64 bits', async () => {
    const ledger = await openLedger()
    const nearlyFull = (2n ** 63n - 1n) * USD + 999_999_999_999n
    const amounts = [nearlyFull, nearlyFull, 1n, -1n, -USD, -USD - 1n, -(2n ** 63n) * USD, 0n]
    const rows = amounts.map((amount, n) => costRow(DAY_1 + n * HOUR_MS, amount, { listPico: n === 7 ? null : amount }))
    await ledger.replaceCost(windowOf(DAY_1, DAY_1 + DAY_MS, rows))
    const total = amounts.reduce((sum, amount) => sum + amount, 0n)
    expect(await ledger.billedCost({ ...ALL_TIME, by: [] })).toEqual([
      { slot: 0, group: [], amountPico: total, listPico: null },
    ])
    const edges = amounts.map((_, n) => DAY_1 + n * HOUR_MS)
    const each = await ledger.billedCost({ ...ALL_TIME, by: ['token_type', 'description'], edges })
    expect(each).toEqual(
      amounts.map((amountPico, slot) => ({
        slot,
        group: ['output', ''],
        amountPico,
        listPico: slot === 7 ? null : amountPico,
      })),
    )
    const beyond = windowOf(DAY_1, DAY_1 + DAY_MS, [costRow(DAY_1, 2n ** 63n * USD)])
    await expect(ledger.replaceCost(beyond)).rejects.toMatchObject({ failure: 'overflow' })
    await ledger.close()
  })

  it('sums of tokens are exact beyond 64 bits', async () => {
    const ledger = await openLedger()
    const rows = Array.from({ length: 2000 }, (_, n) => usageRow(DAY_1 + n * HOUR_MS, Number.MAX_SAFE_INTEGER))
    const to = DAY_1 + 90 * DAY_MS
    await ledger.replaceUsage(windowOf(DAY_1, to, rows))
    const [sum] = await ledger.apiUsage({ ...ALL_TIME, by: [] })
    expect(sum?.input).toBe(2000n * (2n ** 53n - 1n))
    await ledger.close()
  })

  it('groups of time begin at their boundaries, the last ends with the query', async () => {
    const ledger = await openLedger()
    const hours = (n: number) => DAY_1 + n * HOUR_MS
    const rows = Array.from({ length: 24 }, (_, n) => usageRow(hours(n), 1))
    await ledger.replaceUsage(windowOf(hours(0), hours(24), rows))
    const sums = await ledger.apiUsage({
      from: hours(2),
      to: hours(20),
      by: ['cost_type'],
      edges: [1, 3, 3, 9].map(hours),
    })
    expect(sums.map(({ slot, group, input }) => [slot, group[0], input])).toEqual([
      [0, 'none', 1n],
      [2, 'none', 6n],
      [3, 'none', 11n],
    ])
    await ledger.close()
  })

  it('any windows, in any order, leave what a plain table would have', async () => {
    const HOURS = 72
    const step = fc
      .record({
        first: fc.nat(HOURS - 1),
        length: fc.integer({ min: 1, max: 30 }),
        complete: fc.nat(HOURS),
        legacy: fc.boolean(),
        daily: fc.boolean(),
        cells: fc.array(fc.tuple(fc.nat(HOURS - 1), fc.constantFrom('a', 'b'), fc.nat(1000)), { maxLength: 20 }),
      })
      .map(({ first, length, complete, legacy, daily, cells }) => {
        const width = daily ? 24 : 1
        const from = Math.floor(first / width) * width
        const to = Math.min(HOURS, Math.ceil((first + length) / width) * width)
        const inside = new Map<string, { start: number; model: string; input: number }>()
        for (const [at, model, input] of cells) {
          const start = Math.floor(at / width) * width
          if (start >= from && start < to) inside.set(`${start} ${model}`, { start, model, input })
        }
        return { width, from, to, complete: Math.min(complete, to), kind: `${legacy} ${width}`, legacy, inside }
      })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const place = newPlace()
        const ledger = await place.open()
        const plain = new Map<string, { start: number; width: number; kind: string; model: string; input: number }>()
        for (const { width, from, to, complete, kind, legacy, inside } of steps) {
          const window = windowOf(
            DAY_1 + from * HOUR_MS,
            DAY_1 + to * HOUR_MS,
            [...inside.values()].map(({ start, model, input }) => usageRow(DAY_1 + start * HOUR_MS, input, { model })),
            {
              widthMs: width * HOUR_MS,
              completeTo: DAY_1 + complete * HOUR_MS,
              generation: legacy ? 'legacy' : 'analytics',
            },
          )
          try {
            await ledger.replaceUsage(window)
          } catch (error) {
            expect(error).toMatchObject({ failure: 'conflict' })
            continue
          }
          for (const [key, row] of plain) {
            const mayCome = row.kind === kind && row.start >= complete
            if (row.start >= from && row.start < to && !mayCome) plain.delete(key)
          }
          for (const [key, row] of inside) plain.set(key, { ...row, width, kind })
          const ends = [...plain.values()].map(({ start, width }) => [start, start + width] as const)
          for (const [start, end] of ends) {
            for (const [other, otherEnd] of ends)
              expect(start === other || end <= other || otherEnd <= start).toBe(true)
          }
        }
        const sums = new Map<string, bigint>()
        for (const { model, input } of plain.values()) sums.set(model, (sums.get(model) ?? 0n) + BigInt(input))
        const reader = await place.reader()
        for (const open of [ledger, reader]) {
          const found = await open.apiUsage({ ...ALL_TIME, by: ['model'] })
          expect(new Map(found.map(({ group, input }) => [group[0], input]))).toEqual(sums)
        }
        expect((await ledger.check()).organizationFaults).toEqual([])
        await reader.close()
        await ledger.close()
      }),
      { numRuns: runs(60) },
    )
  }, 60_000)
})
