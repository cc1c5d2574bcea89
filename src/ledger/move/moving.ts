import type { Changed } from '../ledger.ts'
import type { Db, Step, Store } from '../sql/store.ts'
import type { MoveSource } from './source.ts'

/** Rows that are moved in one transaction. */
export const CHUNK_ROWS = 500

/** Both ends of a move and what is known of their ids. */
export interface Moving {
  readonly source: MoveSource
  readonly target: Store
  /** Ids in the target by ids in the source. */
  readonly labels: Map<number, number>
  readonly rates: Map<number, number>
  readonly sessions: Map<number, number>
  /** Called after each transaction with how many responses more are through. */
  readonly onMoved: (responses: number) => void
}

/** The target's id of what the source knows by another; 0, which stands for none, stays 0. */
export function idIn(ids: ReadonlyMap<number, number>, id: number): number {
  if (id === 0) return 0
  const known = ids.get(id)
  if (known === undefined) throw new Error(`the ledger refers to a row ${id} that is not there`)
  return known
}

const NOTHING: Changed = { labels: [], rollup: [], counters: [], sessions: [], tallies: [], claims: false }

/** Tells the other programs on the target what a transaction changed. */
export function tellOthers({ revision, tell }: Step, changed: Partial<Changed>): void {
  tell({ deltas: [{ ...NOTHING, ...changed, revision }] })
}

/** Rows of a query, in groups that one transaction each takes. */
export function groupsOf<T>(rows: readonly T[], size = CHUNK_ROWS): T[][] {
  const groups: T[][] = []
  for (let from = 0; from < rows.length; from += size) groups.push(rows.slice(from, from + size))
  return groups
}

/**
 * Keeps others from changing the same until the transaction is done: two moves at once would both bring what is missing,
 * and a sync the rows that were just replaced. The first statement of its transaction.
 */
export async function lock(db: Db, what: 'move_lock' | 'organizations_lock'): Promise<void> {
  await db.run(
    "INSERT INTO meta(name, value) VALUES(?, '') ON CONFLICT(name) DO UPDATE SET value = excluded.value",
    what,
  )
}
