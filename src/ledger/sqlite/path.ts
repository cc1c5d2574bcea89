import { join } from 'node:path'

/** The ledger's file in its folder. */
export function sqliteLedgerPath(folder: string): string {
  return join(folder, 'ledger.sqlite')
}
