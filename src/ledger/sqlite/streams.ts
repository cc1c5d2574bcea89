import type { Database } from 'better-sqlite3'
import type { SourceName } from '../../core/usage.ts'
import type { HeldSelection } from '../ledger.ts'
import type { Rows } from './rows.ts'

export function readLoadedRoots(rows: Rows, source: SourceName): string[] {
  const value = rows.one('SELECT value FROM meta WHERE name = ?', `roots:${source}`)?.[0]
  return value === undefined ? [] : (JSON.parse(String(value)) as string[])
}

export function readStreams(rows: Rows, source: SourceName): { stream: string; path: string; cursor: string }[] {
  return rows
    .all('SELECT stream, path, cursor FROM stream WHERE source = ?', source)
    .map(([stream, path, cursor]) => ({ stream: String(stream), path: String(path), cursor: String(cursor) }))
}

export function readLastStored(rows: Rows): number | null {
  const at = rows.one('SELECT MAX(updated_at) FROM stream')?.[0]
  return at === null || at === undefined ? null : Number(at)
}

export function markGone(db: Database, source: SourceName, streams: readonly string[], now: number): void {
  const mark = db.prepare('UPDATE stream SET gone_at = ? WHERE source = ? AND stream = ? AND gone_at IS NULL')
  for (const stream of streams) mark.run(now, source, stream)
}

export function readHeldCount(rows: Rows): number {
  return Number(rows.one('SELECT COUNT(*) FROM held')?.[0] ?? 0)
}

export function readHeldStreams(rows: Rows, source: SourceName): string[] {
  return rows.all('SELECT DISTINCT stream FROM held WHERE source = ?', source).map(([stream]) => String(stream))
}

/** Keys of the held responses that the selection names. */
export function heldKeys(db: Database, { heldBefore, writtenBefore, streams }: HeldSelection): Buffer[] {
  const keys: Buffer[] = []
  const collect = (where: string, ...parameters: unknown[]) => {
    for (const { key } of db.prepare(`SELECT key FROM held WHERE ${where}`).all(...parameters) as { key: Buffer }[]) {
      keys.push(key)
    }
  }
  if (heldBefore !== undefined) collect('since < ?', heldBefore)
  if (writtenBefore !== undefined) collect('line_at < ?', writtenBefore)
  for (const id of streams?.ids ?? []) collect('source = ? AND stream = ?', streams?.source, id)
  return keys
}
