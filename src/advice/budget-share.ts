import { matchesScope } from '../budgets/scope.ts'
import { type Budget, isOfOrganization } from '../core/budget.ts'
import { percentText } from '../core/figure-text.ts'
import { amountOf } from '../core/measures.ts'
import { nameText } from '../lib/name-text.ts'
import { tokensOf } from '../report/totals.ts'
import { labelValue } from '../view/labels.ts'
import type { AdviceUsage } from './advice.ts'
import { MAIN_AGENT } from './use.ts'

const DIMENSIONS = ['project', 'agent', 'model'] as const
type Dimension = (typeof DIMENSIONS)[number]

/**
 * Who used most of what a budget counts, one of each dimension with more than one: `62.0% of what it counts was used in project shop`.
 * Null where nothing is known of that, as for what an organisation is billed.
 */
export function largestShares(budget: Budget, rows: readonly AdviceUsage[]): string | null {
  if (isOfOrganization(budget.basis)) return null
  const counted = rows.flatMap((row) => {
    const amount = isInScope(budget, row) ? amountFor(budget, row) : 0n
    return amount > 0n ? [{ row, amount }] : []
  })
  const whole = counted.reduce((sum, { amount }) => sum + amount, 0n)
  const shares = DIMENSIONS.flatMap((dimension) => {
    const sums = new Map<string, bigint>()
    for (const { row, amount } of counted) {
      const name = labelValue(row[dimension])
      sums.set(name, (sums.get(name) ?? 0n) + amount)
    }
    const [largest] = [...sums].sort(([a, x], [b, y]) => (x !== y ? (x > y ? -1 : 1) : a < b ? -1 : 1))
    if (largest === undefined || sums.size < 2) return []
    const [name, amount] = largest
    return [{ share: percentText(Number(amount) / Number(whole)), use: shareText(dimension, name) }]
  })
  const parts = shares.map(({ share, use }, index) =>
    index === 0 ? `${share} of what it counts was used ${use}` : `${share} ${use}`,
  )
  return parts.length === 0 ? null : inWords(parts)
}

function isInScope({ scope }: Budget, row: AdviceUsage): boolean {
  const { source, agent, project, provider, model } = row
  return matchesScope(scope, {
    source: [source],
    agent: [labelValue(agent)],
    project: [labelValue(project)],
    provider: [labelValue(provider)],
    model: [labelValue(model)],
  })
}

/** In the unit of the budget. */
function amountFor({ basis, tokenClasses }: Budget, { totals }: AdviceUsage): bigint {
  if (basis === 'session_tokens') return tokenClasses.reduce((sum, name) => sum + tokensOf(totals, name), 0n)
  return amountOf(totals[basis === 'plan_value' ? 'plan' : 'metered'], 'cost_usd')
}

function shareText(dimension: Dimension, name: string): string {
  if (dimension === 'model') return `with ${nameText(name)}`
  if (dimension === 'project') return `in project ${nameText(name)}`
  return name === MAIN_AGENT ? 'in main conversations' : `by agent ${nameText(name)}`
}

function inWords(parts: readonly string[]): string {
  const [last = '', ...rest] = [...parts].reverse()
  return rest.length === 0 ? last : `${rest.reverse().join(', ')} and ${last}`
}
