import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openPostgresStore } from '../../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../../src/ledger/sql/ledger.ts'
import { openSqliteReader } from '../../../src/ledger/sqlite/ledger.ts'
import { freshSchema, hasPostgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'
import { postgresOptions, sharedPostgres } from '../contract/ledgers.ts'
import { picture } from './picture.ts'
import { richLedger } from './rich-ledger.ts'

const LAPTOP = { uid: 'name:laptop', name: 'laptop' }
const KILLS = 20
const PROGRAM = join(import.meta.dirname, '../../../dist/main.js')

const server = sharedPostgres()

/** Resolves to true when the move came to its end before it was killed. */
async function moveFor(milliseconds: number, url: string, schema: string, folder: string): Promise<boolean> {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, 'ledger', 'move'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      CLAUDE_USAGE_EXPORTER_STORAGE_URL: url,
      CLAUDE_USAGE_EXPORTER_STORAGE_SCHEMA: schema,
      CLAUDE_USAGE_EXPORTER_STORAGE_PATH: folder,
      CLAUDE_USAGE_EXPORTER_MACHINE_NAME: LAPTOP.name,
      TZ: 'UTC',
    },
  })
  let said = ''
  child.stderr?.on('data', (text) => {
    said += text
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  const [code] = await once(child, 'exit')
  clearTimeout(timer)
  if (code !== null && code !== 0) throw new Error(`the move ended with ${code}: ${said}`)
  return code === 0
}

it.skipIf(!hasPostgres())(
  'a move that is killed again and again ends with what the file holds',
  async () => {
    const folder = tempFolder()
    const path = join(folder, 'ledger.sqlite')
    await richLedger({ path, machine: LAPTOP, count: 4_000 })
    const { url } = await server()
    const schema = freshSchema()
    // At an instant of its own each time, from before the first connection to after the last row.
    for (let kill = 0; kill < KILLS; kill++) await moveFor(300 + ((kill * 7) % KILLS) * 100, url, schema, folder)
    while (!(await moveFor(120_000, url, schema, folder)));
    const file = openSqliteReader(path)
    const expected = await picture(file)
    await file.close()
    const database = ledgerOn(await openPostgresStore(postgresOptions({ url }, schema, { machine: LAPTOP })))
    try {
      expect(await picture(database)).toEqual(expected)
      expect((await database.check()).differences).toEqual([])
    } finally {
      await database.close()
    }
  },
  300_000,
)
