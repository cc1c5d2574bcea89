import type { MetricDefinition } from '../metrics/definition.ts'
import { definitions } from '../metrics/definitions.ts'

/** What organisations tell in families of other names. */
const NAMES: readonly string[] = ['claude_organization_info', 'claude_workspace_info']

/** Families that have a past, in the order of the exposition. */
export const pastFamilies: readonly MetricDefinition[] = definitions.filter(hasPast)

/**
 * Counters of use, budgets, and what organisations tell. What was forecast is not known any more, windows of the session
 * logs follow from the counters, and the exporter's own health is about a program that did not run.
 */
function hasPast({ name, type, collector }: MetricDefinition): boolean {
  if (collector === 'exporter') return false
  if (type === 'counter') return true
  if (name.startsWith('claude_budget_')) return !/forecast|exhaustion/.test(name)
  return /^claude_(billed|api)_/.test(name) || NAMES.includes(name)
}
