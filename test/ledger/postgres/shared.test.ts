import pg from 'pg'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { look, lookFrom } from '../../../src/ledger/postgres/commit-log.ts'
import { hasLedger, openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'
import { closeLater, postgresOptions, sharedPostgres } from '../contract/ledgers.ts'

const MINUTE_MS = 60_000

afterEach(() => {
  vi.restoreAllMocks()
})

describe.skipIf(!hasPostgres())('a ledger that several programs share', () => {
  const server = sharedPostgres()
  const openAs = async (schema: string, uid: string, url?: string) => {
    const postgres = await server()
    const options = postgresOptions(url === undefined ? postgres : { url }, schema, { machine: { uid, name: uid } })
    const ledger = ledgerOn(await openPostgresStore(options))
    closeLater(ledger)
    return ledger
  }

  it('lends something to one at a time, until it is given back or its time is up', async () => {
    const postgres = await server()
    const schema = freshSchema()
    const one = await openAs(schema, 'one')
    const two = await openAs(schema, 'two')
    expect(await one.lease('pruning', 10 * MINUTE_MS)).toBe(true)
    expect(await two.lease('pruning', 10 * MINUTE_MS)).toBe(false)
    expect(await two.lease('notices', 10 * MINUTE_MS)).toBe(true)
    expect(await one.lease('pruning', 20 * MINUTE_MS)).toBe(true)
    expect(await two.lease('pruning', 10 * MINUTE_MS)).toBe(false)
    await one.releaseLeases()
    expect(await two.lease('pruning', 10 * MINUTE_MS)).toBe(true)
    expect(await one.lease('notices', 10 * MINUTE_MS)).toBe(false)
    await postgres.psql(`UPDATE ${schema}.lease SET until = until - ${10 * MINUTE_MS} WHERE name = 'pruning'`)
    expect(await one.lease('pruning', 10 * MINUTE_MS)).toBe(true)
    expect(await two.lease('pruning', 10 * MINUTE_MS)).toBe(false)
  })

  it('tells whether anything was written to a schema yet', async () => {
    const options = postgresOptions(await server(), freshSchema())
    expect(await hasLedger(options)).toBe(false)
    closeLater(ledgerOn(await openPostgresStore(options)))
    expect(await hasLedger(options)).toBe(true)
  })

  it('tells whether somebody is at work for a machine, and for that machine only', async () => {
    const postgres = await server()
    const schema = freshSchema()
    const one = await openAs(schema, 'one')
    const again = await openAs(schema, 'one')
    const two = await openAs(schema, 'two')
    expect([await one.isFollowed(), await two.isFollowed()]).toEqual([false, false])
    await one.follow(10 * MINUTE_MS)
    expect([await one.isFollowed(), await again.isFollowed(), await two.isFollowed()]).toEqual([true, true, false])
    await one.releaseLeases()
    expect(await again.isFollowed()).toBe(false)
    await again.follow(10 * MINUTE_MS)
    await postgres.psql(`UPDATE ${schema}.lease SET until = until - ${10 * MINUTE_MS}`)
    expect(await one.isFollowed()).toBe(false)
  })

  it('lends to only one of two who ask at once', async () => {
    const schema = freshSchema()
    const ledgers = await Promise.all(['one', 'two', 'three'].map((uid) => openAs(schema, uid)))
    const got = await Promise.all(ledgers.map((ledger) => ledger.lease('organizations', 10 * MINUTE_MS)))
    expect(got.filter(Boolean)).toHaveLength(1)
  })

  it('has whoever did not look for ten minutes of the clock of the server read everything', async () => {
    const postgres = await server()
    const schema = freshSchema()
    await openAs(schema, 'one')
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query(`SET search_path TO ${schema}`)
    const lookedAt = await lookFrom(client)
    const lookAfter = (ms: number) => look(client, { ...lookedAt, at: lookedAt.at - ms }, 'me', [])
    expect(await lookAfter(11 * MINUTE_MS)).toMatchObject({ reload: true })
    expect(await lookAfter(0)).toMatchObject({ reload: false, changes: [] })
    await client.end()
  })

  it('stores 500 responses in a few journeys to the server, new or known', async () => {
    const ledger = await openAs(freshSchema(), 'one')
    const line = (n: number, output: number) =>
      usageRecord({
        identity: `r${n}`,
        session: `s${n % 20}`,
        time: MINUTE_MS * n,
        project: `p${n % 10}`,
        settled: n % 2 === 0,
        parts: [usagePart({ output })],
      })
    const lines = (output: number) => Array.from({ length: 500 }, (_, n) => line(n, output))
    const asked = vi.spyOn(pg.Client.prototype, 'query')
    await appendBatches(ledger, [sourceBatch(lines(1))], { live: false })
    const first = asked.mock.calls.length
    expect(first).toBeLessThanOrEqual(40)
    await appendBatches(ledger, [sourceBatch(lines(2), { expected: '1', cursor: '2' })], { live: false })
    expect(asked.mock.calls.length - first).toBeLessThanOrEqual(40)
  })

  it('asks nothing about a schema that is as this version made it', async () => {
    const ledger = await openAs(freshSchema(), 'one')
    await ledger.labels()
    const asked = vi.spyOn(pg.Client.prototype, 'query')
    await ledger.labels()
    await ledger.streams('claude-code')
    expect(JSON.stringify(asked.mock.calls)).not.toMatch(/to_regclass/)
    expect(asked.mock.calls.length).toBeGreaterThan(0)
  })

  it('is stored into by a role that may make nothing, also beside views of another version', async () => {
    const postgres = await server()
    const schema = freshSchema()
    await openAs(schema, 'one')
    await postgres.psql(
      `CREATE ROLE ingester LOGIN PASSWORD 'ingester'; GRANT USAGE ON SCHEMA ${schema} TO ingester;
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ingester;
       GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ingester;
       UPDATE ${schema}.meta SET value = 'of another version' WHERE name = 'views'`,
    )
    const url = `postgres://ingester:ingester@127.0.0.1:${postgres.port}/postgres`
    const ledger = await openAs(schema, 'two', url)
    await appendBatches(ledger, [sourceBatch([usageRecord()])])
    expect(await ledger.check()).toMatchObject({ responses: 1, differences: [] })
    expect(await postgres.psql(`SELECT value FROM ${schema}.meta WHERE name = 'views'`)).toBe('of another version')
  })
})
