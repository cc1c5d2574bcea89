import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../../src/core/errors.ts'
import { LedgerError } from '../../../src/ledger/ledger.ts'
import { MIGRATIONS } from '../../../src/ledger/migrate.ts'
import { openPostgresReader, openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { freePort } from '../../support/prometheus.ts'
import { postgresOptions, sharedPostgres } from '../contract/ledgers.ts'

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it should have failed')
    },
    (error: unknown) => error,
  )
const textOf = (error: unknown) =>
  error instanceof OperatorError ? [error.message, error.seen, error.fix].join('\n') : String(error)

describe.skipIf(!hasPostgres())('opening a ledger on PostgreSQL', () => {
  const server = sharedPostgres()

  it('by several programs at once makes the schema once and knows each of them by a name of its own', async () => {
    const postgres = await server()
    const schema = freshSchema()
    const uids = ['a', 'b', 'c', 'd']
    const stores = await Promise.all(
      uids.map((uid) => openPostgresStore(postgresOptions(postgres, schema, { machine: { uid, name: 'laptop' } }))),
    )
    expect(stores.map(({ machine }) => machine.name).sort()).toEqual(['laptop', 'laptop-2', 'laptop-3', 'laptop-4'])
    expect(await postgres.psql(`SELECT count(*) FROM ${schema}.schema_migration`)).toBe(String(MIGRATIONS.length))
    const again = await openPostgresStore(postgresOptions(postgres, schema, { machine: { uid: 'c', name: 'laptop' } }))
    expect(again.machine).toEqual(stores[2]?.machine)
    for (const store of [...stores, again]) await store.close()
  })

  it('gives a machine that was renamed its new name and keeps its id', async () => {
    const postgres = await server()
    const schema = freshSchema()
    const openAs = async (name: string) => {
      const store = await openPostgresStore(postgresOptions(postgres, schema, { machine: { uid: 'a', name } }))
      await store.close()
      return store.machine
    }
    const before = await openAs('old')
    expect(await openAs('new')).toEqual({ id: before.id, name: 'new' })
  })

  it('refuses a schema that a newer version wrote and names both versions', async () => {
    const postgres = await server()
    const schema = freshSchema()
    await (await openPostgresStore(postgresOptions(postgres, schema))).close()
    await postgres.psql(`INSERT INTO ${schema}.schema_migration VALUES(99, '0099-later', 0)`)
    for (const open of [openPostgresStore, openPostgresReader]) {
      const error = await failure(open(postgresOptions(postgres, schema)))
      expect(error).toBeInstanceOf(OperatorError)
      expect(textOf(error)).toContain(`schema version 99, this program knows ${MIGRATIONS.length}`)
    }
  })

  it('refuses to read where there is no ledger', async () => {
    const error = await failure(openPostgresReader(postgresOptions(await server(), freshSchema())))
    expect(error).toBeInstanceOf(OperatorError)
    expect(textOf(error)).toContain('There is no ledger')
  })

  it.each([
    { what: 'a wrong password', password: () => 'not-it', says: 'does not let this program in' },
    { what: 'no password', password: () => null, says: 'asks for a password' },
  ])('asks a person about $what, and shows none', async ({ password, says }) => {
    const postgres = await server()
    const url = postgres.url.replace(`:${postgres.password}@`, '@')
    const error = await failure(openPostgresStore(postgresOptions({ url }, freshSchema(), { password })))
    expect(error).toBeInstanceOf(OperatorError)
    expect(textOf(error)).toContain(says)
    expect(textOf(error)).not.toContain('not-it')
  })

  it('asks for the password again for every new connection', async () => {
    const postgres = await server()
    const url = postgres.url.replace(`:${postgres.password}@`, '@')
    let asked = 0
    const password = () => {
      asked += 1
      return postgres.password
    }
    const store = await openPostgresStore(postgresOptions({ url }, freshSchema(), { password }))
    const before = asked
    await store.read((rows) => rows.all('SELECT 1'))
    expect(asked).toBeGreaterThan(before)
    expect(store.place).not.toContain(postgres.password)
    await store.close()
  })

  it('asks a person about a database that is not there, and about a schema it may not make', async () => {
    const postgres = await server()
    await postgres.psql(`CREATE ROLE guest LOGIN PASSWORD 'guest'`)
    const missing = await failure(openPostgresStore(postgresOptions({ url: `${postgres.url}-missing` }, freshSchema())))
    expect(textOf(missing)).toContain('There is no such database')
    const url = `postgres://guest:guest@127.0.0.1:${postgres.port}/postgres`
    const denied = await failure(openPostgresStore(postgresOptions({ url }, freshSchema())))
    expect(denied).toBeInstanceOf(OperatorError)
    expect(textOf(denied)).toContain('GRANT CREATE ON DATABASE')
  })

  it('is away while nobody listens', async () => {
    const url = `postgres://someone:secret-word@127.0.0.1:${await freePort()}/postgres`
    for (const open of [openPostgresStore, openPostgresReader]) {
      const error = await failure(open(postgresOptions({ url }, freshSchema())))
      expect(error).toBeInstanceOf(LedgerError)
      expect(error).toMatchObject({ failure: 'away' })
      expect(textOf(error)).not.toContain('secret-word')
    }
  })
})
