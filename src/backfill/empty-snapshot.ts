import { DEFAULT_THRESHOLDS } from '../core/alert-thresholds.ts'
import { NO_ORGANIZATIONS } from '../view/organization/part.ts'
import { NO_OWNERS } from '../view/owners/part.ts'
import type { Snapshot } from '../view/snapshot.ts'

/** A snapshot of nothing, to be filled with parts of the past. */
export function emptySnapshot({ timeZone, seriesLimit }: { timeZone: string; seriesLimit: number }): Snapshot {
  return {
    at: 0,
    version: 0,
    complete: true,
    timeZone,
    counters: [],
    today: [],
    last7Days: [],
    monthToDate: [],
    unpriced: [],
    unlogged: [],
    perSource: [],
    sessionsStarted: [],
    active: [],
    modelInUse: [],
    prices: [],
    sources: [],
    organizations: NO_ORGANIZATIONS,
    budgets: [],
    balances: [],
    owners: NO_OWNERS,
    habits: [],
    planWindows: [],
    alertThresholds: DEFAULT_THRESHOLDS,
    nextRuns: [],
    ledger: { up: true, sizeBytes: 0, errors: {}, held: 0 },
    sharedLedger: null,
    machines: [],
    series: { limit: seriesLimit, folded: 0 },
  }
}
