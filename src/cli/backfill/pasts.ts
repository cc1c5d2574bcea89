import { createBudgetPast } from '../../backfill/budget-past.ts'
import { createOrganizationPast } from '../../backfill/organization-past.ts'
import type { Past } from '../../backfill/past.ts'
import { createUsagePast } from '../../backfill/usage-past.ts'
import { budgetsOf } from '../../config/budgets.ts'
import type { Config } from '../../config/config.ts'
import type { Ledger } from '../../ledger/ledger.ts'

/**
 * Everything that is known of the past, out of a ledger that nobody changes meanwhile.
 *
 * @param now when the ledger was taken, epoch milliseconds
 */
export function createPasts(ledger: Ledger, config: Config, now: number): readonly Past[] {
  const { seriesLimit } = config.metrics
  return [
    createUsagePast(ledger, { now, seriesLimit }),
    createOrganizationPast(ledger),
    createBudgetPast(ledger, { budgets: budgetsOf(config) }),
  ]
}
