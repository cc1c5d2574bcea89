import type { Snapshot } from '../view/snapshot.ts'
import { type Collector, type MetricDefinition, metric, type Sample } from './definition.ts'
import { apiUsageDefinitions } from './definitions/api-usage.ts'
import { balanceDefinitions } from './definitions/balances.ts'
import { billingDefinitions } from './definitions/billing.ts'
import { budgetForecastDefinitions } from './definitions/budget-forecasts.ts'
import { budgetDefinitions } from './definitions/budgets.ts'
import { cacheDefinitions } from './definitions/cache.ts'
import { claudeCodeDefinitions } from './definitions/claude-code.ts'
import { costDefinitions } from './definitions/cost.ts'
import { directoryDefinitions } from './definitions/directory.ts'
import { ledgerDefinitions, sourceDefinitions } from './definitions/exporter.ts'
import { habitDefinitions } from './definitions/habits.ts'
import { machineDefinitions } from './definitions/machines.ts'
import { ownerDefinitions } from './definitions/owners.ts'
import { planWindowDefinitions } from './definitions/plan-windows.ts'
import { priceDefinitions } from './definitions/prices.ts'
import { reconciliationDefinitions } from './definitions/reconciliation.ts'
import { runDefinitions } from './definitions/runs.ts'
import { sessionDefinitions } from './definitions/sessions.ts'
import { usageDefinitions } from './definitions/usage.ts'
import { windowDefinitions } from './definitions/windows.ts'

/** Everything that follows from the logs, and so cannot be told before their history is loaded. */
const usageFamilies: readonly MetricDefinition[] = [
  ...usageDefinitions,
  ...costDefinitions,
  ...cacheDefinitions,
  ...sessionDefinitions,
  ...habitDefinitions,
  ...windowDefinitions,
  ...priceDefinitions,
]

/** What organisations tell of themselves. */
const organizationFamilies: readonly MetricDefinition[] = [
  ...apiUsageDefinitions,
  ...billingDefinitions,
  ...directoryDefinitions,
  ...claudeCodeDefinitions,
  ...reconciliationDefinitions,
]

/** Budgets of both, which tell by themselves what is not known. */
const budgetFamilies: readonly MetricDefinition[] = [
  ...budgetDefinitions,
  ...budgetForecastDefinitions,
  ...balanceDefinitions,
  ...planWindowDefinitions,
  ...ownerDefinitions,
]

const figureFamilies: readonly MetricDefinition[] = [...usageFamilies, ...organizationFamilies, ...budgetFamilies]

/** Served while session history is loaded, too: nothing in them follows from it, or they look for themselves. */
const ALWAYS_SERVED: ReadonlySet<Collector> = new Set(['exporter', 'api', 'billing', 'budgets'])

const exporterFamilies: readonly MetricDefinition[] = [
  ...sourceDefinitions,
  ...runDefinitions,
  ...ledgerDefinitions,
  ...machineDefinitions,
  metric({
    name: 'claude_exporter_series',
    type: 'gauge',
    help: "Series served now, by family; without the exporter's own.",
    unit: 'series',
    labels: ['family'],
    collector: 'exporter',
    read: (snapshot) => [...seriesOf(snapshot)].map(([family, series]) => [{ family }, series] as const),
  }),
]

/** Every family whose values come from the snapshot, in the order of the exposition. */
export const definitions: readonly MetricDefinition[] = [...figureFamilies, ...exporterFamilies].sort((a, b) =>
  a.name < b.name ? -1 : 1,
)

/** How many series each family has that is not about the exporter itself. Families without series are left out. */
export function seriesOf(snapshot: Snapshot): ReadonlyMap<string, number> {
  const counts = figureFamilies.map((family) => [family.name, samplesOf(family, snapshot).length] as const)
  return new Map(counts.filter(([, series]) => series > 0))
}

const remembered = new WeakMap<Snapshot, Map<MetricDefinition, readonly Sample<string>[]>>()

/** The samples of a family, read once per snapshot. While history is loaded, nothing that follows from it. */
export function samplesOf(definition: MetricDefinition, snapshot: Snapshot): readonly Sample<string>[] {
  if (!snapshot.complete && !ALWAYS_SERVED.has(definition.collector)) return []
  const known = remembered.get(snapshot) ?? new Map()
  remembered.set(snapshot, known)
  const samples = known.get(definition) ?? definition.read(snapshot)
  known.set(definition, samples)
  return samples
}
