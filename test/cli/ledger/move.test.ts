import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { openSqliteLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { postgresOptions, sharedPostgres } from '../../ledger/contract/ledgers.ts'
import { richLedger } from '../../ledger/move/rich-ledger.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'
import { ledgerPathIn, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'

describe('ledger move', () => {
  it('asks for a database where none is configured', async () => {
    const home = await homeWith(SAMPLE)
    const { err, exitCode } = await runLine('ledger move', { home })
    expect(exitCode).toBe(2)
    expect(err).toContain('There is no database to move the ledger into')
  })

  it('says where it looked when there is no ledger, and leaves nothing there', async () => {
    const home = tempFolder()
    const env = { CLAUDE_USAGE_EXPORTER_STORAGE_URL: 'postgres://nobody@127.0.0.1:1/none' }
    const { err, exitCode } = await runLine('ledger move --from elsewhere.sqlite', { home, env })
    expect(exitCode).toBe(2)
    expect(err).toContain(`There is no ledger at ${join(home, 'elsewhere.sqlite')}`)
  })
})

describe.skipIf(!hasPostgres())('ledger move into PostgreSQL', () => {
  const server = sharedPostgres()

  async function environment() {
    const { url, password } = await server()
    const schema = freshSchema()
    const env = {
      CLAUDE_USAGE_EXPORTER_STORAGE_URL: url,
      CLAUDE_USAGE_EXPORTER_STORAGE_SCHEMA: schema,
      CLAUDE_USAGE_EXPORTER_MACHINE_NAME: 'laptop',
    }
    return { env, schema, url, password }
  }

  async function makeSchema(url: string, schema: string): Promise<void> {
    await (await openPostgresStore(postgresOptions({ url }, schema))).close()
  }

  it('compares, moves, compares again and says what is next; never with the password', async () => {
    const home = await homeWith(SAMPLE)
    const { env, url, schema, password } = await environment()
    await makeSchema(url, schema)
    const before = await runLine('ledger move --dry-run', { home, env })
    expect(before.exitCode).toBe(1)
    expect(before.out).toMatch(/The database lacks \d+ responses\.\nNothing was changed\./)
    const moved = await runLine('ledger move', { home, env })
    expect(moved.err).toBe('')
    expect(moved.exitCode).toBe(0)
    expect(moved.out).toContain('The database has everything of the file.')
    expect(moved.out).toContain('Start the exporter with the same storage.url')
    for (const line of moved.out
      .split('\n')
      .filter((text) => /^(?:Responses|Sessions|Tokens|Estimated|Plan)/.test(text))) {
      const [, file, database] = line.split(/ {2,}/)
      expect(database).toBe(file)
    }
    const after = await runLine('ledger move --dry-run', { home, env })
    expect(after.exitCode).toBe(0)
    expect(before.out + moved.out + after.out + before.err + after.err).not.toContain(password)
  })

  it('leaves logs that the file knew unread, and the reports as they were', async () => {
    const home = await homeWith(SAMPLE)
    const { env, url, schema } = await environment()
    const inFile = await runLine('daily --days all --no-sync --json', { home })
    await runLine('ledger move', { home, env })
    const synced = await runLine('daily --days all --json', { home, env })
    expect(synced.exitCode).toBe(0)
    expect(JSON.parse(synced.out).totals).toEqual(JSON.parse(inFile.out).totals)
    const machine = { uid: 'name:laptop', name: 'laptop' }
    const database = await openPostgresStore(postgresOptions({ url }, schema, { machine }))
    const file = openSqliteLedger({
      path: ledgerPathIn(home),
      synchronous: 'normal',
      allowNetworkFilesystem: true,
      now: 1,
    })
    try {
      const [bytes] = (
        await database.read((rows) => rows.all("SELECT SUM(value) FROM tally WHERE name = 'bytes'"))
      ).flat()
      const before = (await file.tallies()).reduce((sum, tally) => sum + tally.bytes, 0)
      expect(before).toBeGreaterThan(0)
      expect(Number(bytes)).toBe(before)
    } finally {
      await file.close()
      await database.close()
    }
  })

  it('refuses while an exporter writes the file', async () => {
    const home = await homeWith(SAMPLE)
    const { env } = await environment()
    const path = ledgerPathIn(home)
    const writer = openSqliteLedger({ path, synchronous: 'normal', allowNetworkFilesystem: true, now: 1 })
    try {
      const { err, exitCode } = await runLine('ledger move', { home, env })
      expect(exitCode).toBe(2)
      expect(err).toContain('Another exporter is using the ledger')
    } finally {
      await writer.close()
    }
  })

  it('moves the file of another machine as that machine, and shows hostile names to nobody', async () => {
    const home = tempFolder()
    const path = join(tempFolder(), 'ledger.sqlite')
    await richLedger({ path, machine: { uid: 'uid-build', name: 'build' } })
    const bytes = readFileSync(path)
    const { env, url, schema } = await environment()
    const { out, exitCode } = await runLine(`ledger move --from ${dirname(path)}`, { home, env })
    expect(exitCode).toBe(0)
    expect(out).not.toContain('\u0007')
    expect(readFileSync(path).equals(bytes)).toBe(true)
    const store = await openPostgresStore(
      postgresOptions({ url }, schema, { machine: { uid: 'uid-build', name: 'build' } }),
    )
    const names = await store.read((rows) => rows.all('SELECT DISTINCT machine FROM label'))
    await store.close()
    expect(names).toEqual([['build']])
  })
})
