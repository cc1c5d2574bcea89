import pg from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MEASURE } from '../../../src/core/measures.ts'
import { type Ledger, LedgerError } from '../../../src/ledger/ledger.ts'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'
import { closeLater, postgresOptions, sharedPostgres } from '../contract/ledgers.ts'

const record = (n: number) =>
  usageRecord({ identity: `r${n}`, session: `s${n % 3}`, time: 1_000 * n, parts: [usagePart({ output: n })] })

/** The n-th batch of a stream: ten responses, the last two of the batch before it again. */
const batch = (n: number) =>
  sourceBatch(
    Array.from({ length: 12 }, (_, index) => record(Math.max(0, n * 10 + index - 2))),
    { expected: n === 0 ? null : String(n), cursor: String(n + 1) },
  )

const all = { from: 0, to: 10 ** 14, by: [] }
const totals = async (ledger: Ledger) => {
  const [row] = await ledger.usage(all)
  return { requests: row?.values[MEASURE.requests], output: row?.values[MEASURE.output] }
}
const truth = (batches: number) => {
  const responses = batches * 10
  return { requests: responses, output: (responses * (responses - 1)) / 2 }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe.skipIf(!hasPostgres())('trouble with PostgreSQL', () => {
  const server = sharedPostgres()
  const openStore = async (schema: string, uid = 'local') => {
    const store = await openPostgresStore(postgresOptions(await server(), schema, { machine: { uid, name: uid } }))
    const ledger = ledgerOn(store)
    closeLater(ledger)
    return { store, ledger }
  }

  it('a server killed and started again in the middle of appends loses nothing and counts nothing twice', async () => {
    const postgres = await server()
    const { ledger } = await openStore(freshSchema())
    await appendBatches(ledger, [batch(0)])
    const failures = new Set<string>()
    let isDone = false
    const trouble = (async () => {
      for (let kill = 0; kill < 4; kill++) {
        await new Promise((resolve) => setTimeout(resolve, 30 + 50 * kill))
        await postgres.kill()
        await postgres.restart()
      }
      isDone = true
    })()
    let batches = 1
    while (!isDone || batches < 20) {
      try {
        // As the follower does: where to go on from is what the ledger says.
        const [stream] = await ledger.streams('claude-code')
        batches = Number(stream?.cursor)
        await appendBatches(ledger, [batch(batches)])
        batches += 1
      } catch (error) {
        expect(error).toBeInstanceOf(LedgerError)
        failures.add((error as LedgerError).failure)
        expect(String(error)).not.toContain(postgres.password)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
    await trouble
    expect([...failures]).toEqual(['away'])
    const [stream] = await ledger.streams('claude-code')
    expect(await totals(ledger)).toEqual(truth(Number(stream?.cursor)))
    expect(await ledger.check()).toMatchObject({ integrity: 'ok', differences: [] })
  }, 120_000)

  it('a deadlock is done again, by the one whom the server chose', async () => {
    const schema = freshSchema()
    const one = await openStore(schema, 'one')
    const two = await openStore(schema, 'two')
    await one.store.write(({ db }) => db.run("INSERT INTO meta(name, value) VALUES('a', '0'), ('b', '0')"))
    let met = () => {}
    const bothHoldOne = new Promise<void>((resolve) => {
      let count = 0
      met = () => {
        count += 1
        if (count === 2) resolve()
      }
    })
    const swap = ({ store }: typeof one, first: string, second: string) =>
      store.write(async ({ db }) => {
        await db.run("UPDATE meta SET value = value || '1' WHERE name = ?", first)
        met()
        await bothHoldOne
        await db.run("UPDATE meta SET value = value || '1' WHERE name = ?", second)
      })
    await Promise.all([swap(one, 'a', 'b'), swap(two, 'b', 'a')])
    expect(one.store.repeats + two.store.repeats).toBeGreaterThan(0)
    const found = await one.store.read((rows) => rows.all("SELECT value FROM meta WHERE name IN ('a', 'b')"))
    expect(found).toEqual([['011'], ['011']])
  })

  it('a serialisation failure is done again; what was done before it leaves no trace', async () => {
    const schema = freshSchema()
    const { store } = await openStore(schema)
    let attempts = 0
    await store.write(async ({ db, tx }) => {
      attempts += 1
      await tx.internSessions([{ source: 'pi', session: `attempt ${attempts}`, first: 1, last: 1 }])
      if (attempts < 3) await db.run("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")
    })
    expect(attempts).toBe(3)
    expect(await store.read((rows) => rows.all('SELECT ext_id FROM session'))).toEqual([['attempt 3']])
  })

  it('a failure that was not told of commits nothing', async () => {
    const { store } = await openStore(freshSchema())
    const written = store.write(async ({ db }) => {
      await db.run("INSERT INTO meta(name, value) VALUES('x', '1')")
      await db.run('SELECT 1 / 0').catch(() => {})
    })
    await expect(written).rejects.toBeInstanceOf(LedgerError)
    expect(await store.read((rows) => rows.all("SELECT 1 FROM meta WHERE name = 'x'"))).toEqual([])
  })

  it.each([
    { what: 'a sum beyond 64 bits', sql: 'SELECT 9223372036854775807::bigint + 1', failure: 'overflow' },
    { what: 'no right', sql: 'SELECT 1', state: '42501', failure: 'read_only' },
    { what: 'a full disk', sql: 'SELECT 1', state: '53100', failure: 'full' },
    { what: 'a damaged page', sql: 'SELECT 1', state: 'XX001', failure: 'corrupt' },
    { what: 'a server that stops', sql: 'SELECT 1', state: '57P01', failure: 'away' },
    { what: 'too many connections', sql: 'SELECT 1', state: '53300', failure: 'busy' },
  ])('$what is $failure', async ({ sql, state, failure }) => {
    const { store } = await openStore(freshSchema())
    const asked = state === undefined ? sql : `DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '${state}'; END $$`
    await expect(store.write(({ db }) => db.run(asked))).rejects.toMatchObject({ failure })
    expect(await store.read((rows) => rows.all('SELECT 1'))).toEqual([[1]])
  })

  it('connections that the server ends are replaced, idle or not', async () => {
    const postgres = await server()
    const { ledger } = await openStore(freshSchema())
    await appendBatches(ledger, [batch(0)])
    await ledger.span()
    const admin = new pg.Client({ connectionString: postgres.url })
    await admin.connect()
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'claude-usage-exporter'",
    )
    await admin.end()
    await expect.poll(() => appendBatches(ledger, [batch(1)]).catch(() => null)).not.toBeNull()
    await expect.poll(() => totals(ledger).catch(() => null)).toEqual(truth(2))
  })

  it('of two programs of one machine only one goes on from a cursor', async () => {
    const schema = freshSchema()
    const one = await openStore(schema)
    const two = await openStore(schema)
    await appendBatches(one.ledger, [batch(0)])
    await appendBatches(two.ledger, [batch(1)])
    // It has the cursor from before in mind.
    await expect(appendBatches(one.ledger, [batch(1)])).rejects.toMatchObject({ failure: 'conflict' })
    const both = await Promise.allSettled([
      appendBatches(one.ledger, [batch(2)]),
      appendBatches(two.ledger, [batch(2)]),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await totals(one.ledger)).toEqual(truth(3))
  })

  it('a commit that was not heard of is told as news, once, and is not done again', async () => {
    const { ledger } = await openStore(freshSchema())
    await appendBatches(ledger, [batch(0)])
    const query = pg.Client.prototype.query
    const asked = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given) {
      const answer: unknown = Reflect.apply(query, this, given)
      if (given[0] !== 'COMMIT') return answer as never
      asked.mockRestore()
      const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
      return Promise.resolve(answer).then(() => Promise.reject(lost)) as never
    })
    await expect(appendBatches(ledger, [batch(1)])).rejects.toMatchObject({ failure: 'away' })
    await expect(appendBatches(ledger, [batch(1)])).rejects.toMatchObject({ failure: 'conflict' })
    expect((await ledger.news()).deltas.map(({ rollup }) => rollup.length > 0)).toEqual([true])
    expect((await ledger.news()).deltas).toEqual([])
    expect(await ledger.streams('claude-code')).toMatchObject([{ cursor: '2' }])
    await appendBatches(ledger, [batch(2)])
    expect(await totals(ledger)).toEqual(truth(3))
    expect((await ledger.news()).deltas).toEqual([])
  })

  it('text that PostgreSQL refuses, and long names of any script, are stored', async () => {
    const { ledger } = await openStore(freshSchema())
    const wild = (n: number) => Array.from({ length: 190 }, (_, i) => String.fromCharCode(0x4e00 + i * 97 + n)).join('')
    const strange = usageRecord({
      agent: `a\0b\ud800"';--{},\\${wild(1)}`,
      project: wild(2),
      branch: wild(3),
      provider: wild(4),
      session: 's\0\udc00',
      parts: [usagePart({ output: 5 }, wild(5))],
    })
    await appendBatches(ledger, [sourceBatch([strange])])
    await appendBatches(ledger, [sourceBatch([strange], { stream: 'f2' })])
    const rows = await ledger.usage({ ...all, by: ['agent', 'project', 'session'] })
    expect(rows.map(({ group }) => group)).toEqual([[`ab\ufffd"';--{},\\${wild(1)}`, wild(2), 's\ufffd']])
    expect(await ledger.labels()).toHaveLength(1)
  })
})
