import { TOKEN_CLASSES, type TokenClass } from '../../core/usage.ts'
import type { TokenTotals, UsageLabels } from '../../view/snapshot.ts'

/** The label set of every session family; the machine only where machines are told apart. */
export const USAGE_LABELS = ['source', 'agent', 'project', 'provider', 'model', 'machine'] as const

type WithTokenType<Labels> = Labels & { readonly token_type: TokenClass }
type TokenSample<Labels> = readonly [labels: WithTokenType<Labels>, tokens: bigint]

/**
 * Makes a function that spreads token totals over the `token_type` label. All five classes are always given, at 0 too:
 * `increase()` cannot see the first step of a series that begins above 0.
 */
export function tokenSampler<Labels extends object>() {
  const known = new WeakMap<Labels, readonly WithTokenType<Labels>[]>()

  return (rows: Iterable<readonly [labels: Labels, totals: TokenTotals]>): TokenSample<Labels>[] => {
    const samples: TokenSample<Labels>[] = []
    for (const [labels, totals] of rows) {
      const sets = known.get(labels) ?? TOKEN_CLASSES.map((token_type) => ({ ...labels, token_type }))
      known.set(labels, sets)
      sets.forEach((set, index) => {
        samples.push([set, totals[index] ?? 0n])
      })
    }
    return samples
  }
}

/** Shared by all families with the labels of a session family, so that they share the label text too. */
export const usageTokens = tokenSampler<UsageLabels>()
