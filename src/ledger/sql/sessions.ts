import { addInt, type Int } from '../../core/integer.ts'
import { accumulate, MEASURE, type Measures } from '../../core/measures.ts'
import type { SourceName } from '../../core/usage.ts'
import type { Label, SessionRow, SessionStart, SlotSessions } from '../ledger.ts'
import { mainUse, type SessionUse } from '../session-use.ts'
import { chunksOf, marksOf } from './chunks.ts'
import type { LabelReader } from './labels.ts'
import { slotOf } from './slot.ts'
import type { Rows } from './store.ts'
import { summed } from './sums.ts'

const COUNT = 'CAST(COUNT(*) AS BIGINT)'

export async function readSessionStarts(rows: Rows): Promise<SessionStart[]> {
  const found = await rows.all(
    `SELECT source, label_id, ${COUNT} FROM session WHERE label_id > 0 GROUP BY source, label_id`,
  )
  return found.map(([source, label, sessions]) => ({
    source: source as SourceName,
    label: Number(label),
    sessions: Number(sessions),
  }))
}

export async function readSessionSlots(rows: Rows, from: number, to: number): Promise<SlotSessions[]> {
  const slot = slotOf('first_at')
  const found = await rows.all(
    `SELECT ${slot}, label_id, ${COUNT} FROM session WHERE label_id > 0 AND ${slot} >= ? AND ${slot} < ? GROUP BY 1, 2`,
    from,
    to,
  )
  return found.map(([start, label, sessions]) => ({
    slot: Number(start),
    label: Number(label),
    sessions: Number(sessions),
  }))
}

export async function readSessions(
  rows: Rows,
  labelsOf: LabelReader,
  { from, to }: { from: number; to: number },
): Promise<SessionRow[]> {
  const sums = await summed(rows, {
    columns: ['session_id', 'label_id'],
    from: 'rollup WHERE slot >= ? AND slot < ?',
    parameters: [from, to],
  })
  const labels = await labelsOf(rows, new Set(sums.map(({ key }) => Number(key[1]))))
  const sessions = new Map<number, { readonly values: Measures; readonly uses: Map<string, Use> }>()
  for (const { key, values } of sums) {
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
  for (const chunk of chunksOf(sessions.keys())) {
    for (const [id, source, session, first, last] of await rows.all(
      `SELECT id, source, ext_id, first_at, last_at FROM session WHERE id IN (${marksOf(chunk)})`,
      ...chunk,
    )) {
      const sum = sessions.get(Number(id))
      const main = sum === undefined ? null : mainUse(sum.uses.values())
      if (sum === undefined || main === null) continue
      found.push({
        source: source as SourceName,
        session: String(session),
        agent: main.agent,
        project: main.project,
        uses: [...sum.uses.values()],
        first: Number(first),
        last: Number(last),
        values: sum.values,
      })
    }
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
export async function findSessions(
  rows: Rows,
  prefix: string,
): Promise<{ source: SourceName; session: string; first: number; last: number }[]> {
  const found = await rows.all(
    `SELECT source, ext_id, first_at, last_at FROM session WHERE substr(ext_id, 1, ?) = ?
     AND EXISTS (SELECT 1 FROM rollup WHERE rollup.session_id = session.id) ORDER BY last_at DESC, id DESC LIMIT 20`,
    // Databases count characters, not code units.
    [...prefix].length,
    prefix,
  )
  return found.map(([source, session, first, last]) => ({
    source: source as SourceName,
    session: String(session),
    first: Number(first),
    last: Number(last),
  }))
}
