import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs'

/**
 * Keeps the write-ahead log of a ledger while it is opened. SQLite deletes the log when the last connection closes, at
 * the latest as the process ends, even where it could not make sense of the database: then the log may hold the only
 * readable copy of what was written last.
 */
export function keepWal(path: string): { readonly forget: () => void; readonly restore: () => void } {
  const wal = `${path}-wal`
  const kept = `${wal}.kept`
  rmSync(kept, { force: true })
  if (!existsSync(wal)) return { forget: () => {}, restore: () => {} }
  try {
    linkSync(wal, kept)
  } catch {
    // Not every file system has links.
    copyFileSync(wal, kept)
  }
  return {
    forget: () => rmSync(kept, { force: true }),
    restore: () => (existsSync(wal) ? rmSync(kept, { force: true }) : renameSync(kept, wal)),
  }
}
