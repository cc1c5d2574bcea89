import type { Ledger } from '../ledger/ledger.ts'
import type { Freshness } from './freshness.ts'
import { FILTERS, type ReportFilters, type ReportOptions } from './options.ts'
import type { PeriodContext } from './period.ts'

/** Everything a report is made from. */
export interface ReportRequest {
  readonly ledger: Ledger
  readonly options: ReportOptions
  readonly where: ReportFilters
  readonly context: PeriodContext
  readonly freshness: Freshness
}

/** The filters among the options of a command line. */
export function filtersOf(options: Readonly<Record<string, unknown>>): ReportFilters {
  const given = FILTERS.filter((name) => typeof options[name] === 'string').map((name) => [name, options[name]])
  return Object.fromEntries(given)
}
