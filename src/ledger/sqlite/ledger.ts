import type { Database } from 'better-sqlite3'
import type { Ledger } from '../ledger.ts'
import { ledgerOn } from '../sql/ledger.ts'
import type { StoreMachine } from '../sql/store.ts'
import { lastMachine } from './machine.ts'
import { type OpenOptions, openForReading, openForWriting } from './open.ts'
import { SqliteStore } from './store.ts'

export type SqliteLedgerOptions = OpenOptions

/** Opens the ledger for the one process that writes it. */
export function openSqliteLedger(options: SqliteLedgerOptions): Ledger {
  const { path } = options
  const { writer, reader, machine, unlock } = openForWriting(options)
  const freeze = () => frozenStore(path, openForReading(path), machine)
  return ledgerOn(new SqliteStore({ path, machine, reader, isFrozen: false, writer: { db: writer, unlock }, freeze }))
}

/**
 * Opens the ledger beside an exporter that may be writing it, as it is now: whatever is read later belongs to the same
 * moment. What writes rejects.
 */
export function openSqliteReader(path: string): Ledger {
  const reader = openForReading(path)
  return ledgerOn(frozenStore(path, reader, null))
}

/** Speaks for the machine that used the ledger last unless it is told another. */
function frozenStore(path: string, reader: Database, known: StoreMachine | null): SqliteStore {
  reader.exec('BEGIN')
  // Only what is read fixes the moment.
  reader.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
  const machine = known ?? lastMachine(reader) ?? { id: 0, name: '' }
  const freeze = () => frozenStore(path, openForReading(path), machine)
  return new SqliteStore({ path, machine, reader, isFrozen: true, writer: null, freeze })
}
