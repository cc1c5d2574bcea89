import { DASHBOARDS } from '../../src/alerts/rule.ts'
import { dashboard } from '../lib/dashboard.ts'
import { stableJson } from '../lib/json.ts'
import { billing } from './billing/billing.ts'
import { budgets } from './budgets/budgets.ts'
import { cache } from './cache/cache.ts'
import { health } from './health/health.ts'
import { overview } from './overview/overview.ts'
import { projectsAndAgents } from './projects/projects.ts'

const SPECS = [overview, budgets, projectsAndAgents, cache, billing, health]

/** The files of all dashboards, by their path in the repository. */
export function dashboardFiles(): ReadonlyMap<string, string> {
  return new Map(SPECS.map((spec) => [`grafana/generated/${DASHBOARDS[spec.name]}.json`, stableJson(dashboard(spec))]))
}
