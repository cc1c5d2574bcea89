import Sqlite, { type Database } from 'better-sqlite3'
import { OperatorError } from '../../core/errors.ts'

/**
 * Keeps a second exporter away from a ledger: an exclusive transaction on a file beside it. The operating system ends it
 * with the process, however that dies.
 */
export function lockLedger(ledgerPath: string): () => void {
  const path = `${ledgerPath}.lock`
  let lock: Database
  try {
    lock = new Sqlite(path, { timeout: 0 })
  } catch (cause) {
    throw new OperatorError(`Cannot create the lock file ${path}`, {
      fix: 'Make the folder writable for this user, or choose another one with --storage.path.',
      cause,
    })
  }
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    const isBusy = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('SQLITE_BUSY')
    if (!isBusy)
      throw new OperatorError(`Cannot lock ${path}`, { seen: cause instanceof Error ? cause.message : cause })
    throw new OperatorError(`Another exporter is using the ledger ${ledgerPath}`, {
      fix: 'Stop it first, or give this one a folder of its own with --storage.path.',
    })
  }
  return () => lock.close()
}

/** True when an exporter holds the ledger now. */
export function isLocked(ledgerPath: string): boolean {
  try {
    lockLedger(ledgerPath)()
    return false
  } catch (error) {
    if (error instanceof OperatorError && error.message.startsWith('Another exporter')) return true
    throw error
  }
}
