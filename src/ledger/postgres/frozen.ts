import type { ClientBase } from 'pg'
import { LedgerError } from '../ledger.ts'
import { NO_NEWS } from '../machines.ts'
import type { Rows, Store, StoreMachine } from '../sql/store.ts'
import { toLedgerError } from './failure.ts'
import { NOW_SQL } from './now-sql.ts'
import { PostgresRows } from './rows.ts'
import { indexFaults, noBackup, schemaBytes } from './upkeep.ts'

export interface FrozenOptions {
  /** In a transaction that stays at one moment. */
  readonly client: ClientBase
  readonly place: string
  readonly machine: StoreMachine
  readonly holder: string
  /** False for a schema that an earlier version of the program made. */
  readonly isCurrent: boolean
  readonly close: () => void | Promise<void>
}

/** A store of the moment at which the transaction of a connection began. */
export function frozenStore({ client, place, machine, holder, isCurrent, close }: FrozenOptions): Store {
  const rows = new PostgresRows(client, { isCurrent })
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false

  /** One at a time; a query that fails takes only itself back and not the moment. */
  const read = <T>(query: (rows: Rows) => Promise<T>): Promise<T> => {
    const result = last.then(async () => {
      if (isClosed) throw new LedgerError('other', `${place}: this moment of the ledger was closed`)
      try {
        await client.query('SAVEPOINT reading')
        const value = await query(rows)
        await client.query('RELEASE SAVEPOINT reading')
        return value
      } catch (error) {
        await client.query('ROLLBACK TO SAVEPOINT reading').catch(() => {})
        throw toLedgerError(error, place)
      }
    })
    last = result.catch(() => {})
    return result
  }

  const store: Store = {
    place,
    machine,
    isShared: true,
    holder,
    nowSql: NOW_SQL,
    write: () => Promise.reject(new LedgerError('read_only', `${place}: this ledger was opened for reading`)),
    read,
    freeze: async () => ({ store: { ...store, close: async () => {} }, revision: 0 }),
    news: async () => NO_NEWS,
    sizeBytes: () => read(schemaBytes),
    integrity: () => read(indexFaults),
    backup: () => noBackup(place),
    async close() {
      await last
      if (isClosed) return
      isClosed = true
      await close()
    },
  }
  return store
}
