import { balanceAlerts } from './groups/balances.ts'
import { budgetAlerts, budgetTrendAlerts } from './groups/budgets.ts'
import { efficiencyAlerts } from './groups/efficiency.ts'
import { exporterAlerts } from './groups/exporter.ts'
import { machineAlerts } from './groups/machines.ts'
import { runawayAlerts } from './groups/runaways.ts'
import { sourceAlerts } from './groups/sources.ts'
import { budgetRecordings } from './recording/budgets.ts'
import { rateRecordings, windowRecordings } from './recording/usage.ts'
import type { AlertRule, RecordingRule, RuleGroup } from './rule.ts'

/** Every alert, by group. */
export const ALERT_GROUPS: readonly RuleGroup<AlertRule>[] = [
  budgetAlerts,
  budgetTrendAlerts,
  runawayAlerts,
  efficiencyAlerts,
  sourceAlerts,
  machineAlerts,
  exporterAlerts,
  balanceAlerts,
]

/** What the alerts and dashboards need more than once, or over more than a day. */
export const RECORDING_GROUPS: readonly RuleGroup<RecordingRule>[] = [
  budgetRecordings,
  rateRecordings,
  windowRecordings,
]
