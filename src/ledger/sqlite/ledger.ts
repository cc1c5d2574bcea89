import type { FrozenLedger, Ledger } from '../ledger.ts'
import { budgetLedger } from './budget/index.ts'
import { Connections } from './connections.ts'
import { toLedgerError } from './failure.ts'
import { type OpenOptions, openForReading, openForWriting } from './open.ts'
import { type Access, organizationLedger } from './organization/index.ts'
import { usageLedger } from './usage-ledger.ts'

export type SqliteLedgerOptions = OpenOptions

/** Opens the ledger for the one process that writes it. */
export function openSqliteLedger(options: SqliteLedgerOptions): Ledger {
  const { writer, reader, unlock } = openForWriting(options)
  return ledgerOn(new Connections(options.path, reader, { db: writer, unlock }))
}

/**
 * Opens the ledger beside an exporter that may be writing it, as it is now: whatever is read later belongs to the same
 * moment. What writes rejects.
 */
export function openSqliteReader(path: string): Ledger {
  const reader = openForReading(path)
  reader.exec('BEGIN')
  // Only what is read fixes the moment.
  reader.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
  return ledgerOn(new Connections(path, reader, null))
}

/** All its parts, on the same connections and in one queue of transactions. */
function ledgerOn(connections: Connections): Ledger {
  const access: Access = {
    write: (work) => connections.write((db) => work(db)),
    read: (query) => connections.read(query),
  }
  return {
    ...usageLedger(connections),
    ...organizationLedger(access),
    ...budgetLedger(access),
    freeze: () => freeze(connections),
    close: () => connections.close(),
  }
}

/** Both in one go, so that nothing is committed in between. */
async function freeze({ path, revision }: Connections): Promise<FrozenLedger> {
  try {
    return { ledger: openSqliteReader(path), revision }
  } catch (error) {
    throw toLedgerError(error, path)
  }
}
