import type { Budget, BudgetScope, PeriodKind } from '../../core/budget.ts'
import type { SpendLimit } from '../../core/organization.ts'
import { DAY_MS, HOUR_MS } from '../../core/time.ts'
import type { StoredDirectory } from '../../ledger/organization.ts'
import { labelValue } from '../labels.ts'

const PERIODS: Readonly<Record<string, PeriodKind>> = { daily: 'day', weekly: 'week', monthly: 'month' }
const WARNING_RATIO = 0.75
const CRITICAL_RATIO = 0.9
/** A report that is read once a day, with time to spare. */
const MAX_DATA_AGE_MS = DAY_MS + 2 * HOUR_MS

/**
 * The spend limits that the provider enforces, as budgets over billed cost in periods of UTC, weeks from Monday on. A
 * limit is left out where it cannot be measured by the bill: of users, groups and tiers, of a period that is not known,
 * or of nothing. Of several over the same the lowest counts.
 */
export function officialBudgets(directories: readonly StoredDirectory[]): readonly Budget[] {
  const budgets = new Map<string, Budget>()
  for (const { organization, spendLimits } of directories) {
    for (const limit of spendLimits ?? []) {
      const budget = officialBudget(organization, limit)
      if (budget === null) continue
      const known = budgets.get(budget.name)
      if (known === undefined || budget.limit < known.limit) budgets.set(budget.name, budget)
    }
  }
  return [...budgets.values()]
}

function officialBudget(organization: string, limit: SpendLimit): Budget | null {
  const { scope, scopeId, period, limitPico } = limit
  const kind = PERIODS[period]
  const counted = scopeOf(organization, limit)
  if (limitPico === null || limitPico <= 0n || kind === undefined || counted === null) return null
  const what = scope === 'workspace' ? [scope, scopeId] : [scope]
  return {
    name: labelValue(['official', organization, ...what, period].join('/')),
    origin: 'official',
    basis: 'billed_cost',
    limit: limitPico,
    tokenClasses: [],
    period: { kind, days: 0, weekStart: 1, billingDay: 1, timeZone: 'UTC' },
    scope: counted,
    warningRatio: WARNING_RATIO,
    criticalRatio: CRITICAL_RATIO,
    severity: 'critical',
    owner: 'none',
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    maxDataAgeMs: MAX_DATA_AGE_MS,
  }
}

function scopeOf(organization: string, { scope, scopeId }: SpendLimit): BudgetScope | null {
  if (scope === 'organization') return { organization: [organization] }
  if (scope === 'workspace' && scopeId !== 'none') return { organization: [organization], workspace: [scopeId] }
  return null
}
