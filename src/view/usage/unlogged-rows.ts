import type { UnloggedRow } from '../../ledger/ledger.ts'
import { labelValue } from '../labels.ts'
import type { Snapshot, TokenTotals } from '../snapshot.ts'
import type { IsShown } from './counter-rows.ts'

export type UnloggedTotals = Snapshot['unlogged'][number]

/** What stands on no log line, per source, project and model. */
export function unloggedRows(totals: Iterable<UnloggedRow>, isShown: IsShown): UnloggedTotals[] {
  const rows = new Map<string, UnloggedTotals>()
  for (const total of totals) {
    const key = unloggedKey(total)
    const row = rows.get(key) ?? noUnlogged(total)
    rows.set(key, isShown(total.zeroUntil) ? withUnlogged(row, total) : row)
  }
  return [...rows.values()]
}

/** The row a total is part of, at 0. */
export function noUnlogged({ source, project, model }: UnloggedRow): UnloggedTotals {
  return { source, project: labelValue(project), model: labelValue(model), tokens: [0n, 0n, 0n, 0n, 0n], costPico: 0n }
}

export function withUnlogged(row: UnloggedTotals, total: UnloggedRow): UnloggedTotals {
  // The agent's total does not split cache writes by lifetime: like any unsplit write they count as 5 minutes.
  const added = [total.input, total.cacheWrite, 0n, total.cacheRead, total.output]
  const tokens = row.tokens.map((value, index) => value + (added[index] ?? 0n)) as unknown as TokenTotals
  return { ...row, tokens, costPico: row.costPico + total.costPico }
}

/** Unambiguous text for the labels of the row a total is part of. */
export function unloggedKey({ source, project, model }: UnloggedRow): string {
  return JSON.stringify([source, labelValue(project), labelValue(model)])
}
