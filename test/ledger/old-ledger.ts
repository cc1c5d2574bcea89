import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { MIGRATIONS, migrate } from '../../src/ledger/migrate.ts'
import { tempFolder, tempLedger } from '../support/temp.ts'

/** Makes a file as a version with fewer migrations left it, with everything in it that `fill` stores in a new ledger. */
export async function oldLedger(
  path: string,
  version: number,
  fill: (ledger: Ledger) => Promise<unknown>,
): Promise<void> {
  const newest = join(tempFolder(), 'newest.sqlite')
  const ledger = tempLedger(newest)
  await fill(ledger)
  await ledger.close()

  const old = new Sqlite(path)
  migrate({ db: old, path, now: 1, migrations: MIGRATIONS.slice(0, version) })
  old.prepare('ATTACH ? AS newest').run(newest)
  const tables = old.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  for (const table of tables.filter((name) => name !== 'schema_migration')) {
    const columns = (old.pragma(`main.table_info('${table}')`) as { name: string }[]).map(({ name }) => name).join(', ')
    old.exec(`INSERT INTO main.${table}(${columns}) SELECT ${columns} FROM newest.${table}`)
  }
  old.exec("UPDATE meta SET name = 'roots:claude-code' WHERE name = 'roots:1:claude-code'")
  old.close()
}
