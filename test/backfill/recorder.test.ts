import { describe, expect, it } from 'vitest'
import { gridOf } from '../../src/backfill/grid.ts'
import { openMetrics } from '../../src/backfill/open-metrics.ts'
import type { Recorder } from '../../src/backfill/recorder.ts'
import type { Snapshot } from '../../src/view/snapshot.ts'
import { BALANCE, balance, RUNWAY, recorderOf, SLOT, samplesIn, UNPRICED, unpriced } from './support/history.ts'

const START = Date.parse('2026-05-04T10:00:00Z')

/** Values at every quarter of an hour from the start on, by series; `-` where there is none. */
function valuesOf(recorder: Recorder, quarters: number): Record<string, string> {
  const grid = gridOf({ from: START, to: START + (quarters - 1) * SLOT, isLast: true }, SLOT)
  const text = [...openMetrics(recorder.families, grid)].map((chunk) => chunk.text).join('')
  const rows: Record<string, string[]> = {}
  for (const [series, value, seconds] of samplesIn(text)) {
    const name = /(?:model|organization)="(.*?)"/.exec(series)?.[1] ?? ''
    rows[name] ??= new Array<string>(quarters).fill('-')
    const row = rows[name]
    row[(Number(seconds) * 1000 - START) / SLOT] = value
  }
  return Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.join(' ')]))
}

function record(recorder: Recorder, quarters: readonly Partial<Snapshot>[]): Recorder {
  quarters.forEach((part, index) => {
    recorder.record(START + index * SLOT, [part])
  })
  return recorder
}

describe('the recorder', () => {
  it('keeps a counter that is not given at its value', () => {
    const recorder = record(recorderOf([UNPRICED]), [
      {},
      { unpriced: [unpriced('a', 0n)] },
      { unpriced: [unpriced('a', 5n), unpriced('b', 0n)] },
      { unpriced: [unpriced('b', 7n)] },
      {},
    ])
    expect(valuesOf(recorder, 5)).toEqual({ a: '- 0 5 5 5', b: '- - 0 7 7' })
  })

  it('ends a gauge that is not given, and lets it begin again', () => {
    const recorder = record(recorderOf([BALANCE]), [
      { balances: [balance('a', 3n), balance('b', 1_000_000_000_000n)] },
      { balances: [balance('b', 1_000_000_000_000n)] },
      {},
      { balances: [balance('a', 3n), balance('b', null)] },
      { balances: [balance('a', 3n)] },
    ])
    expect(valuesOf(recorder, 5)).toEqual({ a: '0.000000000003 - - 0.000000000003 0.000000000003', b: '1 1 - - -' })
  })

  it('takes the same part again for the same values', () => {
    const shown = { balances: [balance('a', 3n)] }
    const recorder = record(recorderOf([BALANCE]), [shown, shown, {}, shown])
    expect(valuesOf(recorder, 4)).toEqual({ a: '0.000000000003 0.000000000003 - 0.000000000003' })
  })

  it.each([
    { of: 'tokens beyond a float', name: UNPRICED, part: { unpriced: [unpriced('a', 9_007_199_254_740_993n)] } },
    { of: 'tokens beyond 64 bits', name: UNPRICED, part: { unpriced: [unpriced('a', 2n ** 70n + 1n)] } },
  ])('is exact with $of', ({ name, part }) => {
    const recorder = record(recorderOf([name]), [part, {}])
    const value = String(part.unpriced[0]?.tokens)
    expect(valuesOf(recorder, 2)).toEqual({ a: `${value} ${value}` })
  })

  it.each([
    [1n, '0.000000000001'],
    [-1_500_000_000_000n, '-1.5'],
    [9_007_199_254_740_991n, '9007.199254740991'],
    [9_007_199_254_740_993n, '9007.199254740993'],
    [-(10n ** 30n) - 1n, '-1000000000000000000.000000000001'],
    [0n, '0'],
  ])('writes %d pico-dollars as %s', (pico, text) => {
    const recorder = record(recorderOf([BALANCE]), [{ balances: [balance('a', pico)] }])
    expect(valuesOf(recorder, 1)).toEqual({ a: text })
  })

  it('keeps floats as they are', () => {
    const recorder = record(recorderOf([RUNWAY]), [
      { balances: [balance('a', null, 100)] },
      { balances: [balance('a', null, 1e24)] },
    ])
    expect(valuesOf(recorder, 2)).toEqual({ a: '0.1 1e+21' })
  })

  it('forgets everything but what holds now', () => {
    const recorder = record(recorderOf([UNPRICED, BALANCE]), [
      { unpriced: [unpriced('c', 1n)], balances: [balance('a', 1n), balance('b', 1n)] },
      { unpriced: [unpriced('c', 2n ** 60n)], balances: [balance('b', 2n ** 60n)] },
    ])
    recorder.keepLast()
    expect(valuesOf(recorder, 2)).toEqual({ c: `- ${2n ** 60n}`, b: '- 1152921.504606846976' })
    recorder.record(START + 2 * SLOT, [{ balances: [balance('a', 1n)] }])
    expect(valuesOf(recorder, 3)).toEqual({
      a: '- - 0.000000000001',
      b: '- 1152921.504606846976 -',
      c: `- ${2n ** 60n} ${2n ** 60n}`,
    })
  })

  it('refuses a series that is given twice', () => {
    const rows = [unpriced('a', 1n), unpriced('a', 1n)]
    expect(() => record(recorderOf([UNPRICED]), [{ unpriced: rows }])).toThrow(
      'claude_unpriced_tokens_total{provider="p",model="a",instance="127.0.0.1:10061",job="usage"} is given twice at 2026-05-04T10:00:00.000Z',
    )
  })

  it('refuses two parts that tell of the same', () => {
    const recorder = recorderOf([UNPRICED])
    expect(() => recorder.record(START, [{ unpriced: [] }, { unpriced: [] }])).toThrow(
      'two parts of the past tell of unpriced',
    )
  })

  it('counts series over all its life', () => {
    const recorder = record(recorderOf([UNPRICED, BALANCE]), [
      { unpriced: [unpriced('a', 1n)], balances: [balance('a', 1n)] },
      { balances: [balance('b', 1n)] },
    ])
    recorder.keepLast()
    expect(recorder.series).toBe(3)
  })
})
