import { createBudgetPast } from '../../backfill/budget-past.ts'
import { createOrganizationPast } from '../../backfill/organization-past.ts'
import type { Past } from '../../backfill/past.ts'
import { createUsagePast } from '../../backfill/usage-past.ts'
import { budgetsOf } from '../../config/budgets.ts'
import type { Config } from '../../config/config.ts'
import { organizationsOf } from '../../config/organizations.ts'
import type { Ledger } from '../../ledger/ledger.ts'

export interface PastsOptions {
  readonly config: Config
  /** When the ledger was taken, epoch milliseconds. */
  readonly now: number
  /** The last instant of the history, epoch milliseconds. */
  readonly to: number
}

/** Everything that is known of the past, out of a ledger that nobody changes meanwhile. */
export function createPasts(ledger: Ledger, { config, now, to }: PastsOptions): readonly Past[] {
  const { seriesLimit, machineLabel } = config.metrics
  const organizations = organizationsIn(config)
  return [
    createUsagePast(ledger, { now, to, seriesLimit, machineLabel }),
    createOrganizationPast(ledger, { organizations }),
    createBudgetPast(ledger, { budgets: budgetsOf(config), organizations }),
  ]
}

/**
 * Those that the exporter shows: of one that is not configured any more the history would go on up to its end. A command
 * that was given no credentials knows none, and takes all that the ledger has.
 */
function organizationsIn(config: Config): readonly string[] | undefined {
  const names = organizationsOf(config).map(({ name }) => name)
  return names.length === 0 ? undefined : names
}
