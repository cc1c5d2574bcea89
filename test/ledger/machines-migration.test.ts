import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openSqliteLedger, openSqliteReader } from '../../src/ledger/sqlite/ledger.ts'
import { VERSION } from '../../src/lib/version.ts'
import { appendBatches } from '../support/append.ts'
import { tempFolder } from '../support/temp.ts'
import { sourceBatch, usageRecord } from '../support/usage-record.ts'
import { openAs } from './machines.ts'
import { oldLedger } from './old-ledger.ts'

const AT = Date.UTC(2026, 4, 4, 9, 12)

/** A ledger of the third version: two responses, one of them held, a run that goes on. */
async function ledgerOfVersion3(): Promise<string> {
  const path = join(tempFolder(), 'ledger.sqlite')
  await oldLedger(path, 3, async (ledger) => {
    const records = [0, 1].map((n) =>
      usageRecord({ identity: `m:${n}`, session: `s${n}`, project: `p${n}`, time: AT + n, settled: n === 0 }),
    )
    await appendBatches(ledger, [sourceBatch(records)], { now: AT })
    await ledger.expose({ source: 'claude-code', roots: ['/logs'] })
    await ledger.startRun({ source: 'claude-code', cause: 'start', startedAt: AT })
  })
  return path
}

async function everythingIn(ledger: Ledger) {
  return {
    check: await ledger.check(),
    roots: await ledger.loadedRoots('claude-code'),
    streams: await ledger.streams('claude-code'),
    held: await ledger.heldStreams('claude-code'),
    tallies: await ledger.tallies(),
    counters: await ledger.counters(),
    slots: await ledger.slots(0),
    starts: await ledger.sessionStarts(),
    runs: await ledger.runs({ limit: 9 }),
  }
}

const machinesOf = async (ledger: Ledger) => (await ledger.labels()).map(({ machine }) => machine)

describe('a ledger from before machines were told apart', () => {
  it('can be read as it is', async () => {
    const reader = openSqliteReader(await ledgerOfVersion3())
    const told = await everythingIn(reader)
    expect(told.check).toMatchObject({ integrity: 'ok', responses: 2, differences: [] })
    expect([told.roots, told.held]).toEqual([['/logs'], ['f1']])
    expect(told.streams).toEqual([{ stream: 'f1', path: 'f1.jsonl', cursor: '1' }])
    expect([await machinesOf(reader), await reader.machines(), reader.machine]).toEqual([['', ''], [], ''])
    const usage = await reader.usage({ from: 0, to: 10 ** 14, by: ['machine'] })
    expect(usage.map(({ group }) => group)).toEqual([['']])
    await reader.close()
  })

  it('belongs to the machine that opens it first, whole', async () => {
    const path = await ledgerOfVersion3()
    const reader = openSqliteReader(path)
    const told = await everythingIn(reader)
    await reader.close()
    const ledger = openAs(path, 'id:1', 'laptop', AT)
    expect(await everythingIn(ledger)).toEqual(told)
    expect(await machinesOf(ledger)).toEqual(['laptop', 'laptop'])
    expect(await ledger.machines()).toEqual([
      { name: 'laptop', version: VERSION, seenAt: AT, readAt: null, newestAt: AT + 1 },
    ])
    const { counters } = await ledger.settleHeld({ heldBefore: AT + 1 })
    expect(counters).toHaveLength(1)
    expect([await ledger.interruptRuns(AT + 9), await ledger.heldCount()]).toEqual([1, 0])
    await appendBatches(ledger, [sourceBatch([], { expected: '1', cursor: '2' })])
    expect(await ledger.check()).toMatchObject({ integrity: 'ok', differences: [] })
    await ledger.close()
  })

  it('opened by a program that reads no logs, waits for the machine that has a name', async () => {
    const path = await ledgerOfVersion3()
    const options = { path, synchronous: 'normal', allowNetworkFilesystem: true, now: 0 } as const
    const unnamed = openSqliteLedger(options)
    await unnamed.rebuildRollups()
    await unnamed.close()
    const ledger = openAs(path, 'id:1', 'laptop')
    expect(await ledger.streams('claude-code')).toHaveLength(1)
    expect([await machinesOf(ledger), ledger.machine]).toEqual([['laptop', 'laptop'], 'laptop'])
    await ledger.close()
    const again = openSqliteLedger(options)
    expect([await machinesOf(again), again.machine, (await again.machines()).length]).toEqual([
      ['laptop', 'laptop'],
      'laptop',
      1,
    ])
    await again.close()
  })
})

describe('the name of a machine', () => {
  it('is that of its labels too when it changes', async () => {
    const path = await ledgerOfVersion3()
    await openAs(path, 'id:1', 'laptop').close()
    const ledger = openAs(path, 'id:1', 'desk')
    expect([ledger.machine, await machinesOf(ledger)]).toEqual(['desk', ['desk', 'desk']])
    expect(await ledger.streams('claude-code')).toHaveLength(1)
    await ledger.close()
  })

  it('stays when the new one is another machine’s, and a new machine appends a number', async () => {
    const path = join(tempFolder(), 'ledger.sqlite')
    const names: string[] = []
    for (const [uid, name] of [
      ['id:1', 'laptop'],
      ['id:2', 'laptop'],
      ['id:3', 'laptop'],
      ['id:2', 'laptop'],
      ['id:4', 'desk'],
      ['id:1', 'desk'],
    ] as const) {
      const ledger = openAs(path, uid, name)
      names.push(ledger.machine)
      await ledger.close()
    }
    expect(names).toEqual(['laptop', 'laptop-2', 'laptop-3', 'laptop-2', 'desk', 'laptop'])
  })
})
