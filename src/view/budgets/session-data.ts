import type { DataState } from '../../budgets/data-state.ts'
import { matchesScope } from '../../budgets/scope.ts'
import type { Budget } from '../../core/budget.ts'
import { isFine } from '../health-view.ts'
import type { Snapshot, SourceHealth } from '../snapshot.ts'

/** What is known of the session logs, as HealthView tells it. */
export type SessionData = Pick<Snapshot, 'complete' | 'sources' | 'ledger'> & Partial<Pick<Snapshot, 'machines'>>

/**
 * How far the session logs in scope are known. While they are followed, up to now; otherwise up to the oldest last look
 * at one of them, or where there was none yet, to `storedTo`, when the ledger was last written (null: never). An exporter
 * that reads no logs knows them up to when any other machine last read its own: one that is closed is no fault.
 */
export function sessionDataState(
  { scope }: Pick<Budget, 'scope'>,
  { complete, ledger, sources, machines = [] }: SessionData,
  storedTo: number | null,
  now: number,
): DataState {
  const inScope = sources.filter(({ source }) => scope.source === undefined || isNamed(scope.source, source))
  const inUse = inScope.filter(({ roots }) => roots.some(({ state }) => state === 'ok'))
  const readByOthers = sources.length === 0 ? newestReading(machines) : null
  const known = { from: Number.NEGATIVE_INFINITY, to: readByOthers ?? dataTo(inUse, storedTo, now) }
  if (!complete) return { ...known, problem: 'loading' }
  if (!ledger.up) return { ...known, problem: 'ledger_failing' }
  if (readByOthers !== null) return { ...known, problem: null }
  if (inUse.length === 0 || inScope.some(({ roots }) => !roots.every(isFine))) {
    return { ...known, problem: 'source_unreadable' }
  }
  return { ...known, problem: null }
}

function newestReading(machines: Snapshot['machines']): number | null {
  const read = machines.flatMap(({ readAt }) => (readAt === null ? [] : [readAt]))
  return read.length === 0 ? null : Math.max(...read)
}

function isNamed(patterns: readonly string[], source: string): boolean {
  return matchesScope({ source: patterns }, { source: [source] })
}

function dataTo(inUse: readonly SourceHealth[], storedTo: number | null, now: number): number | null {
  const ends = inUse.map(({ tailMode, lastSuccess }) => (tailMode === 'off' ? (lastSuccess ?? storedTo) : now))
  return ends.reduce<number | null>(
    (oldest, end) => (oldest === null || end === null ? null : Math.min(oldest, end)),
    ends.length === 0 ? storedTo : Number.POSITIVE_INFINITY,
  )
}
