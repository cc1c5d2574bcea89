import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/measures.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import type { MachineIdentity } from '../../../src/ledger/machines.ts'
import { compareLedgers, isComplete } from '../../../src/ledger/move/compare.ts'
import { moveLedger } from '../../../src/ledger/move/move.ts'
import { openMoveSource } from '../../../src/ledger/move/source.ts'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import type { Store } from '../../../src/ledger/sql/store.ts'
import { openSqliteReader } from '../../../src/ledger/sqlite/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'
import { sourceBatch } from '../../support/usage-record.ts'
import { postgresOptions, sharedPostgres } from '../contract/ledgers.ts'
import { picture, totalOf } from './picture.ts'
import { fillRich, richLedger, richRecords, START } from './rich-ledger.ts'

const LAPTOP: MachineIdentity = { uid: 'uid-laptop', name: 'laptop' }
const SERVER: MachineIdentity = { uid: 'uid-server', name: 'server' }
const NOW = START + 10 ** 9

const emptyPath = () => join(tempFolder(), 'ledger.sqlite')

describe.skipIf(!hasPostgres())('a move with trouble', () => {
  const server = sharedPostgres()

  async function storeOf(schema: string, machine = LAPTOP): Promise<Store> {
    return openPostgresStore(postgresOptions(await server(), schema, { machine }))
  }

  async function inDatabase<T>(schema: string, read: (ledger: Ledger) => Promise<T>): Promise<T> {
    const ledger = ledgerOn(await storeOf(schema))
    try {
      return await read(ledger)
    } finally {
      await ledger.close()
    }
  }

  async function inFile<T>(path: string, read: (ledger: Ledger) => Promise<T>): Promise<T> {
    const ledger = openSqliteReader(path)
    try {
      return await read(ledger)
    } finally {
      await ledger.close()
    }
  }

  async function move(path: string, target: Store): Promise<boolean> {
    const source = openMoveSource(path, NOW)
    try {
      await moveLedger({ source, target, now: NOW, onMoved: () => {} })
      return isComplete(await compareLedgers(source, target, () => {}))
    } finally {
      source.close()
    }
  }

  it('that breaks off in each of its transactions, one after the other, ends with what the file holds', async () => {
    const path = emptyPath()
    const schema = freshSchema()
    await richLedger({ path, machine: LAPTOP })
    const target = await storeOf(schema)
    let failures = 0
    for (let fault = 1; ; fault++) {
      const isDone = await move(path, breaking(target, fault)).catch((error: Error) => {
        if (!error.message.includes(FAULT)) throw error
        failures += 1
        return false
      })
      if (isDone) break
    }
    await target.close()
    expect(failures).toBeGreaterThan(20)
    expect(await inDatabase(schema, picture)).toEqual(await inFile(path, picture))
    expect((await inDatabase(schema, (ledger) => ledger.check())).differences).toEqual([])
  })

  it('that runs twice at once, from two machines that keep the same logs, counts nothing twice', async () => {
    for (let round = 0; round < 2; round++) {
      const [first, second] = [emptyPath(), emptyPath()]
      const schema = freshSchema()
      await richLedger({ path: first, machine: LAPTOP })
      await richLedger({ path: second, machine: SERVER })
      const targets = [await storeOf(schema, LAPTOP), await storeOf(schema, SERVER)] as const
      const done = await Promise.all([move(first, slow(targets[0])), move(second, slow(targets[1]))])
      for (const target of targets) await target.close()
      expect(done).toEqual([true, true])
      expect((await inDatabase(schema, totalOf)).map(String)).toEqual((await inFile(first, totalOf)).map(String))
      expect((await inDatabase(schema, (ledger) => ledger.check())).differences).toEqual([])
      const published = (ledger: Ledger) =>
        ledger.counters().then((rows) => rows.reduce((sum, row) => sum + Number(row.published[MEASURE.output]), 0))
      const reversed = (ledger: Ledger) =>
        ledger.counters().then((rows) => rows.reduce((sum, row) => sum + Number(row.reversed[MEASURE.output]), 0))
      const shown = (await inDatabase(schema, published)) - (await inDatabase(schema, reversed))
      expect(shown).toBe((await inFile(first, published)) - (await inFile(first, reversed)))
    }
  })

  it('into a ledger that the same logs are read into meanwhile counts nothing twice, nor does reading them again', async () => {
    const path = emptyPath()
    const schema = freshSchema()
    await richLedger({ path, machine: LAPTOP, prune: false })
    const ingester = ledgerOn(await storeOf(schema, SERVER))
    const target = await storeOf(schema, LAPTOP)
    const [isDone] = await Promise.all([move(path, target), fillRich(ingester, 0, 120)])
    expect(isDone).toBe(true)
    const expected = (await inFile(path, totalOf)).map(String)
    expect((await inDatabase(schema, totalOf)).map(String)).toEqual(expected)
    const again = sourceBatch(richRecords(0, 120), { stream: 'again', cursor: '1' })
    await appendBatches(ledgerOn(target), [again], { now: START + 5 })
    expect((await inDatabase(schema, totalOf)).map(String)).toEqual(expected)
    expect((await inDatabase(schema, (ledger) => ledger.check())).differences).toEqual([])
    await ingester.close()
    await target.close()
  })
})

const FAULT = 'a fault that was put in'

/** A store whose n-th transaction does all of its work and is then undone, as are those after it. */
function breaking(store: Store, n: number): Store {
  let writes = 0
  return ending(store, async () => {
    writes += 1
    if (writes >= n) throw new Error(FAULT)
  })
}

/** A store whose transactions stay open for a moment, so that those of two stores overlap. */
function slow(store: Store): Store {
  return ending(store, () => new Promise((resolve) => setTimeout(resolve, 50)))
}

/** A store that does something before each commit. */
function ending(store: Store, end: () => Promise<void>): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'write') {
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      }
      const write: Store['write'] = (work) =>
        target.write(async (step) => {
          const value = await work(step)
          await end()
          return value
        })
      return write
    },
  })
}
