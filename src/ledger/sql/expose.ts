import type { SourceName } from '../../core/usage.ts'
import type { Changed } from '../ledger.ts'
import { chunksOf, marksOf } from './chunks.ts'
import { readLabels } from './labels.ts'
import type { Db, Step, StoreMachine } from './store.ts'
import { saveLoadedRoots } from './streams.ts'

export interface ExposeOptions {
  readonly source: SourceName
  readonly roots: readonly string[]
}

/**
 * Shows every hidden label of a source on the own machine, counts the sessions found there so far and remembers whose
 * history is loaded.
 */
export async function expose(
  { db, tx }: Step,
  machine: StoreMachine,
  { source, roots }: ExposeOptions,
): Promise<Changed> {
  const hidden = await db.all(
    'SELECT id FROM label WHERE source = ? AND machine = ? AND exposed = 0',
    source,
    machine.name,
  )
  await db.run(
    'UPDATE label SET exposed = 1, zero_until = 0 WHERE source = ? AND machine = ? AND exposed = 0',
    source,
    machine.name,
  )
  tx.forget()
  const started = await startSessions(db, machine, source)
  await saveLoadedRoots(db, machine.id, source, roots)
  const ids = new Set(hidden.map(([id]) => Number(id)))
  const sessions = [...started].map(([label, count]) => ({ source, label, sessions: count }))
  return {
    labels: (await readLabels(db)).filter(({ id }) => ids.has(id)),
    rollup: [],
    counters: [],
    sessions,
    tallies: [],
    claims: false,
  }
}

/** How many sessions begin to count under each label. */
async function startSessions(db: Db, machine: StoreMachine, source: SourceName): Promise<ReadonlyMap<number, number>> {
  // A session counts under its main agent where it has one, else under whoever was first.
  const found = await db.all(
    `SELECT session.id, (SELECT rollup.label_id FROM rollup JOIN label ON label.id = rollup.label_id
       WHERE rollup.session_id = session.id AND label.machine = ?
       ORDER BY label.agent <> 'none', rollup.slot, rollup.label_id LIMIT 1)
     FROM session WHERE session.source = ? AND session.label_id = 0 ORDER BY session.id`,
    machine.name,
    source,
  )
  const sessions = new Map<number, number[]>()
  for (const [session, label] of found) {
    if (label === null) continue
    const list = sessions.get(Number(label)) ?? []
    sessions.set(Number(label), list)
    list.push(Number(session))
  }
  for (const [label, ids] of sessions) {
    for (const chunk of chunksOf(ids)) {
      await db.run(`UPDATE session SET label_id = ? WHERE id IN (${marksOf(chunk)})`, label, ...chunk)
    }
  }
  return new Map([...sessions].map(([label, ids]) => [label, ids.length]))
}
