import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../src/core/measures.ts'
import type { UsageRecord } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openSqliteReader } from '../../src/ledger/sqlite/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { tempFolder } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { type LedgerPlace, ledgerKinds } from './contract/ledgers.ts'
import { openAs } from './machines.ts'

const RANGE = { from: 0, to: 10 ** 14 }

/** Requests per value of a dimension. */
async function requestsBy(ledger: Ledger, by: 'machine' | 'project') {
  const usage = await ledger.usage({ ...RANGE, by: [by] })
  return Object.fromEntries(usage.map(({ group, values }) => [group.join(), Number(values[MEASURE.requests])]))
}

/** Does something on each of several machines in turn, on one ledger. */
function inTurnOn(place: Pick<LedgerPlace, 'open'>) {
  return async <T>(machine: string, work: (ledger: Ledger) => Promise<T>): Promise<T> => {
    const ledger = await place.open(machine)
    try {
      return await work(ledger)
    } finally {
      await ledger.close()
    }
  }
}

const read =
  (record: Partial<UsageRecord>[], live = true) =>
  (ledger: Ledger) =>
    appendBatches(ledger, [sourceBatch(record.map(usageRecord))], { live })

const kinds = ledgerKinds()

describe.each(kinds)('logs that are on two machines, on $name', ({ newPlace }) => {
  const inTurn = () => inTurnOn(newPlace())
  const logs = [0, 1, 2].map((n) => ({ identity: `m:${n}`, session: `s${n}` }))

  it('are counted once, for the machine that read them first', async () => {
    const on = inTurn()
    await on('a', read(logs))
    const before = await on('a', (ledger) => ledger.counters())
    const delta = await on('b', read(logs))
    expect([delta.labels, delta.rollup, delta.counters, delta.sessions]).toEqual([[], [], [], []])
    await on('b', async (ledger) => {
      expect(await requestsBy(ledger, 'machine')).toEqual({ a: 3 })
      expect(await ledger.counters()).toEqual(before)
      expect((await ledger.labels()).map(({ machine }) => machine)).toEqual(['a'])
      expect(await ledger.check()).toMatchObject({ integrity: 'ok', responses: 3, differences: [] })
    })
  })

  it('stay with that machine though the other has the older file', async () => {
    const on = inTurn()
    await on('a', read([{ fileTime: 2000 }]))
    await on('b', read([{ fileTime: 1000 }]))
    expect(await on('b', (ledger) => requestsBy(ledger, 'machine'))).toEqual({ a: 1 })
  })

  it('keep better numbers from the other for the first', async () => {
    const on = inTurn()
    await on('a', read([{ winRank: 1, parts: [usagePart({ output: 1 })] }]))
    const delta = await on('b', read([{ winRank: 3, parts: [usagePart({ output: 9 })] }]))
    expect(delta.labels.map(({ machine }) => machine)).toEqual(['a'])
    await on('b', async (ledger) => {
      const [sum] = await ledger.usage({ ...RANGE, by: ['machine'] })
      expect([sum?.group, sum?.values[MEASURE.output]]).toEqual([['a'], 9])
    })
  })

  it('go to the other once it shows that they are somebody else’s', async () => {
    const on = inTurn()
    await on('a', read([{ ownerRank: 2, project: 'copy' }]))
    const delta = await on('b', read([{ ownerRank: 0, project: 'shop' }]))
    expect(delta.labels.map(({ machine, project }) => [machine, project])).toEqual([
      ['a', 'copy'],
      ['b', 'shop'],
    ])
    await on('b', async (ledger) => {
      expect(await requestsBy(ledger, 'machine')).toEqual({ b: 1 })
      expect(await ledger.check()).toMatchObject({ differences: [] })
    })
  })
})

