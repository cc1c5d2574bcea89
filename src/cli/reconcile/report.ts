import type { DayCoverage, Reconciled } from '../../reconcile/reconcile.ts'
import type { Freshness } from '../../report/freshness.ts'
import type { PeriodContext } from '../../report/period.ts'

/** Everything the reconciliation is printed from. */
export interface ReconcileReport {
  readonly reconciled: Reconciled
  readonly costCoverage: ReadonlyMap<number, DayCoverage>
  readonly usageCoverage: ReadonlyMap<number, DayCoverage>
  /** Whether there is a credential of any organisation. */
  readonly isConfigured: boolean
  readonly byWorkspace: boolean
  readonly workspaceNames: ReadonlyMap<string, string>
  /** In UTC. */
  readonly context: PeriodContext
  readonly freshness: Freshness
}

/** Until when all that was read is complete, epoch milliseconds; null where nothing was read. */
export function completeTo(coverage: ReadonlyMap<number, DayCoverage>): number | null {
  return coverage.size === 0 ? null : Math.max(...[...coverage.values()].map((day) => day.completeTo))
}

/** When the newest of the days was read last, epoch milliseconds; null where nothing was read. */
export function lastRead(coverage: ReadonlyMap<number, DayCoverage>): number | null {
  return coverage.size === 0 ? null : Math.max(...[...coverage.values()].map((day) => day.readAt))
}
