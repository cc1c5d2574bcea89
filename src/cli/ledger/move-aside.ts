import { existsSync, renameSync } from 'node:fs'
import { lockLedger } from '../../ledger/sqlite/lock.ts'

/** SQLite's companions of a database file; without them what was written last would be missing. */
const COMPANIONS = ['', '-wal', '-shm'] as const

/**
 * Renames a ledger so that its place is free, whatever state it is in. Returns its new path, or null when there was
 * none. Throws OperatorError while an exporter uses it.
 *
 * @param now epoch milliseconds, part of the new name
 */
export function moveLedgerAside(path: string, now: number): string | null {
  if (!existsSync(path)) return null
  const unlock = lockLedger(path)
  try {
    return renameLedger(path, now)
  } finally {
    unlock()
  }
}

/** For whoever holds the lock. */
export function renameLedger(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  const moved = freeName(`${path}.${stamp}`)
  for (const companion of COMPANIONS) {
    if (existsSync(path + companion)) renameSync(path + companion, moved + companion)
  }
  return moved
}

function freeName(base: string): string {
  for (let attempt = 1; ; attempt++) {
    const name = `${base}${attempt === 1 ? '' : `-${attempt}`}.old`
    if (!existsSync(name)) return name
  }
}
