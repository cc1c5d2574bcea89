import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { flagsFrom } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { OperatorError } from '../../core/errors.ts'
import { type LedgerPlace, ledgerPlace } from '../../ledger-place.ts'
import type { Io } from '../io.ts'

/** Where the ledger of this command line is, or would be. */
export async function placeOf(io: Io, command: Command): Promise<LedgerPlace> {
  const { config } = await loadConfig({ ...io.host, flags: flagsFrom(command) })
  return ledgerPlace(config, io.clock)
}

/** The ledger's file. Throws OperatorError where the ledger is a database. */
export async function ledgerFile(io: Io, command: Command, fix: string): Promise<string> {
  const { file, text } = await placeOf(io, command)
  if (file !== null) return file
  throw new OperatorError('This command is for a ledger that is a file', { seen: text, fix })
}

/** Throws OperatorError where there is no such file; SQLite would make one. */
export function requireFile(path: string, what: string): void {
  if (existsSync(path)) return
  throw new OperatorError(`There is no ${what} at ${path}`, {
    fix: 'Check the path, or --storage.path for the ledger.',
  })
}
