import type { Work } from '../organization/database.ts'

/** False when it is claimed already. */
export function claimNotice({ run }: Work, key: string, at: number): boolean {
  return run('INSERT INTO notice(key, at) VALUES(?, ?) ON CONFLICT(key) DO NOTHING', key, at) === 1
}

export function releaseNotice({ run }: Work, key: string): void {
  run('DELETE FROM notice WHERE key = ?', key)
}

export function pruneNotices({ run }: Work, before: number): number {
  return run('DELETE FROM notice WHERE at < ?', before)
}
