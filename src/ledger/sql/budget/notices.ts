import type { Db } from '../store.ts'

/** False when it is claimed already. */
export async function claimNotice(db: Db, key: string, at: number): Promise<boolean> {
  return (await db.run('INSERT INTO notice(key, at) VALUES(?, ?) ON CONFLICT(key) DO NOTHING', key, at)) === 1
}

export async function releaseNotice(db: Db, key: string): Promise<void> {
  await db.run('DELETE FROM notice WHERE key = ?', key)
}

export function pruneNotices(db: Db, before: number): Promise<number> {
  return db.run('DELETE FROM notice WHERE at < ?', before)
}
