import type { Database } from 'better-sqlite3'
import { OperatorError } from '../core/errors.ts'
import { type Dialect, SQLITE_DIALECT } from './dialect.ts'
import { usage } from './migrations/0001-usage.ts'
import { organization } from './migrations/0002-organization.ts'
import { budgets } from './migrations/0003-budgets.ts'
import { machines } from './migrations/0004-machines.ts'

export interface Migration {
  readonly name: string
  readonly statements: (dialect: Dialect) => readonly string[]
}

/** In order; the version of a schema is how many of them it has had. Append only. */
export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-usage', statements: usage },
  { name: '0002-organization', statements: organization },
  { name: '0003-budgets', statements: budgets },
  { name: '0004-machines', statements: machines },
]

export interface MigrateOptions {
  readonly db: Database
  readonly path: string
  readonly now: number
  readonly migrations?: readonly Migration[]
}

/**
 * Brings a SQLite ledger to the newest schema. Several processes may start at once: each step is one transaction that
 * begins by taking the write lock and reading the version again. A ledger with content is copied before it is changed.
 * Throws OperatorError for a ledger that a newer version wrote.
 */
export function migrate({ db, path, now, migrations = MIGRATIONS }: MigrateOptions): void {
  let version = versionOf(db)
  refuseNewer(version, migrations.length, path)
  if (version > 0 && version < migrations.length) copyAside(db, `${path}.before-v${migrations.length}`)
  while (version < migrations.length) {
    db.exec('BEGIN IMMEDIATE')
    try {
      db.exec(
        'CREATE TABLE IF NOT EXISTS schema_migration(version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
      )
      version = versionOf(db)
      const migration = migrations[version]
      if (migration !== undefined) {
        for (const statement of migration.statements(SQLITE_DIALECT)) db.exec(statement)
        version += 1
        db.prepare('INSERT INTO schema_migration(version, name, applied_at) VALUES(?, ?, ?)').run(
          version,
          migration.name,
          now,
        )
      }
      db.exec('COMMIT')
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}

/** How many migrations the ledger has had; 0 for an empty file. */
export function versionOf(db: Database): number {
  const hasTable = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'").get()
  if (hasTable === undefined) return 0
  return (
    (db.prepare('SELECT max(version) AS version FROM schema_migration').get() as { version: number | null }).version ??
    0
  )
}

export function refuseNewer(version: number, known: number, path: string): void {
  if (version <= known) return
  throw new OperatorError(`The ledger ${path} was written by a newer version of this program`, {
    seen: `schema ${version}, this program knows ${known}`,
    fix: 'Install the newer version again, or restore a backup made before the upgrade.',
  })
}

function copyAside(db: Database, copy: string): void {
  db.prepare('VACUUM INTO ?').run(copy)
}
