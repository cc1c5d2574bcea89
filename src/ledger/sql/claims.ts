import { PICO_PER_USD } from '../../core/money.ts'
import { type ModelTotals, NO_TOTALS, raise, totalsOf, unloggedTotals } from '../claims.ts'
import type { ReconcileOptions } from '../ledger.ts'
import { chunksOf, marksOf, rowChunks, rowMarks } from './chunks.ts'
import { toBigInt } from './integer.ts'
import type { Db } from './store.ts'
import { summed } from './sums.ts'

const TOLD = ['input', 'output', 'cache_read', 'cache_write', 'cost_usd', 'cost_pico']
const SHOWN = ['shown_input', 'shown_output', 'shown_cache_read', 'shown_cache_write', 'shown_usd', 'shown_pico']
const COLUMNS = ['session_id', 'model', 'project', 'at', 'continues', 'pending_since', ...TOLD, ...SHOWN, 'zero_until']

/** A total that changed meanwhile stays due. */
const SAVE = `ON CONFLICT(session_id, model) DO UPDATE SET pending_since = 0,
    ${[...SHOWN, 'zero_until'].map((name) => `${name} = excluded.${name}`).join(', ')}
  WHERE claim.pending_since = excluded.pending_since`

interface Claim {
  readonly session: number
  readonly source: string
  /** Id of the session that it continues, as the agent calls it; null when it continues none. */
  readonly continues: string | null
  readonly model: string
  readonly told: ModelTotals
  readonly shown: ModelTotals
  /** Values of COLUMNS. */
  readonly cells: readonly unknown[]
}

/** Compares the agents' own totals that are due with the log and stores what is to be shown. True when that changed. */
export async function reconcileClaims(db: Db, { storedBefore, zeroUntil }: ReconcileOptions): Promise<boolean> {
  // Whoever else changes what is due waits, and is not written over.
  await db.run('UPDATE claim SET at = at WHERE pending_since > 0 AND pending_since <= ?', storedBefore)
  const due = await readClaims(db, 'pending_since > 0 AND pending_since <= ?', [storedBefore])
  if (due.length === 0) return false
  const inherited = await inheritedTotals(db, due)
  const logged = await loggedTotals(
    db,
    due.map(({ session }) => session),
  )
  let changed = false
  const rows = due.map((claim) => {
    const { session, model, shown, told, cells } = claim
    const next = raise(shown, unloggedTotals(told, logged(session, model), inherited(claim)))
    const isFirst = isNothing(shown) && !isNothing(next)
    changed ||=
      isFirst || Object.keys(next).some((name) => next[name as keyof ModelTotals] !== shown[name as keyof ModelTotals])
    return [
      ...cells.slice(0, COLUMNS.length - SHOWN.length - 1),
      next.input,
      next.output,
      next.cacheRead,
      next.cacheWrite,
      next.costPico / PICO_PER_USD,
      next.costPico % PICO_PER_USD,
      isFirst ? zeroUntil : cells.at(-1),
    ]
  })
  for (const chunk of rowChunks(rows)) {
    await db.run(`INSERT INTO claim(${COLUMNS.join(', ')}) VALUES ${rowMarks(chunk)} ${SAVE}`, ...chunk.flat())
  }
  return changed
}

async function readClaims(db: Db, where: string, parameters: readonly unknown[]): Promise<Claim[]> {
  const found = await db.all(
    `SELECT session.source, ${COLUMNS.map((name) => `claim.${name}`).join(', ')}
     FROM claim JOIN session ON session.id = claim.session_id WHERE ${where}`,
    ...parameters,
  )
  return found
    .map(([source, ...cells]) => ({
      session: Number(cells[0]),
      source: String(source),
      continues: cells[4] === '' ? null : String(cells[4]),
      model: String(cells[1]),
      told: toTotals(cells.slice(6)),
      shown: toTotals(cells.slice(6 + TOLD.length)),
      cells,
    }))
    .sort((a, b) => a.session - b.session || (a.model < b.model ? -1 : 1))
}

/**
 * What a session had used of a model when another continued from it: its own total if it left one, else its logged
 * responses. Null for a claim that continues nothing.
 */
async function inheritedTotals(db: Db, due: readonly Claim[]): Promise<(claim: Claim) => ModelTotals | null> {
  const ids = await sessionIds(db, due)
  const left = new Map<string, ModelTotals>()
  for (const chunk of chunksOf(ids.values())) {
    for (const { session, model, told } of await readClaims(db, `claim.session_id IN (${marksOf(chunk)})`, chunk)) {
      left.set(modelKey(session, model), told)
    }
  }
  const logged = await loggedTotals(db, ids.values())
  return ({ source, continues, model }) => {
    if (continues === null) return null
    const id = ids.get(sessionKey(source, continues))
    return id === undefined ? NO_TOTALS : (left.get(modelKey(id, model)) ?? logged(id, model))
  }
}

/** Ids of the sessions that the claims continue, as far as they are known. */
async function sessionIds(db: Db, claims: readonly Claim[]): Promise<ReadonlyMap<string, number>> {
  const names = new Map<string, Set<string>>()
  for (const { source, continues } of claims) {
    if (continues === null) continue
    names.set(source, (names.get(source) ?? new Set()).add(continues))
  }
  const ids = new Map<string, number>()
  for (const [source, sessions] of names) {
    for (const chunk of chunksOf(sessions)) {
      for (const [id, session] of await db.all(
        `SELECT id, ext_id FROM session WHERE source = ? AND ext_id IN (${marksOf(chunk)})`,
        source,
        ...chunk,
      )) {
        ids.set(sessionKey(source, String(session)), Number(id))
      }
    }
  }
  return ids
}

/** What the logged responses of sessions add up to, by model. */
async function loggedTotals(
  db: Db,
  sessions: Iterable<number>,
): Promise<(session: number, model: string) => ModelTotals> {
  const totals = new Map<string, ModelTotals>()
  for (const chunk of chunksOf(new Set(sessions))) {
    for (const { key, values } of await summed(db, {
      columns: ['rollup.session_id', 'label.model'],
      from: `rollup JOIN label ON label.id = rollup.label_id WHERE rollup.session_id IN (${marksOf(chunk)})`,
      parameters: chunk,
    })) {
      totals.set(modelKey(Number(key[0]), String(key[1])), totalsOf(values))
    }
  }
  return (session, model) => totals.get(modelKey(session, model)) ?? NO_TOTALS
}

const sessionKey = (source: string, session: string) => `${source}\n${session}`
const modelKey = (session: number, model: string) => `${session}\n${model}`

function toTotals([input, output, cacheRead, cacheWrite, usd, pico]: readonly unknown[]): ModelTotals {
  return {
    input: toBigInt(input),
    output: toBigInt(output),
    cacheRead: toBigInt(cacheRead),
    cacheWrite: toBigInt(cacheWrite),
    costPico: toBigInt(usd) * PICO_PER_USD + toBigInt(pico),
  }
}

function isNothing(totals: ModelTotals): boolean {
  return Object.values(totals).every((value) => value === 0n)
}
