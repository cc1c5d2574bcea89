import type { BudgetLedger } from '../../budgets.ts'
import type { Ledger } from '../../ledger.ts'
import { type Work, workOn } from '../organization/database.ts'
import type { Access } from '../organization/index.ts'
import { hasTable, type Rows } from '../rows.ts'
import { readBilledBuckets, readUsageBuckets } from './bucket-sums.ts'
import { claimNotice, pruneNotices, releaseNotice } from './notices.ts'
import { addCrossing, addForecast, readCrossings, readForecasts, readPeriods, savePeriod } from './records.ts'

export type BudgetPart = BudgetLedger & Pick<Ledger, 'billedBuckets' | 'usageBuckets'>

/** What the SQLite ledger keeps of budgets, and what budgets over the organisations' reports are made of. */
export function budgetLedger({ write, read }: Access): BudgetPart {
  const change = <T>(work: (work: Work) => T): Promise<T> => write((db) => work(workOn(db)))
  /** A ledger that an earlier version wrote, opened beside it, has not all the tables. */
  const readFrom = <T>(table: string, query: (rows: Rows) => readonly T[]): Promise<readonly T[]> =>
    read((rows) => (hasTable(rows, table) ? query(rows) : []))

  return {
    savePeriod: (period) => change((work) => savePeriod(work, period)),
    addCrossing: (crossing) => change((work) => addCrossing(work, crossing)),
    addForecast: (forecast) => change((work) => addForecast(work, forecast)),
    budgetPeriods: (query) => readFrom('budget_period', (rows) => readPeriods(rows, query)),
    crossings: (query) => readFrom('budget_crossing', (rows) => readCrossings(rows, query)),
    forecasts: (query) => readFrom('budget_forecast', (rows) => readForecasts(rows, query)),

    claimNotice: (key, at) => change((work) => claimNotice(work, key, at)),
    releaseNotice: (key) => change((work) => releaseNotice(work, key)),
    pruneNotices: (before) => change((work) => pruneNotices(work, before)),

    billedBuckets: (query) => readFrom('api_cost', (rows) => readBilledBuckets(rows, query)),
    usageBuckets: (query) => readFrom('api_usage', (rows) => readUsageBuckets(rows, query)),
  }
}
