import type { SourceName } from '../../core/usage.ts'
import type { Label, LabelRow } from '../ledger.ts'
import type { Db } from '../sql/store.ts'
import { LABEL_COLUMNS, labelValues, toLabelRow } from '../stored-label.ts'
import { groupsOf, idIn, type Moving, tellOthers } from './moving.ts'

/** Moves what the rows of everything else refer to: labels, rates and sessions. */
export async function moveDictionary(moving: Moving): Promise<void> {
  await moveLabels(moving)
  await moveRates(moving)
  await moveSessions(moving)
}

const COLUMNS = ['id', ...LABEL_COLUMNS, 'exposed', 'zero_until', 'folded'].join(', ')

/** Labels of the source, those of its own machine under the name that machine has in the target. */
async function sourceLabels({ source, target }: Pick<Moving, 'source' | 'target'>): Promise<readonly LabelRow[]> {
  const rows = await source.rows.all(`SELECT ${COLUMNS} FROM label ORDER BY id`)
  return rows.map(toLabelRow).map((label) => {
    const isOwn = label.machine === '' || label.machine === source.own.name
    return isOwn ? { ...label, machine: target.machine.name } : label
  })
}

async function moveLabels(moving: Moving): Promise<void> {
  const { target, labels: ids } = moving
  const shownAlike = new Map<string, LabelRow[]>()
  for (const label of await sourceLabels(moving)) {
    const key = `${label.exposed} ${label.zeroUntil}`
    shownAlike.set(key, [...(shownAlike.get(key) ?? []), label])
  }
  for (const group of [...shownAlike.values()].flatMap((labels) => groupsOf(labels))) {
    const rows = await target.write(async (step) => {
      const [first] = group
      if (first === undefined) return []
      const found = await step.tx.internLabels(group, first)
      const shown: LabelRow[] = []
      for (const [index, row] of found.entries()) shown.push(await showAs(step.db, row, group[index] ?? row))
      tellOthers(step, { labels: shown })
      return shown
    })
    for (const [index, { id }] of group.entries()) ids.set(id, rows[index]?.id ?? 0)
  }
}

/** What was shown stays shown, also where the target had begun to hide it, and what was folded stays folded. */
async function showAs(db: Db, row: LabelRow, moved: LabelRow): Promise<LabelRow> {
  const isRevealed = moved.exposed && !row.exposed
  const folded = row.folded || moved.folded
  if (!isRevealed && folded === row.folded) return row
  const shown = { ...row, folded, ...(isRevealed && { exposed: true, zeroUntil: moved.zeroUntil }) }
  await db.run(
    'UPDATE label SET exposed = ?, zero_until = ?, folded = ? WHERE id = ?',
    shown.exposed ? 1 : 0,
    shown.zeroUntil,
    shown.folded ? 1 : 0,
    row.id,
  )
  return shown
}

async function moveRates({ source, target, rates: ids }: Moving): Promise<void> {
  const rates = (await source.rows.all('SELECT id, rate_key, model, description, prices FROM rate ORDER BY id')).map(
    ([id, key, model, description, prices]) => ({
      id: Number(id),
      key: String(key),
      model: String(model),
      description: String(description),
      pico: JSON.parse(String(prices)) as (number | null)[],
    }),
  )
  for (const group of groupsOf(rates)) {
    const known = await target.write(({ tx }) => tx.internRates(group))
    for (const { id, key } of group) ids.set(id, known.get(key) ?? 0)
  }
}

interface StoredSession {
  readonly id: number
  readonly source: SourceName
  readonly session: string
  readonly first: number
  readonly last: number
  /** 0 for one that does not count as started. */
  readonly label: number
  readonly turn: number | null
}

async function moveSessions(moving: Moving): Promise<void> {
  for (let after = 0; ; ) {
    const group = await readSessions(moving, after)
    const last = group.at(-1)
    if (last === undefined) return
    await moveSomeSessions(moving, group)
    after = last.id
  }
}

async function readSessions({ source }: Moving, after: number): Promise<StoredSession[]> {
  const rows = await source.rows.all(
    'SELECT id, source, ext_id, first_at, last_at, label_id, turn_at FROM session WHERE id > ? ORDER BY id LIMIT 500',
    after,
  )
  return rows.map(([id, name, session, first, last, label, turn]) => ({
    id: Number(id),
    source: name as SourceName,
    session: String(session),
    first: Number(first),
    last: Number(last),
    label: Number(label),
    turn: turn === null ? null : Number(turn),
  }))
}

/** A session that counts as started goes on under the label that it was counted under. */
async function moveSomeSessions({ target, labels, sessions }: Moving, group: readonly StoredSession[]): Promise<void> {
  const ids = await target.write(async (step) => {
    const { tx } = step
    const found = await tx.internSessions(group)
    const idOf = (index: number) => found[index] ?? 0
    await tx.saveTurns(
      group.flatMap(({ turn }, index) => (turn === null ? [] : [{ sessionId: idOf(index), time: turn }])),
    )
    const counted = new Map<number, { label: number; source: SourceName }>()
    for (const [index, { label, source }] of group.entries()) {
      if (label !== 0) counted.set(idOf(index), { label: idIn(labels, label), source })
    }
    const started = await tx.startSessions(new Map([...counted].map(([id, { label }]) => [id, label])))
    tellOthers(step, {
      sessions: started.flatMap((id) => {
        const start = counted.get(id)
        return start === undefined ? [] : [{ ...start, sessions: 1 }]
      }),
    })
    return found
  })
  for (const [index, { id }] of group.entries()) sessions.set(id, ids[index] ?? 0)
}

/** The text of a label without its machine: the same logs read on two machines differ in nothing else. */
export function labelCore(label: Label): string {
  return JSON.stringify(labelValues({ ...label, machine: '' }))
}
