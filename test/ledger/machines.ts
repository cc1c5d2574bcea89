import type { Ledger } from '../../src/ledger/ledger.ts'
import { openSqliteLedger } from '../../src/ledger/sqlite/ledger.ts'

/** Opens a file as the program of a machine does. */
export function openAs(path: string, uid: string, name = uid, now = 0): Ledger {
  return openSqliteLedger({
    path,
    synchronous: 'normal',
    allowNetworkFilesystem: true,
    now,
    machine: { uid, name },
  })
}
