import type { Database } from 'better-sqlite3'
import type { SourceName } from '../../core/usage.ts'
import type { Changed, LabelRow } from '../ledger.ts'
import type { SqliteTransaction } from './transaction.ts'

export interface ExposeOptions {
  readonly source: SourceName
  readonly roots: readonly string[]
}

/** Shows every hidden label of a source, counts the sessions found so far and remembers whose history is loaded. */
export async function expose(db: Database, tx: SqliteTransaction, { source, roots }: ExposeOptions): Promise<Changed> {
  const hidden = db.prepare('SELECT id FROM label WHERE source = ? AND exposed = 0').all(source) as { id: number }[]
  db.prepare('UPDATE label SET exposed = 1, zero_until = 0 WHERE source = ? AND exposed = 0').run(source)
  tx.forget()
  const started = startSessions(db, source)
  db.prepare(`INSERT INTO meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value`).run(
    `roots:${source}`,
    JSON.stringify(roots),
  )
  const labels: LabelRow[] = []
  for (const { id } of hidden) labels.push(await tx.label(id))
  const sessions = [...started].map(([label, count]) => ({ source, label, sessions: count }))
  return { labels, rollup: [], counters: [], sessions, tallies: [], claims: false }
}

/** How many sessions begin to count under each label. */
function startSessions(db: Database, source: SourceName): ReadonlyMap<number, number> {
  // A session counts under its main agent where it has one, else under whoever was first.
  const started = new Map<number, number>()
  for (const { id, label } of db
    .prepare(
      `SELECT session.id AS id, (SELECT rollup.label_id FROM rollup JOIN label ON label.id = rollup.label_id
         WHERE rollup.session_id = session.id ORDER BY label.agent <> 'none', rollup.slot, rollup.label_id LIMIT 1
       ) AS label FROM session WHERE session.source = ? AND session.label_id = 0`,
    )
    .all(source) as { id: number; label: number | null }[]) {
    if (label === null) continue
    db.prepare('UPDATE session SET label_id = ? WHERE id = ?').run(label, id)
    started.set(label, (started.get(label) ?? 0) + 1)
  }
  return started
}
