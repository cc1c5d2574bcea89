import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { MEASURE } from '../../../src/core/measures.ts'
import { MIGRATIONS } from '../../../src/ledger/migrate.ts'
import { openPostgresReader } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'
import { postgresOptions, sharedPostgres } from '../contract/ledgers.ts'

const run = promisify(execFile)
const RESPONSES = 1_500

/** The program of `race-child.ts`, as one file. */
async function bundledChild(folder: string): Promise<string> {
  const child = join(folder, 'race.mjs')
  await build({
    entryPoints: ['test/ledger/postgres/race-child.ts'],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  })
  return child
}

describe.skipIf(!hasPostgres())('several processes on one ledger', () => {
  const server = sharedPostgres()

  it('that race on the same files, two of them of one machine, count everything once', async () => {
    const postgres = await server()
    const schema = freshSchema()
    const folder = tempFolder()
    const child = await bundledChild(folder)
    // The second file has a part of the first one again, the other way round, as copies of sessions have.
    const numbers = Array.from({ length: RESPONSES }, (_, n) => n + 1)
    const files = [numbers, [...numbers].reverse().slice(0, RESPONSES / 2)].map((lines, index) => {
      const path = join(folder, `${index}.txt`)
      writeFileSync(path, lines.join('\n'))
      return path
    })
    const programs = [
      { uid: 'one', size: '7' },
      { uid: 'one', size: '50' },
      { uid: 'two', size: '333' },
    ]
    await Promise.all(
      programs.map(({ uid, size }, index) => {
        const order = index === 1 ? [...files].reverse() : files
        return run(process.execPath, [child, postgres.url, schema, uid, size, ...order])
      }),
    )
    const ledger = ledgerOn(await openPostgresReader(postgresOptions(postgres, schema)))
    const [row] = await ledger.usage({ from: 0, to: 10 ** 14, by: [] })
    expect(row?.values[MEASURE.requests]).toBe(RESPONSES)
    expect(row?.values[MEASURE.output]).toBe((RESPONSES * (RESPONSES + 1)) / 2)
    expect(await ledger.check()).toMatchObject({ integrity: 'ok', differences: [], responses: RESPONSES })
    await ledger.close()
    expect(await postgres.psql(`SELECT count(*), count(DISTINCT machine_id) FROM ${schema}.stream`)).toBe('4|2')
  }, 120_000)

  it('that begin at once on nothing make the schema once and are all known', async () => {
    const postgres = await server()
    const schema = freshSchema()
    const child = await bundledChild(tempFolder())
    const uids = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(uids.map((uid) => run(process.execPath, [child, postgres.url, schema, uid, '1'])))
    expect(await postgres.psql(`SELECT count(*) FROM ${schema}.schema_migration`)).toBe(String(MIGRATIONS.length))
    expect(await postgres.psql(`SELECT string_agg(uid, '' ORDER BY uid) FROM ${schema}.machine`)).toBe('abcde')
  }, 120_000)
})
