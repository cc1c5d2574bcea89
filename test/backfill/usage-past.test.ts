import { describe, expect, it } from 'vitest'
import { createUsagePast } from '../../src/backfill/usage-past.ts'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import { FLAG } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { tempLedger } from '../support/temp.ts'
import { usagePart } from '../support/usage-record.ts'
import { given, historyOf, ledgerWith, liveOf, NOON, output, outputs, QUARTER_MS, writerOf } from './usage-support.ts'

const range = { from: NOON, now: NOON + 3 * HOUR_MS }

describe('a counter in the history', () => {
  it('begins at 0 where its first quarter of an hour begins, and grows at the end of each one that has use', async () => {
    const ledger = await ledgerWith(output(3, 20), output(4, 29.9), output(5, 65))
    expect(outputs(await historyOf(ledger, range))).toEqual([
      [1, 0n],
      [2, 7n],
      [5, 12n],
    ])
  })

  it('has use of exactly a quarter’s start in that quarter', async () => {
    const ledger = await ledgerWith(output(3, 30))
    expect(outputs(await historyOf(ledger, range))).toEqual([
      [2, 0n],
      [3, 3n],
    ])
  })

  it('has at the last instant what happened since the last whole quarter, and what is dated later', async () => {
    const ledger = await ledgerWith(output(3, 20), output(4, 62), output(9, 600, { project: 'later' }))
    const history = await historyOf(ledger, { from: NOON, now: NOON + 65 * 60_000 })
    expect(outputs(history, 'shop').slice(-1)).toEqual([[65 / 15, 7n]])
    expect(outputs(history, 'later')).toEqual([
      [4, 0n],
      [65 / 15, 9n],
    ])
  })

  it('that ends before now has nothing of what came after, nor of the quarter its end lies in', async () => {
    const ledger = await ledgerWith(output(3, 20), output(4, 62), output(9, 95, { project: 'later' }))
    for (const minutes of [75, 80]) {
      const history = await historyOf(ledger, { ...range, to: NOON + minutes * 60_000 })
      expect(outputs(history, 'shop')).toEqual([
        [1, 0n],
        [2, 3n],
        [5, 7n],
      ])
    }
  })

  it('that begins after the end is there at its end, so that the first scrape shows an increase', async () => {
    const ledger = await ledgerWith(output(3, 20), output(9, 95, { project: 'later', session: 'new' }))
    const history = await historyOf(ledger, { ...range, to: NOON + 45 * 60_000 })
    expect(outputs(history, 'later')).toEqual([[3, 0n]])
    const later = given(history.sessionsStarted, ({ project, sessions }) => [project, sessions])
    expect(later.filter(([, row]) => (row as string[])[0] === 'later')).toEqual([[3, ['later', 0n]]])
  })

  it('with use from before the first instant is given there at its value then', async () => {
    const ledger = await ledgerWith(output(3, -3 * 24 * 60), output(2, -1), output(1, -30, { project: 'blog' }))
    const history = await historyOf(ledger, range)
    expect(outputs(history, 'shop')).toEqual([[0, 5n]])
    expect(outputs(history, 'blog')).toEqual([[0, 1n]])
  })

  it('of years is read in chunks of a week', async () => {
    const ledger = await ledgerWith(output(1, -800 * 24 * 60), output(2, -20 * 24 * 60), output(4, -1))
    const asked: number[] = []
    const { ledger: frozen } = await ledger.freeze()
    const slots: Ledger['slots'] = (from, to = Number.POSITIVE_INFINITY) => {
      asked.push(to - Math.max(from, NOON - 800 * DAY_MS))
      return frozen.slots(from, to)
    }
    const watched = new Proxy(frozen, { get: (target, name) => (name === 'slots' ? slots : Reflect.get(target, name)) })
    const past = createUsagePast(watched, { now: NOON + DAY_MS, to: NOON + DAY_MS, seriesLimit: 10_000 })
    expect((await past.at(NOON - DAY_MS)).counters).toMatchObject([{ tokens: [0n, 0n, 0n, 0n, 3n] }])
    expect((await past.at(NOON)).counters).toMatchObject([{ tokens: [0n, 0n, 0n, 0n, 7n] }])
    expect(asked.length).toBeGreaterThan(100)
    expect(Math.max(...asked)).toBeLessThanOrEqual(7 * DAY_MS + QUARTER_MS)
    await frozen.close()
  })

  it('is there after the responses were pruned', async () => {
    const ledger = await ledgerWith(output(3, 20), output(5, 65))
    const before = await historyOf(ledger, range)
    expect(await ledger.prune(NOON + DAY_MS)).toBe(2)
    expect(await historyOf(ledger, range)).toEqual(before)
  })

  it('of an empty ledger is none', async () => {
    const history = await historyOf(tempLedger(), range)
    for (const moments of Object.values(history)) expect(moments.at(-1)?.shown.size).toBe(0)
  })
})

