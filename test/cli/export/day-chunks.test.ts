import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inDayChunks } from '../../../src/cli/export/day-chunks.ts'

async function collect(days: number[], end: number, rowsPerDay: (day: number) => number) {
  const rows: number[] = []
  let most = 0
  const read = async (_from: number, _to: number, part: readonly number[]) =>
    part.flatMap((day) => Array.from({ length: rowsPerDay(day) }, () => day))
  for await (const chunk of inDayChunks(days, end, read)) {
    rows.push(...chunk)
    most = Math.max(most, chunk.length)
  }
  return { rows, most }
}

describe('reading by days', () => {
  it('reads every day once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9_000), { maxLength: 120 }), async (counts) => {
        const days = counts.map((_, index) => index)
        const { rows } = await collect(days, days.length, (day) => counts[day] ?? 0)
        expect(rows).toEqual(days.flatMap((day) => Array.from({ length: counts[day] ?? 0 }, () => day)))
      }),
      { numRuns: 30 },
    )
  })

  it('hands each stretch its begin and the begin of the next', async () => {
    const stretches: [number, number][] = []
    const read = async (from: number, to: number) => {
      stretches.push([from, to])
      return []
    }
    for await (const _ of inDayChunks([0, 10, 20, 30, 40], 45, read)) throw new Error('no rows')
    expect(stretches).toEqual([
      [0, 10],
      [10, 30],
      [30, 45],
    ])
  })

  it('has few rows at hand, however many there are', async () => {
    const days = Array.from({ length: 1_000 }, (_, index) => index)
    const { rows, most } = await collect(days, 1_000, () => 1_500)
    expect(rows).toHaveLength(1_500_000)
    expect(most).toBeLessThanOrEqual(20_000)
  })
})
