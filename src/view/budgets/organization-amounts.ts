import { SlotSeries } from '../../budgets/slot-series.ts'
import type { Budget, BudgetScope } from '../../core/budget.ts'
import type { BucketReport } from '../../core/organization.ts'
import { DAY_MS } from '../../core/time.ts'
import { type Ledger, SLOT_MS } from '../../ledger/ledger.ts'
import type { StoredDirectory } from '../../ledger/organization.ts'
import { seriesKey, tokensOf } from './measured-series.ts'
import { jointState, NO_REPORT, type ReportState, reportState } from './organization-data.ts'
import { organizationScope } from './organization-scope.ts'
import { neededFrom } from './span.ts'

export type OrganizationBudgetLedger = Pick<
  Ledger,
  'billedBuckets' | 'usageBuckets' | 'coverage' | 'directories' | 'organizations'
>

/** What a report comes to in scope, and how well it is known. */
export interface OrganizationSeries {
  readonly amounts: SlotSeries
  readonly state: ReportState
}

/** What is counted of which report, from when on, epoch milliseconds. */
export interface Wanted {
  readonly report: Extract<BucketReport, 'usage' | 'cost'>
  readonly scope: BudgetScope
  readonly tokenClasses: Budget['tokenClasses']
  readonly from: number
}

/** The series that the budgets need, by `seriesKey`; those that count the same share one. */
export function wantedSeries(budgets: readonly Budget[], now: number): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  for (const budget of budgets) {
    const { basis, scope, tokenClasses } = budget
    const key = seriesKey(budget)
    const from = Math.min(neededFrom(budget, now), wanted.get(key)?.from ?? Number.POSITIVE_INFINITY)
    wanted.set(key, { report: basis === 'billed_cost' ? 'cost' : 'usage', scope, tokenClasses, from })
  }
  return wanted
}

/** Reads what the organisations' reports say since then. Of other organisations than these, nothing counts. */
export async function readSeries(
  ledger: OrganizationBudgetLedger,
  { report, scope, tokenClasses, from }: Wanted,
  organizations: readonly string[],
  directories: readonly StoredDirectory[],
  now: number,
): Promise<OrganizationSeries> {
  const { organizations: inScope, isNamed, matches } = organizationScope(scope, organizations, directories)
  const range = { from: Math.floor(from / DAY_MS) * DAY_MS, to: (Math.floor(now / DAY_MS) + 1) * DAY_MS }
  const [entries, coverages] = await Promise.all([
    report === 'cost'
      ? ledger
          .billedBuckets({ ...range, matches })
          .then((buckets) => buckets.map(({ start, amountPico }) => [slotOf(start), amountPico] as const))
      : ledger
          .usageBuckets({ ...range, matches })
          .then((buckets) =>
            buckets.map(
              ({ start, tokens }) =>
                [slotOf(start), tokensOf({ tokenClasses }, (index) => tokens[index] ?? 0n)] as const,
            ),
          ),
    Promise.all(inScope.map((name) => ledger.coverage(name, report, range))),
  ])
  const amounts = new SlotSeries()
  amounts.replace(entries)
  return { amounts, state: isNamed ? jointState(coverages.map(reportState)) : NO_REPORT }
}

/** Buckets of minutes are summed up: no period begins within a quarter of an hour. */
function slotOf(start: number): number {
  return Math.floor(start / SLOT_MS) * SLOT_MS
}
