import type { Database } from 'better-sqlite3'
import { MEASURES, type Measures } from '../../core/measures.ts'
import { PICO_PER_USD } from '../../core/money.ts'
import { type ModelTotals, NO_TOTALS, raise, totalsOf, unloggedTotals } from '../claims.ts'
import type { ReconcileOptions } from '../ledger.ts'
import { Rows } from './rows.ts'

/** Compares the agents' own totals that are due with the log and stores what is to be shown. True when that changed. */
export function reconcileClaims(db: Database, { storedBefore, zeroUntil }: ReconcileOptions): boolean {
  const rows = new Rows(db)
  const update = db.prepare(
    `UPDATE claim SET shown_input = ?, shown_output = ?, shown_cache_read = ?, shown_cache_write = ?, shown_usd = ?,
       shown_pico = ?, zero_until = ?, pending_since = 0 WHERE session_id = ? AND model = ?`,
  )
  let changed = false
  for (const row of rows.all(
    `SELECT session_id, model, source, continues, input, output, cache_read, cache_write, cost_usd, cost_pico,
       shown_input, shown_output, shown_cache_read, shown_cache_write, shown_usd, shown_pico, zero_until
     FROM claim JOIN session ON session.id = claim.session_id WHERE pending_since > 0 AND pending_since <= ?`,
    storedBefore,
  )) {
    const [sessionId, model, source, continues, ...figures] = row
    const shown = claimTotals(figures.slice(6, 12))
    const inherited = continues === '' ? null : totalsOfSession(rows, String(source), String(continues), String(model))
    const logged = loggedTotals(rows, Number(sessionId), String(model))
    const next = raise(shown, unloggedTotals(claimTotals(figures), logged, inherited))
    const isFirst = isNothing(shown) && !isNothing(next)
    changed ||=
      isFirst || Object.keys(next).some((name) => next[name as keyof ModelTotals] !== shown[name as keyof ModelTotals])
    update.run(
      next.input,
      next.output,
      next.cacheRead,
      next.cacheWrite,
      next.costPico / PICO_PER_USD,
      next.costPico % PICO_PER_USD,
      isFirst ? zeroUntil : Number(figures[12]),
      sessionId,
      model,
    )
  }
  return changed
}

/** What a session had used when another continued from it: its own total if it left one, else its logged responses. */
function totalsOfSession(rows: Rows, source: string, session: string, model: string): ModelTotals {
  const claim = rows.one(
    `SELECT input, output, cache_read, cache_write, cost_usd, cost_pico
     FROM claim JOIN session ON session.id = claim.session_id
     WHERE session.source = ? AND session.ext_id = ? AND claim.model = ?`,
    source,
    session,
    model,
  )
  if (claim !== undefined) return claimTotals(claim)
  const id = rows.one('SELECT id FROM session WHERE source = ? AND ext_id = ?', source, session)?.[0]
  return id === undefined ? NO_TOTALS : loggedTotals(rows, Number(id), model)
}

const sums = MEASURES.map((name) => `COALESCE(SUM(rollup.${name}), 0)`).join(', ')

function loggedTotals(rows: Rows, sessionId: number, model: string): ModelTotals {
  const values = rows.one(
    `SELECT ${sums} FROM rollup JOIN label ON label.id = rollup.label_id
     WHERE rollup.session_id = ? AND label.model = ?`,
    sessionId,
    model,
  )
  return totalsOf((values ?? []) as Measures)
}

function claimTotals([input, output, cacheRead, cacheWrite, usd, pico]: readonly unknown[]): ModelTotals {
  return {
    input: big(input),
    output: big(output),
    cacheRead: big(cacheRead),
    cacheWrite: big(cacheWrite),
    costPico: big(usd) * PICO_PER_USD + big(pico),
  }
}

function isNothing(totals: ModelTotals): boolean {
  return Object.values(totals).every((value) => value === 0n)
}

function big(value: unknown): bigint {
  return BigInt(value as number | bigint)
}
