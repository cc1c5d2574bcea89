import { isOfOrganization, ORGANIZATION_SCOPE, SESSION_SCOPE, unitOf } from '../core/budget.ts'
import { SOURCE_NAMES } from '../core/usage.ts'
import type { BudgetEntry } from './budget.ts'
import { versionProblems } from './budget-versions.ts'
import { basisOf, DEFAULT_CRITICAL_RATIO, DEFAULT_WARNING_RATIO, leastSessionDataAgeMs } from './budgets.ts'
import type { Config } from './config.ts'
import type { KeyPath } from './layer.ts'
import type { Rule } from './rules.ts'

/** What the keys of budgets only get wrong together: within one, then among the versions of one. */
export const budgetRules: readonly Rule[] = [
  {
    reads: ['budgets', 'time_zone', 'tail.rescan'],
    check: (config, where) => [
      ...config.budgets.flatMap((entry, index) =>
        entryProblems(entry, config).map(({ key, ...problem }) => ({ ...problem, within: [index, ...key] })),
      ),
      ...versionProblems(config, where),
    ],
  },
]

interface EntryProblem {
  /** Keys within the entry. */
  readonly key: KeyPath
  readonly text: string
  readonly fix: string
}

function entryProblems(entry: BudgetEntry, config: Config): EntryProblem[] {
  const limit = limitProblem(entry)
  // What fits a budget depends on its unit.
  if (limit) return [limit]
  return [
    unitProblem(entry),
    ...periodProblems(entry),
    ...scopeProblems(entry),
    thresholdProblem(entry),
    dateProblem(entry),
    ageProblem(entry, config),
  ].filter((problem) => problem !== null)
}

function limitProblem({ name, limit_usd: usd, limit_tokens: tokens }: BudgetEntry): EntryProblem | null {
  if (usd === undefined && tokens === undefined) {
    return {
      key: [],
      text: `budget "${name}" has no limit`,
      fix: `Give budget "${name}" limit_usd (dollars) or limit_tokens.`,
    }
  }
  if (usd === undefined || tokens === undefined) return null
  return {
    key: ['limit_tokens'],
    text: `budget "${name}" has limit_usd as well as limit_tokens`,
    fix: `Keep one limit of budget "${name}"; make a second budget, with another name, for the other.`,
  }
}

function unitProblem(entry: BudgetEntry): EntryProblem | null {
  const { name, limit_tokens: tokens, token_types: types } = entry
  const basis = basisOf(entry)
  const unit = tokens === undefined ? 'usd' : 'tokens'
  if (unitOf(basis) !== unit) {
    const [counts, limit, others] =
      unit === 'usd'
        ? ['tokens', 'limit_usd is in dollars', 'estimated_cost, plan_value or billed_cost; or give it limit_tokens']
        : ['dollars', 'limit_tokens is in tokens', 'session_tokens or api_tokens; or give it limit_usd']
    return {
      key: ['basis'],
      text: `${basis} is in ${counts}, but ${limit}`,
      fix: `Set the basis of budget "${name}" to ${others}.`,
    }
  }
  if (unit === 'tokens' || types === undefined) return null
  return {
    key: ['token_types'],
    text: 'dollars have no token types',
    fix: `Take token_types out of budget "${name}", or give it limit_tokens instead of limit_usd.`,
  }
}

function periodProblems(entry: BudgetEntry): EntryProblem[] {
  const { name, period, week_starts_on: weekStart, billing_day: billingDay } = entry
  const written = period.kind === 'rolling' ? `${period.days}d` : period.kind
  const unused = (key: string, kinds: readonly string[], value: unknown): EntryProblem[] => {
    if (value === undefined || kinds.includes(period.kind)) return []
    return [
      {
        key: [key],
        text: `has no meaning for the period ${written}`,
        fix: `Take ${key} out of budget "${name}", or set its period to ${kinds.join(' or ')}.`,
      },
    ]
  }
  return [...unused('week_starts_on', ['week'], weekStart), ...unused('billing_day', ['month', 'quarter'], billingDay)]
}

function scopeProblems(entry: BudgetEntry): EntryProblem[] {
  const basis = basisOf(entry)
  const labels: readonly string[] = isOfOrganization(basis) ? ORGANIZATION_SCOPE : SESSION_SCOPE
  const strangers = Object.keys(entry.scope ?? {}).filter((label) => !labels.includes(label))
  const problems = strangers.map((label) => ({
    key: ['scope', label],
    text: `${basis} is not known by ${label}`,
    fix: `The scope of budget "${entry.name}" may name ${labels.join(', ')}.`,
  }))
  const unknown = entry.scope?.source?.find((source) => !source.includes('*') && !isSourceName(source))
  if (unknown === undefined || strangers.includes('source')) return problems
  return [
    ...problems,
    {
      key: ['scope', 'source'],
      text: `no source is called "${unknown}", so that nothing would be counted`,
      fix: `The sources are ${SOURCE_NAMES.join(', ')}.`,
    },
  ]
}

function isSourceName(value: string): boolean {
  return SOURCE_NAMES.some((name) => name === value)
}

function thresholdProblem({ name, thresholds }: BudgetEntry): EntryProblem | null {
  if (thresholds === undefined) return null
  const { warning = DEFAULT_WARNING_RATIO, critical = DEFAULT_CRITICAL_RATIO } = thresholds
  if (warning < critical) return null
  const seen = (given: number | undefined, ratio: number) => (given === undefined ? `the default ${ratio}` : ratio)
  return {
    key: ['thresholds'],
    text: `warning (${seen(thresholds.warning, warning)}) is not below critical (${seen(thresholds.critical, critical)})`,
    fix: `Give budget "${name}" a warning below critical, such as {warning: 0.75, critical: 0.9}.`,
  }
}

function dateProblem({ name, since, until }: BudgetEntry): EntryProblem | null {
  if (since === undefined || until === undefined || since <= until) return null
  return {
    key: ['until'],
    text: `${until} is before since (${since})`,
    fix: `Swap since and until of budget "${name}": until is its last day in force.`,
  }
}

function ageProblem(entry: BudgetEntry, config: Config): EntryProblem | null {
  const least = leastSessionDataAgeMs(config)
  if (entry.max_data_age === undefined || isOfOrganization(basisOf(entry)) || entry.max_data_age >= least) return null
  return {
    key: ['max_data_age'],
    text: `shorter than three times tail.rescan (${least / 1_000}s), so that good data would be called old`,
    fix: `Set max_data_age of budget "${entry.name}" to at least ${least / 1_000}s, or tail.rescan to less.`,
  }
}
