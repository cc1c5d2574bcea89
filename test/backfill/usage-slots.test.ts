import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotReader } from '../../src/backfill/usage-slots.ts'

interface Asked {
  readonly from: number
  readonly to: number
}

function readerOf(slots: readonly number[], start: number, chunkMs: number) {
  const asked: Asked[] = []
  const read = async (from: number, to: number) => {
    asked.push({ from, to })
    return slots.filter((slot) => slot >= from && slot < to).map((slot) => ({ slot }))
  }
  return { reader: new SlotReader({ start, chunkMs, read }), asked }
}

async function taken(reader: SlotReader<{ slot: number }>, before: number): Promise<number[]> {
  const slots: number[] = []
  for await (const rows of reader.take(before)) slots.push(...rows.map(({ slot }) => slot))
  return slots
}

describe('reading slots in chunks', () => {
  it('asks for no more than one chunk ahead, and for nothing twice', async () => {
    const { reader, asked } = readerOf([100, 130, 170], 100, 50)
    expect(await taken(reader, 110)).toEqual([100])
    expect(await taken(reader, 149)).toEqual([130])
    expect(asked).toEqual([{ from: Number.MIN_SAFE_INTEGER, to: 150 }])
    expect(await taken(reader, 171)).toEqual([170])
    expect(asked.slice(1)).toEqual([{ from: 150, to: 200 }])
  })

  it('gives a long past in parts, each no longer than a chunk', async () => {
    const { reader } = readerOf([0, 1, 2, 10, 11, 25], 0, 10)
    const parts: number[] = []
    for await (const rows of reader.take(30)) parts.push(rows.length)
    expect(parts.filter((length) => length > 0)).toEqual([3, 2, 1])
  })

  it('leaves what was only looked at, also across chunks', async () => {
    const { reader } = readerOf([8, 12], 0, 10)
    expect(await taken(reader, 8)).toEqual([])
    expect(await reader.peek(13)).toEqual([{ slot: 8 }, { slot: 12 }])
    expect(await taken(reader, 12)).toEqual([8])
    expect(await taken(reader, 20)).toEqual([12])
  })

  it('gives rows from before the start with the first chunk', async () => {
    const { reader } = readerOf([-50, 3], 0, 10)
    expect(await taken(reader, -49)).toEqual([-50])
    expect(await taken(reader, 4)).toEqual([3])
  })

  it('gives every row once, in order, whatever it is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -20, max: 100 }), { maxLength: 30 }),
        fc.array(fc.integer({ min: -30, max: 110 }), { maxLength: 12 }),
        fc.integer({ min: -10, max: 50 }),
        fc.integer({ min: 1, max: 40 }),
        async (slots, instants, start, chunkMs) => {
          const sorted = [...slots].sort((a, b) => a - b)
          const { reader } = readerOf(slots, start, chunkMs)
          let before = Number.NEGATIVE_INFINITY
          for (const instant of [...instants].sort((a, b) => a - b)) {
            expect(await taken(reader, instant)).toEqual(sorted.filter((slot) => slot >= before && slot < instant))
            const ahead = await reader.peek(instant + 5)
            expect(ahead.map(({ slot }) => slot)).toEqual(
              sorted.filter((slot) => slot >= instant && slot < instant + 5),
            )
            before = instant
          }
        },
      ),
    )
  })
})
