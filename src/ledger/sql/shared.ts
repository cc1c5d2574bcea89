import { VERSION } from '../../lib/version.ts'
import type { MachineRow, SharedLedger } from '../machines.ts'
import { toNumberOrNull } from './integer.ts'
import type { Rows, Store } from './store.ts'

/** What the ledger offers to the several programs that may share it. */
export function sharedLedger(store: Store): SharedLedger {
  const { machine, isShared, holder, nowSql } = store
  const follower = `follower:${machine.id}`
  const take = async (name: string, forMs: number): Promise<boolean> => {
    if (!isShared) return true
    const taken = await store.write(({ db }) =>
      db.run(
        `INSERT INTO lease(name, holder, until) VALUES(?, ?, ${nowSql} + CAST(? AS BIGINT))
         ON CONFLICT(name) DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE lease.holder = excluded.holder OR lease.until <= ${nowSql}`,
        name,
        holder,
        forMs,
      ),
    )
    return taken === 1
  }
  return {
    machine: machine.name,
    isShared,
    news: () => store.news(),
    beat: ({ now, read }) =>
      store.write(async ({ db }) => {
        // Of several programs only the clock of the database is the same for all.
        const instant = isShared ? { sql: nowSql, parameters: [] } : { sql: '?', parameters: [now] }
        await db.run(
          `UPDATE machine SET version = ?, seen_at = ${instant.sql}${read ? `, read_at = ${instant.sql}` : ''}
           WHERE id = ?`,
          VERSION,
          ...instant.parameters,
          ...(read ? instant.parameters : []),
          machine.id,
        )
      }),
    machines: () => store.read(readMachines),
    lease: take,
    follow: async (forMs) => {
      await take(follower, forMs)
    },
    isFollowed: () =>
      store.read(async (rows) => {
        if (!isShared || !(await rows.hasTable('lease'))) return false
        return (await rows.one(`SELECT 1 FROM lease WHERE name = ? AND until > ${nowSql}`, follower)) !== undefined
      }),
    releaseLeases: async () => {
      if (!isShared) return
      await store.write(({ db }) => db.run('DELETE FROM lease WHERE holder = ?', holder))
    },
  }
}

async function readMachines(rows: Rows): Promise<MachineRow[]> {
  // A ledger that an earlier version wrote, opened beside it, knows of no machines.
  if (!(await rows.hasTable('machine'))) return []
  const newest = new Map(
    (await rows.all("SELECT machine_id, MAX(value) FROM tally WHERE name = 'newest' GROUP BY machine_id")).map(
      ([id, at]) => [Number(id), Number(at)],
    ),
  )
  const found = await rows.all('SELECT id, name, version, seen_at, read_at FROM machine')
  return found
    .map(([id, name, version, seenAt, readAt]) => ({
      name: String(name),
      version: String(version),
      seenAt: Number(seenAt),
      readAt: toNumberOrNull(readAt),
      // 0 stands for no response so far.
      newestAt: newest.get(Number(id)) || null,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
