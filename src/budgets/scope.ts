import { type BudgetScope, ORGANIZATION_SCOPE, type ScopeLabel, SESSION_SCOPE } from '../core/budget.ts'
import { matchesWildcard } from '../lib/wildcard.ts'

const LABELS: readonly ScopeLabel[] = [...new Set([...SESSION_SCOPE, ...ORGANIZATION_SCOPE])]

/**
 * True when every label the scope names has a value that matches one of its patterns, whole and case-sensitively. A label
 * may have several values (an id and a name); one without any never matches.
 */
export function matchesScope(
  scope: BudgetScope,
  labels: Readonly<Partial<Record<ScopeLabel, readonly string[]>>>,
): boolean {
  return LABELS.every((label) => {
    const patterns = scope[label]
    if (patterns === undefined) return true
    const values = labels[label] ?? []
    return patterns.some((pattern) => values.some((value) => matchesWildcard(pattern, value)))
  })
}

/** `everything`, or `agent=web|api,project=x*`; the same for the same scope, and different for different ones. */
export function scopeText(scope: BudgetScope): string {
  const parts: string[] = []
  for (const label of LABELS) {
    const patterns = scope[label]
    if (patterns !== undefined) parts.push(`${label}=${patterns.map(patternText).join('|')}`)
  }
  return parts.length === 0 ? 'everything' : parts.join(',')
}

/** Quoted where it would read as several patterns, or not at all. */
function patternText(pattern: string): string {
  return pattern === '' || /[,|="\\\p{C}]/u.test(pattern) ? JSON.stringify(pattern) : pattern
}