describe('corrections', () => {
  it('are reversed from the first instant on, so that the counter ends at what it shows', async () => {
    const ledger = tempLedger()
    const write = writerOf(ledger)
    const identity = 'm:corrected'
    await write([output(50, 20, { identity, winRank: 2 }), output(5, 65)])
    await write([output(20, 20, { identity, winRank: 3 })])
    const history = await historyOf(ledger, range)
    expect(given(history.counters, ({ tokens, reversedTokens }) => [tokens[4], reversedTokens[4]])).toEqual([
      [0, [30n, 30n]],
      [2, [50n, 30n]],
      [5, [55n, 30n]],
    ])
    const [row] = history.counters.at(-1)?.shown.values() ?? []
    expect(row?.reversedPico).toBe(30n * 25_000_000n)
    expect(row?.estimatedPico).toBe(55n * 25_000_000n)
  })

  it('that gave a response to another project leave the first one at what it shows', async () => {
    const ledger = tempLedger()
    const write = writerOf(ledger)
    const identity = 'm:moved'
    await write([output(50, 20, { identity, ownerRank: 4, session: 'fork', project: 'copy' })])
    await write([output(50, 20, { identity })])
    const history = await historyOf(ledger, range)
    expect(outputs(history, 'copy')).toEqual([[0, 50n]])
    expect(outputs(history, 'shop')).toEqual([
      [1, 0n],
      [2, 50n],
    ])
  })
})

describe('what is not shown now', () => {
  it('held responses never lift a counter above what it shows', async () => {
    const held = { settled: false, flags: FLAG.unfinal, winRank: 2 }
    const ledger = await ledgerWith(
      output(3, 20),
      output(50, 35, held),
      output(5, 65),
      output(9, 35, { ...held, project: 'blog' }),
    )
    expect((await liveOf(ledger, range.now)).counters.map(({ tokens }) => tokens[4])).toEqual([8n, 0n])
    const history = await historyOf(ledger, range)
    expect(outputs(history, 'shop')).toEqual([
      [1, 0n],
      [2, 3n],
      [3, 8n],
    ])
    expect(outputs(history, 'blog')).toEqual([[2, 0n]])
  })

  it('labels of history that is still being loaded have none', async () => {
    const ledger = tempLedger()
    await writerOf(ledger)([output(3, 20)], { live: false })
    expect((await historyOf(ledger, range)).counters.at(-1)?.shown.size).toBe(0)
    await ledger.expose({ source: 'claude-code', roots: [] })
    expect(outputs(await historyOf(ledger, range))).toEqual([
      [1, 0n],
      [2, 3n],
    ])
  })

  it('a label set that is shown at 0 for a while is at 0 all the time', async () => {
    const ledger = tempLedger()
    await writerOf(ledger)([output(3, 20, { parts: [usagePart({ output: 3 }, 'mystery')] })], {
      now: range.now - 10,
      zeroFirstMs: 1000,
    })
    const history = await historyOf(ledger, range)
    expect(outputs(history)).toEqual([[1, 0n]])
    expect(given(history.unpriced, ({ tokens }) => tokens)).toEqual([[1, 0n]])
    expect(given(history.sessionsStarted, ({ sessions }) => sessions)).toEqual([[1, 0n]])
    expect(outputs(await historyOf(ledger, { from: NOON, now: range.now + 1000 }))).toEqual([
      [1, 0n],
      [2, 3n],
    ])
  })
})
