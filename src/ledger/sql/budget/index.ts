import type { BudgetLedger } from '../../budgets.ts'
import type { Ledger } from '../../ledger.ts'
import { bounded } from '../integer.ts'
import type { Db, Rows, Store } from '../store.ts'
import { readBilledBuckets, readUsageBuckets } from './bucket-sums.ts'
import { claimNotice, pruneNotices, releaseNotice } from './notices.ts'
import { addCrossing, addForecast, readCrossings, readForecasts, readPeriods, savePeriod } from './records.ts'

export type BudgetPart = BudgetLedger & Pick<Ledger, 'billedBuckets' | 'usageBuckets'>

/** What the ledger keeps of budgets, and what budgets over the organisations' reports are made of. */
export function budgetLedger(store: Store): BudgetPart {
  const change = <T>(work: (db: Db) => Promise<T>): Promise<T> => store.write(({ db }) => work(db))
  /** Something of a budget that others show too. */
  const record = <T>(work: (db: Db) => Promise<T>): Promise<T> =>
    store.write(({ db, tell }) => {
      tell({ organizations: true })
      return work(db)
    })
  /** A ledger that an earlier version wrote, opened beside it, has not all the tables. */
  const readFrom = <T>(table: string, query: (rows: Rows) => Promise<readonly T[]>): Promise<readonly T[]> =>
    store.read(async (rows) => ((await rows.hasTable(table)) ? query(rows) : []))

  return {
    savePeriod: (period) => record((db) => savePeriod(db, period)),
    addCrossing: (crossing) => record((db) => addCrossing(db, crossing)),
    addForecast: (forecast) => record((db) => addForecast(db, forecast)),
    budgetPeriods: (query) => readFrom('budget_period', (rows) => readPeriods(rows, query)),
    crossings: (query) => readFrom('budget_crossing', (rows) => readCrossings(rows, query)),
    forecasts: (query) => readFrom('budget_forecast', (rows) => readForecasts(rows, query)),

    claimNotice: (key, at) => change((db) => claimNotice(db, key, at)),
    releaseNotice: (key) => change((db) => releaseNotice(db, key)),
    pruneNotices: (before) => change((db) => pruneNotices(db, before)),

    billedBuckets: (query) => readFrom('api_cost', (rows) => readBilledBuckets(rows, bounded(query))),
    usageBuckets: (query) => readFrom('api_usage', (rows) => readUsageBuckets(rows, bounded(query))),
  }
}
