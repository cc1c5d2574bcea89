import type { Owner, OwnerConditions, OwnerFacts, OwnerRule } from '../core/owner.ts'
import { matchesWildcard } from '../lib/wildcard.ts'

/**
 * Who is charged for a use or a cost: what the first rule says that holds at the time and whose conditions all fit. Null
 * where none does.
 *
 * @param at epoch milliseconds
 */
export function ownerOf(rules: readonly OwnerRule[], facts: OwnerFacts, at: number): Owner | null {
  const rule = rules.find(({ since, until, conditions }) => since <= at && at < until && areMet(conditions, facts))
  return rule?.charged ?? null
}

/** Instants within a range at which rules begin or end to hold, ascending, after the start of the range itself. */
export function turningPoints(rules: readonly OwnerRule[], from: number, to: number): number[] {
  const instants = [from, ...rules.flatMap(({ since, until }) => [since, until]).filter((at) => at > from && at < to)]
  return [...new Set(instants)].sort((a, b) => a - b)
}

function areMet(conditions: OwnerConditions, facts: OwnerFacts): boolean {
  return Object.entries(conditions).every(([name, patterns]) => {
    const values = facts[name as keyof OwnerFacts] ?? []
    return patterns.some((pattern) => values.some((value) => matchesWildcard(pattern, value)))
  })
}
