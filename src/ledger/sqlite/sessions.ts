import { addInt, type Int } from '../../core/integer.ts'
import { accumulate, MEASURE, type Measures } from '../../core/measures.ts'
import type { SourceName } from '../../core/usage.ts'
import type { Label, SessionRow, SessionStart, SlotSessions } from '../ledger.ts'
import { mainUse, type SessionUse } from '../session-use.ts'
import type { Rows } from './rows.ts'
import { slotOf } from './slot.ts'
import { summed } from './sums.ts'

export function readSessionStarts(rows: Rows): SessionStart[] {
  return rows
    .all('SELECT source, label_id, COUNT(*) FROM session WHERE label_id > 0 GROUP BY source, label_id')
    .map(([source, label, sessions]) => ({
      source: source as SourceName,
      label: Number(label),
      sessions: Number(sessions),
    }))
}

export function readSessionSlots(rows: Rows, from: number, to: number): SlotSessions[] {
  const slot = slotOf('first_at')
  return rows
    .all(
      `SELECT ${slot}, label_id, COUNT(*) FROM session WHERE label_id > 0 AND ${slot} >= ? AND ${slot} < ?
       GROUP BY ${slot}, label_id`,
      from,
      to,
    )
    .map(([start, label, sessions]) => ({ slot: Number(start), label: Number(label), sessions: Number(sessions) }))
}

export function readSessions(
  rows: Rows,
  labels: ReadonlyMap<number, Label>,
  { from, to }: { from: number; to: number },
): SessionRow[] {
  const sessions = new Map<number, { readonly values: Measures; readonly uses: Map<string, Use> }>()
  for (const { key, values } of summed(rows, {
    columns: ['session_id', 'label_id'],
    from: 'rollup WHERE slot >= ? AND slot < ?',
    parameters: [from, to],
  })) {
    const [id = 0, labelId = 0] = key.map(Number)
    const label = labels.get(labelId)
    if (label === undefined) continue
    const known = sessions.get(id)
    const { uses } = known ?? { uses: new Map<string, Use>() }
    if (known) accumulate(known.values, values)
    else sessions.set(id, { values: [...values], uses })
    addUse(uses, label, values[MEASURE.requests] ?? 0)
  }
  const found: SessionRow[] = []
  for (const [id, { values, uses }] of sessions) {
    const row = rows.one('SELECT source, ext_id, first_at, last_at FROM session WHERE id = ?', id)
    const main = mainUse(uses.values())
    if (row === undefined || main === null) continue
    const [source, session, first, last] = row
    found.push({
      source: source as SourceName,
      session: String(session),
      agent: main.agent,
      project: main.project,
      uses: [...uses.values()],
      first: Number(first),
      last: Number(last),
      values,
    })
  }
  return found
}

type Use = { -readonly [Field in keyof SessionUse]: SessionUse[Field] }

function addUse(uses: Map<string, Use>, { agent, project }: Label, requests: Int): void {
  const key = JSON.stringify([agent, project])
  const use = uses.get(key)
  if (use === undefined) uses.set(key, { agent, project, requests })
  else use.requests = addInt(use.requests, requests)
}

/** A session that only a turn told of has an empty span; it has no rollup either, so that nobody sees it. */
export function findSessions(
  rows: Rows,
  prefix: string,
): { source: SourceName; session: string; first: number; last: number }[] {
  return rows
    .all(
      `SELECT source, ext_id, first_at, last_at FROM session WHERE substr(ext_id, 1, ?) = ?
       AND EXISTS (SELECT 1 FROM rollup WHERE rollup.session_id = session.id) ORDER BY last_at DESC LIMIT 20`,
      prefix.length,
      prefix,
    )
    .map(([source, session, first, last]) => ({
      source: source as SourceName,
      session: String(session),
      first: Number(first),
      last: Number(last),
    }))
}
