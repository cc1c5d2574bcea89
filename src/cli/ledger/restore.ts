import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { OperatorError } from '../../core/errors.ts'
import { type CheckReport, LedgerError } from '../../ledger/ledger.ts'
import { openSqliteReader } from '../../ledger/sqlite/ledger.ts'
import { lockLedger } from '../../ledger/sqlite/lock.ts'
import type { Io } from '../io.ts'
import { formatCount } from '../terminal/figures.ts'
import { copyLedger } from './copy.ts'
import { renameLedger } from './move-aside.ts'
import { ledgerFile, requireFile } from './place.ts'

/** Puts a backup in the ledger's place, once it has proved sound; what was there is kept beside it. */
export async function restoreLedger(io: Io, command: Command, file: string): Promise<void> {
  const path = await ledgerFile(io, command, 'Use pg_restore, or `ledger move` to bring a ledger from a file.')
  const backup = resolve(io.host.workingFolder, file)
  requireFile(backup, 'backup')
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const unlock = lockLedger(path)
  const copy = `${path}.restoring`
  try {
    removeLedger(copy)
    await copyLedger(backup, copy)
    const { responses, differences } = await checkCopy(copy, backup)
    const old = existsSync(path) ? renameLedger(path, io.clock.now()) : null
    renameSync(copy, path)
    io.stdout.write(`Restored ${path} from ${backup}: ${formatCount(responses)} responses.\n`)
    if (old !== null) io.stdout.write(`The ledger that was there is kept as ${old}.\n`)
    if (differences.length > 0) io.stdout.write(io.stdout.style.yellow(`${REBUILD}\n`))
    io.stdout.write('What the logs hold beyond it is read at the next start or sync.\n')
  } finally {
    removeLedger(copy)
    unlock()
  }
}

const REBUILD = 'Its sums differ from its responses: `claude-usage-exporter ledger rebuild-rollups` makes them anew.'

function removeLedger(path: string): void {
  for (const companion of ['', '-wal', '-shm']) rmSync(path + companion, { force: true })
}

async function checkCopy(copy: string, backup: string): Promise<CheckReport> {
  const ledger = openSqliteReader(copy)
  try {
    const report = await ledger.check()
    if (report.integrity === 'ok') return report
    throw unusable(backup, report.integrity)
  } catch (error) {
    // A database without our tables: not a ledger.
    throw error instanceof LedgerError ? unusable(backup, error.message) : error
  } finally {
    await ledger.close()
  }
}

function unusable(backup: string, seen: string): OperatorError {
  return new OperatorError(`${backup} cannot be used; nothing was changed`, { seen, fix: 'Restore another backup.' })
}