describe.each(kinds)('what a machine has of its own on a ledger on $name', ({ newPlace }) => {
  const inTurn = () => inTurnOn(newPlace())

  it('are its streams, with their cursors, and those that are gone', async () => {
    const on = inTurn()
    await on('a', read([{ identity: 'm:1' }]))
    expect(await on('b', (ledger) => ledger.streams('claude-code'))).toEqual([])
    await on('b', async (ledger) => {
      await appendBatches(ledger, [sourceBatch([], { cursor: '7' })])
      await ledger.markGone('claude-code', ['f1'], 5)
    })
    expect(await on('a', (ledger) => ledger.streams('claude-code'))).toMatchObject([{ stream: 'f1', cursor: '1' }])
    expect(await on('b', (ledger) => ledger.streams('claude-code'))).toMatchObject([{ stream: 'f1', cursor: '7' }])
  })

  it('is what it holds', async () => {
    const on = inTurn()
    await on('a', read([{ identity: 'm:1', settled: false }]))
    await on('b', read([{ identity: 'm:2', settled: false }]))
    const everything = {
      heldBefore: Number.MAX_SAFE_INTEGER,
      writtenBefore: Number.MAX_SAFE_INTEGER,
      streams: { source: 'claude-code' as const, ids: ['f1'] },
    }
    const [settled] = (await on('b', (ledger) => ledger.settleHeld(everything))).counters
    expect(settled?.published[MEASURE.requests]).toBe(1)
    expect(await on('b', (ledger) => ledger.heldStreams('claude-code'))).toEqual([])
    expect(await on('a', (ledger) => ledger.heldStreams('claude-code'))).toEqual(['f1'])
    await on('a', (ledger) => ledger.settleHeld(everything))
    expect(await on('a', (ledger) => ledger.heldCount())).toBe(0)
  })

  it('is the end of its baseline: labels, sessions and roots', async () => {
    const on = inTurn()
    await on('a', read([{ identity: 'm:1', session: 's1' }], false))
    await on('b', read([{ identity: 'm:2', session: 's2' }], false))
    const delta = await on('b', (ledger) => ledger.expose({ source: 'claude-code', roots: ['/b'] }))
    expect(delta.labels.map(({ machine, exposed }) => [machine, exposed])).toEqual([['b', true]])
    expect(delta.sessions.map(({ sessions }) => sessions)).toEqual([1])
    await on('a', async (ledger) => {
      expect((await ledger.labels()).map(({ machine, exposed }) => [machine, exposed])).toEqual([
        ['a', false],
        ['b', true],
      ])
      expect(await ledger.loadedRoots('claude-code')).toEqual([])
      const own = await ledger.expose({ source: 'claude-code', roots: ['/a'] })
      expect([own.labels.length, own.sessions.map(({ sessions }) => sessions)]).toEqual([1, [1]])
    })
    expect(await on('b', (ledger) => ledger.loadedRoots('claude-code'))).toEqual(['/b'])
  })

  it('are its runs', async () => {
    const on = inTurn()
    for (const machine of ['a', 'b']) {
      await on(machine, (ledger) => ledger.startRun({ source: `of-${machine}`, cause: 'start', startedAt: 1 }))
    }
    expect(await on('b', (ledger) => ledger.interruptRuns(5))).toBe(1)
    const runs = await on('a', (ledger) => ledger.runs({ limit: 9 }))
    expect(runs.map(({ source, result }) => [source, result])).toEqual([
      ['of-b', 'interrupted'],
      ['of-a', 'running'],
    ])
  })
})

describe.each(kinds)('what machines share on $name', ({ newPlace }) => {
  const inTurn = () => inTurnOn(newPlace())

  it('tallies are the sum of all, the newest the newest of all', async () => {
    const on = inTurn()
    const rejected = { rejected: { malformed: 2 }, lines: 5, bytes: 50 }
    await on('a', (ledger) => appendBatches(ledger, [sourceBatch([usageRecord({ time: 9000 })], { tally: rejected })]))
    await on('b', (ledger) => appendBatches(ledger, [sourceBatch([usageRecord({ time: 4000 })], { tally: rejected })]))
    expect(await on('a', (ledger) => ledger.tallies())).toEqual([
      { source: 'claude-code', lines: 10, bytes: 100, rejected: { malformed: 4 }, duplicates: 1, newest: 9000 },
    ])
  })
})

describe('a ledger in a file', () => {
  const inTurn = (path = join(tempFolder(), 'ledger.sqlite')) =>
    inTurnOn({ open: async (machine = 'local') => openAs(path, machine) })

  it('knows machines by name, with their last sign of life and their newest response', async () => {
    const on = inTurn()
    await on('b', async (ledger) => {
      await ledger.beat({ now: 100, read: true })
      await ledger.beat({ now: 200, read: false })
    })
    await on('a', async (ledger) => {
      await read([{ time: 9000 }])(ledger)
      await ledger.beat({ now: 300, read: false })
      expect(await ledger.machines()).toMatchObject([
        { name: 'a', seenAt: 300, readAt: null, newestAt: 9000 },
        { name: 'b', seenAt: 200, readAt: 100, newestAt: null },
      ])
    })
  })

  it('that is read beside speaks for the machine that used it last', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    const on = inTurn(path)
    await on('b', read([{ identity: 'm:1' }]))
    await on('b', (ledger) => ledger.beat({ now: 100, read: true }))
    await on('a', (ledger) => ledger.beat({ now: 50, read: true }))
    const reader = openSqliteReader(path)
    expect([reader.machine, (await reader.streams('claude-code')).length]).toEqual(['b', 1])
    const frozen = await reader.freeze()
    expect(frozen.ledger.machine).toBe('b')
    await frozen.ledger.close()
    await reader.close()
  })

  it('gives every lease and has no news', async () => {
    await inTurn()('a', async (ledger) => {
      expect([await ledger.lease('pruning', 1000), await ledger.lease('pruning', 1000)]).toEqual([true, true])
      await ledger.releaseLeases()
      expect([ledger.isShared, await ledger.news()]).toEqual([
        false,
        { deltas: [], organizations: false, reload: false },
      ])
    })
  })
})
