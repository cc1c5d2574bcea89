import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { OperatorError } from '../../core/errors.ts'
import type { MachineIdentity } from '../machines.ts'
import { MIGRATIONS, versionOf } from '../migrate.ts'
import type { Rows } from '../sql/store.ts'
import { databaseOn } from '../sqlite/database.ts'
import { toLedgerError } from '../sqlite/failure.ts'
import { lockLedger } from '../sqlite/lock.ts'
import { openForReading, openForWriting } from '../sqlite/open.ts'

/** A SQLite ledger that nobody writes meanwhile, as of one moment. */
export interface MoveSource {
  readonly path: string
  readonly rows: Rows
  /** The machine whose program used it last; null where it has no name of its own. */
  readonly identity: MachineIdentity | null
  /** Its id and name in there; what has the id 0 or no name is its own too. */
  readonly own: { readonly id: number; readonly name: string }
  close(): void
}

/**
 * Locks a ledger against exporters and opens it to read from it. The file stays as it is: one of an older schema is
 * brought up to date in a copy beside it, which is gone after `close`. Throws OperatorError while an exporter uses it.
 *
 * @param now epoch milliseconds
 */
export function openMoveSource(path: string, now: number): MoveSource {
  // Locking would make a lock file beside a ledger that is not there.
  if (!existsSync(path)) {
    throw new OperatorError(`There is no ledger at ${path}`, {
      fix: 'Name the file with --from, or its folder with --storage.path.',
    })
  }
  const unlock = lockLedger(path)
  const folder = `${path}.moving`
  const closing = [unlock]
  const close = () => {
    for (const end of closing.splice(0).reverse()) end()
  }
  try {
    let db = openForReading(path)
    closing.push(() => db.close())
    if (versionOf(db) < MIGRATIONS.length) {
      closing.push(() => rmSync(folder, { recursive: true, force: true }))
      const copy = upToDateCopy(db, folder, now)
      db.close()
      db = openForReading(copy)
    }
    db.exec('BEGIN')
    const machine = lastUser(db)
    const isNamed = machine !== null && machine.uid !== UNNAMED
    return {
      path,
      rows: databaseOn(db, path),
      identity: isNamed ? { uid: machine.uid, name: machine.name } : null,
      own: machine ?? { id: 0, name: '' },
      close,
    }
  } catch (error) {
    close()
    throw error instanceof OperatorError ? error : toLedgerError(error, path)
  }
}

/** What a ledger calls a machine that never said who it is. */
const UNNAMED = 'local'

function lastUser(db: Database): { id: number; uid: string; name: string } | null {
  const row = db.prepare('SELECT id, uid, name FROM machine ORDER BY seen_at DESC, id DESC LIMIT 1').get()
  return (row as { id: number; uid: string; name: string } | undefined) ?? null
}

function upToDateCopy(db: Database, folder: string, now: number): string {
  // What an earlier attempt may have left: the lock keeps others away.
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
  const copy = join(folder, 'ledger.sqlite')
  db.prepare('VACUUM INTO ?').run(copy)
  const { writer, reader, unlock } = openForWriting({
    path: copy,
    synchronous: 'normal',
    allowNetworkFilesystem: true,
    now,
  })
  reader.close()
  writer.close()
  unlock()
  return copy
}
