import { alertThresholdsOf, budgetsOf, topUpsOf } from '../../config/budgets.ts'
import type { Config } from '../../config/config.ts'
import { organizationsOf } from '../../config/organizations.ts'
import { pricingOf } from '../../configured-pricing.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Logger } from '../../lib/logger.ts'
import { StatusLines } from '../../status-lines.ts'
import { ACTIVE_MS } from '../../view/active.ts'
import { BudgetView } from '../../view/budget-view.ts'
import type { SessionData } from '../../view/budgets/session-data.ts'
import { HabitView } from '../../view/habit-view.ts'
import { SnapshotHolder } from '../../view/holder.ts'
import { loadHistory } from '../../view/load-history.ts'
import { OrganizationView } from '../../view/organization-view.ts'
import type { Snapshot } from '../../view/snapshot.ts'
import { UsageView } from '../../view/usage-view.ts'

export interface SnapshotFacts {
  readonly config: Config
  /** What is known of the session logs. */
  readonly sessions: SessionData
  /** Epoch milliseconds. */
  readonly now: number
  readonly logger: Pick<Logger, 'warn'>
}

/**
 * What an exporter would show of a ledger that nobody changes meanwhile; when its next runs are due is not known. Rejects
 * with LedgerError.
 */
export async function readSnapshot(ledger: Ledger, facts: SnapshotFacts): Promise<Snapshot> {
  const { config, sessions, now: at, logger } = facts
  const { timeZone } = config
  const { seriesLimit, machineLabel } = config.metrics
  const now = () => at
  const names = organizationsOf(config).map(({ name }) => name)
  // A command that was given no credentials shows all that the ledger has.
  const organizations = names.length === 0 ? {} : { organizations: () => names }

  const usage = new UsageView({ timeZone, now, seriesLimit, machineLabel })
  await usage.load(ledger)
  const minElapsedRatio = alertThresholdsOf(config).forecast_elapsed_ratio
  const budgets = new BudgetView({
    budgets: budgetsOf(config),
    topUps: topUpsOf(config),
    now,
    minElapsedRatio,
    sessions: () => sessions,
    ...organizations,
  })
  const habits = new HabitView({ timeZone, now, label: (id) => usage.label(id) })
  await loadHistory(ledger, [budgets, habits], at)
  await budgets.refreshOrganizations(ledger)
  const active = await ledger.activeSessions(at - ACTIVE_MS, at)
  usage.setActive(active)
  habits.setActive(active)
  const organizationView = new OrganizationView({
    now,
    settleAfterMs: config.adminApi.settleAfterMs,
    ...organizations,
  })
  await organizationView.refresh(ledger)
  const statusLines = new StatusLines(config.storage.path, logger)
  statusLines.refresh(at)
  const pricing = pricingOf(config)
  return new SnapshotHolder({
    usage: () => usage,
    now,
    timeZone,
    seriesLimit,
    listPrices: (instant) => pricing.listPrices(instant),
    health: () => sessions,
    organizations: () => organizationView.part(),
    budgets: () => budgets.part(),
    habits: () => habits.part(),
    planWindows: () => statusLines.planWindows,
    alertThresholds: () => alertThresholdsOf(config),
  }).current()
}
