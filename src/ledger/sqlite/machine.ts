import type { Database } from 'better-sqlite3'
import { VERSION } from '../../lib/version.ts'
import type { MachineIdentity } from '../machines.ts'
import type { StoreMachine } from '../sql/store.ts'
import { loadedRootsName, OLD_LOADED_ROOTS } from '../sql/streams.ts'

/** Of a program that was not told whose logs it reads. The first machine that has a name of its own takes its place. */
const UNNAMED: MachineIdentity = { uid: 'local', name: 'local' }

/** The machine whose program opened the ledger last; null for a ledger of a version that knew of none. */
export function lastMachine(db: Database): StoreMachine | null {
  const hasTable = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'machine'").get()
  if (hasTable === undefined) return null
  const row = db.prepare('SELECT id, name FROM machine ORDER BY seen_at DESC, id DESC LIMIT 1').get()
  return (row as StoreMachine | undefined) ?? null
}

/**
 * Makes a machine known to a ledger and gives it what was stored before ledgers knew of machines. Without an identity
 * the ledger stays that of the machine it had last.
 */
export function registerMachine(db: Database, identity: MachineIdentity | undefined, now: number): StoreMachine {
  db.exec('BEGIN IMMEDIATE')
  try {
    const known = identity === undefined ? lastMachine(db) : null
    const machine = known ?? identify(db, identity ?? UNNAMED, now)
    adopt(db, machine)
    db.exec('COMMIT')
    return machine
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function identify(db: Database, { uid, name }: MachineIdentity, now: number): StoreMachine {
  const find = db.prepare('SELECT id, name FROM machine WHERE uid = ?')
  const known = (find.get(uid) ?? find.get(UNNAMED.uid)) as StoreMachine | undefined
  if (known === undefined) {
    const free = freeName(db, name)
    const { lastInsertRowid } = db
      .prepare('INSERT INTO machine(uid, name, version, seen_at, read_at) VALUES(?, ?, ?, ?, NULL)')
      .run(uid, free, VERSION, now)
    return { id: Number(lastInsertRowid), name: free }
  }
  const isFree = known.name !== name && !isTaken(db, name)
  const current = isFree ? name : known.name
  db.prepare('UPDATE machine SET uid = ?, name = ?, version = ?, seen_at = max(seen_at, ?) WHERE id = ?').run(
    uid,
    current,
    VERSION,
    now,
    known.id,
  )
  if (isFree) db.prepare('UPDATE label SET machine = ? WHERE machine = ?').run(current, known.name)
  return { id: known.id, name: current }
}

/** What has no machine yet becomes its own. */
function adopt(db: Database, { id, name }: StoreMachine): void {
  db.prepare("UPDATE label SET machine = ? WHERE machine = ''").run(name)
  for (const table of ['stream', 'held', 'tally', 'sync_run']) {
    db.prepare(`UPDATE ${table} SET machine_id = ? WHERE machine_id = 0`).run(id)
  }
  const names = db.prepare("SELECT name FROM meta WHERE substr(name, 1, 6) = 'roots:'").pluck().all() as string[]
  for (const old of names) {
    const source = OLD_LOADED_ROOTS.exec(old)?.[1]
    if (source === undefined) continue
    db.prepare('UPDATE meta SET name = ? WHERE name = ?').run(loadedRootsName(id, source), old)
  }
}

function freeName(db: Database, wanted: string): string {
  let name = wanted
  for (let number = 2; isTaken(db, name); number++) name = `${wanted}-${number}`
  return name
}

function isTaken(db: Database, name: string): boolean {
  const taken = db.prepare(
    'SELECT 1 FROM machine WHERE name = ? UNION ALL SELECT 1 FROM label WHERE machine = ? LIMIT 1',
  )
  return taken.get(name, name) !== undefined
}
