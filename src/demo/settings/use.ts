import type { SourceName } from '../../core/usage.ts'
import type { Pricing } from '../../pricing/pricing.ts'
import type { DemoCall, DemoWorld } from '../world.ts'

/** Sources that a flat-rate plan covers. */
export const PLAN_SOURCES: readonly SourceName[] = ['pi']

/** A call with what it comes to. */
export interface Use extends DemoCall {
  /** Pico-dollars at list price. */
  readonly pico: bigint
  readonly isMetered: boolean
  /** All but what was read from the cache: what a budget of tokens counts. */
  readonly countedTokens: bigint
}

/** What a workspace of the organisation is billed for. */
export interface Billed {
  /** Epoch milliseconds. */
  readonly time: number
  readonly workspaceId: string
  /** Pico-dollars. */
  readonly amountPico: bigint
}

/** What the agents of the world use, from inclusive, to exclusive, epoch milliseconds. */
export function usesBetween(world: DemoWorld, pricing: Pricing, from: number, to: number): Use[] {
  return world.callsBetween(from, to).map((call) => {
    const { source, model, time, tokens, webSearches } = call
    const terms = { speed: 'standard', usInference: false, tier: 'standard' } as const
    const { cost } = pricing.price({ source, model, time, tokens, terms, webSearches, recorded: null })
    return {
      ...call,
      pico: BigInt(cost),
      isMetered: !PLAN_SOURCES.includes(source),
      countedTokens: BigInt(tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.output),
    }
  })
}

/** The sum over what lies in [from, to) and is wanted. */
export function sumOf<Item extends { readonly time: number }>(
  items: readonly Item[],
  { start, end }: { readonly start: number; readonly end: number },
  amount: (item: Item) => bigint,
): bigint {
  return items.reduce((sum, item) => (start <= item.time && item.time < end ? sum + amount(item) : sum), 0n)
}

/** The name that most was spent under; null where nothing was. */
export function dearest(uses: readonly Use[], nameOf: (use: Use) => string | null): string | null {
  const sums = new Map<string, bigint>()
  for (const use of uses) {
    const name = nameOf(use)
    if (name !== null) sums.set(name, (sums.get(name) ?? 0n) + use.pico)
  }
  const [first] = [...sums].sort(([, a], [, b]) => (a === b ? 0 : a < b ? 1 : -1))
  return first?.[0] ?? null
}
