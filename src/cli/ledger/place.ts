import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import { sqliteLedgerPath } from '../../ledger/sqlite/path.ts'
import type { Io } from '../io.ts'

export interface LedgerPlace {
  readonly path: string
  readonly storage: Config['storage']
}

/** Where the ledger of this command line is, or would be. */
export async function ledgerPlace(io: Io, command: Command): Promise<LedgerPlace> {
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  return { path: sqliteLedgerPath(config.storage.path), storage: config.storage }
}

/** Throws OperatorError where there is no such file; SQLite would make one. */
export function requireFile(path: string, what: string): void {
  if (existsSync(path)) return
  throw new OperatorError(`There is no ${what} at ${path}`, {
    fix: 'Check the path, or --storage.path for the ledger.',
  })
}
