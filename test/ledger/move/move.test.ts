import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { amountOf, isZero, MEASURE } from '../../../src/core/measures.ts'
import { TOKEN_CLASSES } from '../../../src/core/usage.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import type { MachineIdentity } from '../../../src/ledger/machines.ts'
import { compareLedgers, isComplete } from '../../../src/ledger/move/compare.ts'
import { moveLedger } from '../../../src/ledger/move/move.ts'
import { openMoveSource } from '../../../src/ledger/move/source.ts'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { openSqliteLedger, openSqliteReader } from '../../../src/ledger/sqlite/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'
import { sourceBatch } from '../../support/usage-record.ts'
import { postgresOptions, sharedPostgres } from '../contract/ledgers.ts'
import { oldLedger } from '../old-ledger.ts'
import { picture, totalOf } from './picture.ts'
import { fillRich, richLedger, richRecords, START } from './rich-ledger.ts'

const LAPTOP: MachineIdentity = { uid: 'uid-laptop', name: 'laptop' }
const SERVER: MachineIdentity = { uid: 'uid-server', name: 'server' }
const NOW = START + 10 ** 9

const emptyPath = () => join(tempFolder(), 'ledger.sqlite')

describe.skipIf(!hasPostgres())('moving a SQLite ledger into PostgreSQL', () => {
  const server = sharedPostgres()

  async function move(path: string, schema: string, machine = LAPTOP) {
    const source = openMoveSource(path, NOW)
    const target = await openPostgresStore(postgresOptions(await server(), schema, { machine }))
    try {
      await moveLedger({ source, target, now: NOW, onMoved: () => {} })
      const comparison = await compareLedgers(source, target, () => {})
      return { comparison, isComplete: isComplete(comparison) }
    } finally {
      await target.close()
      source.close()
    }
  }

  async function inDatabase<T>(schema: string, read: (ledger: Ledger) => Promise<T>, machine = LAPTOP): Promise<T> {
    const ledger = ledgerOn(await openPostgresStore(postgresOptions(await server(), schema, { machine })))
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

  it.each([{ prune: false }, { prune: true }])(
    'gives every answer the file gave, pruned: $prune',
    async ({ prune }) => {
      const path = emptyPath()
      const schema = freshSchema()
      await richLedger({ path, machine: LAPTOP, prune })
      const bytes = readFileSync(path)
      const { comparison, isComplete: complete } = await move(path, schema)
      expect(complete).toBe(true)
      const corrected = (await inFile(path, (ledger) => ledger.counters())).some(({ reversed }) => !isZero(reversed))
      expect(corrected).toBe(true)
      expect(comparison).toMatchObject({ missing: 0, better: 0 })
      expect(comparison.target).toEqual(comparison.source)
      expect(await inDatabase(schema, picture)).toEqual(await inFile(path, picture))
      expect((await inDatabase(schema, (ledger) => ledger.check())).differences).toEqual([])
      expect(readFileSync(path).equals(bytes)).toBe(true)
    },
  )

  it('changes nothing when it is done again', async () => {
    const path = emptyPath()
    const schema = freshSchema()
    await richLedger({ path, machine: LAPTOP })
    await move(path, schema)
    const before = await inDatabase(schema, picture)
    expect((await move(path, schema)).isComplete).toBe(true)
    expect(await inDatabase(schema, picture)).toEqual(before)
  })

  it('brings along what came to the file since it was moved', async () => {
    const path = emptyPath()
    const schema = freshSchema()
    await richLedger({ path, machine: LAPTOP })
    await move(path, schema)
    const ledger = openSqliteLedger({
      path,
      synchronous: 'normal',
      allowNetworkFilesystem: true,
      now: 2,
      machine: LAPTOP,
    })
    await appendBatches(ledger, [sourceBatch(richRecords(500, 30), { stream: 'more', cursor: '9' })], {
      now: START + 90,
    })
    await ledger.prune(START + 80 * 7 * 60_000)
    await ledger.close()
    expect((await move(path, schema)).isComplete).toBe(true)
    expect(await inDatabase(schema, totalOf)).toEqual(await inFile(path, totalOf))
  })

  it.each([{ prune: false }, { prune: true }])(
    'makes the union of two machines whose logs overlap, pruned: $prune',
    async ({ prune }) => {
      const [first, second, both] = [emptyPath(), emptyPath(), emptyPath()]
      const schema = freshSchema()
      await richLedger({ path: first, machine: LAPTOP, from: 0, count: 80, prune })
      await richLedger({ path: second, machine: SERVER, from: 40, count: 80, prune })
      await richLedger({ path: both, machine: LAPTOP, from: 0, count: 120, prune: false })
      expect((await move(first, schema, LAPTOP)).isComplete).toBe(true)
      const shown = await inDatabase(schema, (ledger) => ledger.counters())
      expect((await move(second, schema, SERVER)).isComplete).toBe(true)
      const tokens = (values: Awaited<ReturnType<typeof totalOf>>) => values.slice(1, 7).map(String)
      // The second file's own copy, and the response that it knows an earlier owner of, are no part of the first.
      const expected = await inFile(both, totalOf)
      const more = tokens(await inDatabase(schema, totalOf)).map(
        (value, index) => BigInt(value) - BigInt(tokens(expected)[index] ?? 0),
      )
      expect(more).toEqual([0n, 0n, 0n, 0n, 10n, 0n])
      const after = new Map((await inDatabase(schema, (ledger) => ledger.counters())).map((row) => [row.label, row]))
      const isExposed = new Map(
        (await inDatabase(schema, (ledger) => ledger.labels())).map((row) => [row.id, row.exposed]),
      )
      for (const { label, published } of shown.filter((row) => isExposed.get(row.label))) {
        const now = after.get(label)?.published ?? []
        expect(amountOf(now, 'cost_usd')).toBeGreaterThanOrEqual(amountOf(published, 'cost_usd'))
        for (const name of TOKEN_CLASSES) {
          expect(Number(now[MEASURE[name]])).toBeGreaterThanOrEqual(Number(published[MEASURE[name]]))
        }
      }
      const before = await inDatabase(schema, totalOf)
      expect((await move(first, schema, LAPTOP)).isComplete).toBe(true)
      expect(await inDatabase(schema, totalOf)).toEqual(before)
      expect((await inDatabase(schema, (ledger) => ledger.machines())).map(({ name }) => name)).toEqual([
        'laptop',
        'server',
      ])
    },
  )

  it('refuses while an exporter writes the file', async () => {
    const path = emptyPath()
    await richLedger({ path, machine: LAPTOP })
    const writer = openSqliteLedger({ path, synchronous: 'normal', allowNetworkFilesystem: true, now: 2 })
    try {
      expect(() => openMoveSource(path, NOW)).toThrow('Another exporter is using the ledger')
    } finally {
      await writer.close()
    }
  })

  it('keeps exporters away from the file for as long as it takes', async () => {
    const path = emptyPath()
    await richLedger({ path, machine: LAPTOP })
    const source = openMoveSource(path, NOW)
    const open = () => openSqliteLedger({ path, synchronous: 'normal', allowNetworkFilesystem: true, now: 2 })
    expect(open).toThrow('Another exporter is using the ledger')
    source.close()
    await open().close()
  })

  it('tells what is missing before it is moved', async () => {
    const path = emptyPath()
    await richLedger({ path, machine: LAPTOP })
    const source = openMoveSource(path, NOW)
    const target = await openPostgresStore(postgresOptions(await server(), freshSchema(), { machine: LAPTOP }))
    const comparison = await compareLedgers(source, target, () => {})
    expect(isComplete(comparison)).toBe(false)
    expect(comparison.missing).toBeGreaterThan(0)
    expect(comparison.target.responses).toBe(0n)
    await target.close()
    source.close()
  })

  it('moves a copy of the file as well as the file', async () => {
    const [path, copy] = [emptyPath(), emptyPath()]
    const schema = freshSchema()
    await richLedger({ path, machine: LAPTOP })
    copyFileSync(path, copy)
    await move(path, schema)
    const before = await inDatabase(schema, picture)
    await move(copy, schema)
    expect(await inDatabase(schema, picture)).toEqual(before)
  })

  it.each([3])('brings a file of schema %i up to date beside it, and leaves nothing behind', async (version) => {
    const path = emptyPath()
    const schema = freshSchema()
    await oldLedger(path, version, (ledger) => fillRich(ledger, 0, 60))
    const bytes = readFileSync(path)
    expect((await move(path, schema)).isComplete).toBe(true)
    expect(await inDatabase(schema, totalOf)).toEqual(await inFile(path, totalOf))
    const streams = (ledger: Ledger) => ledger.streams('claude-code')
    expect((await inDatabase(schema, streams)).length).toBe((await inFile(path, streams)).length)
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(readdirSync(dirname(path)).filter((name) => name.includes('moving'))).toEqual([])
  })
})
