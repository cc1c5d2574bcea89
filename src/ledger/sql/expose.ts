import type { SourceName } from '../../core/usage.ts'
import type { Changed, LabelRow } from '../ledger.ts'
import { labelValues } from '../stored-label.ts'
import { chunksOf, marksOf } from './chunks.ts'
import { labelReader, readLabels } from './labels.ts'
import type { Db, Step, StoreMachine } from './store.ts'
import { saveLoadedRoots } from './streams.ts'
import { compareTextLists } from './text.ts'

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
  const ids = await showLabels(db, machine, source)
  tx.forget()
  const started = await startSessions(db, machine, source)
  await saveLoadedRoots(db, machine.id, source, roots)
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

/** Tells which labels were hidden. */
async function showLabels(db: Db, machine: StoreMachine, source: SourceName): Promise<ReadonlySet<number>> {
  const ids = new Set<number>()
  for (;;) {
    const shown = await db.all(
      'UPDATE label SET exposed = 1, zero_until = 0 WHERE source = ? AND machine = ? AND exposed = 0 RETURNING id',
      source,
      machine.name,
    )
    // Whoever this had to wait for may have left others.
    if (shown.length === 0) return ids
    for (const [id] of shown) ids.add(Number(id))
  }
}

/** How many sessions begin to count under each label. */
async function startSessions(db: Db, machine: StoreMachine, source: SourceName): Promise<ReadonlyMap<number, number>> {
  const started = new Map<number, number>()
  for (const [label, ids] of await sessionsToStart(db, machine, source)) {
    let count = 0
    for (const chunk of chunksOf(ids)) {
      // Another machine may have shown one of them just now.
      const start = `UPDATE session SET label_id = ? WHERE label_id = 0 AND id IN (${marksOf(chunk)})`
      count += await db.run(start, label, ...chunk)
    }
    if (count > 0) started.set(label, count)
  }
  return started
}

interface FirstUse {
  readonly label: LabelRow
  readonly slot: number
}

/** Sessions that are not counted yet, by label; in the order of their ids. */
async function sessionsToStart(
  db: Db,
  machine: StoreMachine,
  source: SourceName,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const found = await db.all(
    `SELECT session.id, rollup.label_id, MIN(rollup.slot)
     FROM session CROSS JOIN rollup CROSS JOIN label
     WHERE session.source = ? AND session.label_id = 0 AND rollup.session_id = session.id
       AND label.id = rollup.label_id AND label.machine = ?
     GROUP BY session.id, rollup.label_id ORDER BY session.id`,
    source,
    machine.name,
  )
  const labels = await labelReader()(
    db,
    found.map(([, label]) => Number(label)),
  )
  const uses = new Map<number, FirstUse>()
  for (const [id, labelId, slot] of found) {
    const label = labels.get(Number(labelId))
    if (label === undefined) continue
    const use = { label, slot: Number(slot) }
    const other = uses.get(Number(id))
    if (other === undefined || isMain(use, other)) uses.set(Number(id), use)
  }
  const sessions = new Map<number, number[]>()
  for (const [id, { label }] of uses) {
    const list = sessions.get(label.id) ?? []
    sessions.set(label.id, list)
    list.push(id)
  }
  return sessions
}

/** A session counts under its main agent where it has one, else under whoever was first. */
function isMain(a: FirstUse, b: FirstUse): boolean {
  const isMainAgent = (use: FirstUse) => use.label.agent === 'none'
  if (isMainAgent(a) !== isMainAgent(b)) return isMainAgent(a)
  if (a.slot !== b.slot) return a.slot < b.slot
  return compareTextLists(labelValues(a.label), labelValues(b.label)) < 0
}
