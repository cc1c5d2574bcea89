import { PICO_PER_USD } from '../../core/money.ts'
import { type ModelTotals, NO_TOTALS, raise } from '../claims.ts'
import { toBigInt } from '../sql/integer.ts'
import type { Db } from '../sql/store.ts'
import { groupsOf, idIn, type Moving, tellOthers } from './moving.ts'

const TOLD = [
  'project',
  'at',
  'continues',
  'input',
  'output',
  'cache_read',
  'cache_write',
  'cost_usd',
  'cost_pico',
  'pending_since',
]
const SHOWN = [
  'shown_input',
  'shown_output',
  'shown_cache_read',
  'shown_cache_write',
  'shown_usd',
  'shown_pico',
  'zero_until',
]
const VALUES = [...TOLD, ...SHOWN]

/** Moves what agents told of their sessions: the newer word counts, and what was shown of it is not taken back. */
export async function moveClaims({ source, target, sessions }: Moving): Promise<void> {
  const rows = await source.rows.all(
    `SELECT session_id, model, ${VALUES.join(', ')} FROM claim ORDER BY session_id, model`,
  )
  for (const group of groupsOf(rows)) {
    await target.write(async (step) => {
      let isChanged = false
      for (const [session, model, ...values] of group) {
        const id = idIn(sessions, Number(session))
        isChanged = (await saveClaim(step.db, id, String(model), values)) || isChanged
      }
      tellOthers(step, { claims: isChanged })
    })
  }
}

/** True when it changed anything. */
async function saveClaim(db: Db, session: number, model: string, moved: readonly unknown[]): Promise<boolean> {
  const isNew = await db.run(
    `INSERT INTO claim(session_id, model, ${VALUES.join(', ')}) VALUES(?, ?, ${VALUES.map(() => '?').join(', ')})
     ON CONFLICT(session_id, model) DO NOTHING`,
    session,
    model,
    ...moved,
  )
  if (isNew > 0) return true
  const which = 'WHERE session_id = ? AND model = ?'
  // Whoever has changed the row last has it until the transaction is done: what is read is not written over.
  await db.run(`UPDATE claim SET at = at ${which}`, session, model)
  const known = (await db.one(`SELECT ${VALUES.join(', ')} FROM claim ${which}`, session, model)) ?? moved
  const next = mergeClaims(known, moved)
  if (next.map(String).join('\n') === known.map(String).join('\n')) return false
  const changed = VALUES.map((name) => `${name} = ?`).join(', ')
  await db.run(`UPDATE claim SET ${changed} ${which}`, ...next, session, model)
  return true
}

function mergeClaims(known: readonly unknown[], moved: readonly unknown[]): readonly unknown[] {
  const told = isNewer(moved, known) ? moved.slice(0, TOLD.length) : known.slice(0, TOLD.length)
  const before = shownOf(known)
  const shown = raise(before, shownOf(moved))
  const wasShown = Object.values(before).some((value) => value > 0n)
  return [
    ...told,
    shown.input,
    shown.output,
    shown.cacheRead,
    shown.cacheWrite,
    shown.costPico / PICO_PER_USD,
    shown.costPico % PICO_PER_USD,
    wasShown ? known.at(-1) : moved.at(-1),
  ]
}

const AT = TOLD.indexOf('at')
const OUTPUT = TOLD.indexOf('output')

function isNewer(a: readonly unknown[], b: readonly unknown[]): boolean {
  const [atA, atB] = [Number(a[AT]), Number(b[AT])]
  return atA > atB || (atA === atB && toBigInt(a[OUTPUT]) > toBigInt(b[OUTPUT]))
}

function shownOf(values: readonly unknown[]): ModelTotals {
  const [input, output, cacheRead, cacheWrite, usd, pico] = values.slice(TOLD.length).map((value) => toBigInt(value))
  return {
    ...NO_TOTALS,
    input: input ?? 0n,
    output: output ?? 0n,
    cacheRead: cacheRead ?? 0n,
    cacheWrite: cacheWrite ?? 0n,
    costPico: (usd ?? 0n) * PICO_PER_USD + (pico ?? 0n),
  }
}
