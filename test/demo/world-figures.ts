import type { TokenClass, TokenCounts } from '../../src/core/usage.ts'
import type { DemoCall } from '../../src/demo/world.ts'

export type Groups = ReadonlyMap<string, readonly DemoCall[]>

export function groupBy(calls: readonly DemoCall[], key: (call: DemoCall) => string | null): Groups {
  const groups = new Map<string, DemoCall[]>()
  for (const call of calls) {
    const name = key(call) ?? 'none'
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [call])
    else group.push(call)
  }
  return groups
}

/** By the names of the classes. */
export function tokensOf(tokens: TokenCounts): Readonly<Record<TokenClass, number>> {
  return {
    input: tokens.input,
    cache_write_5m: tokens.cacheWrite5m,
    cache_write_1h: tokens.cacheWrite1h,
    cache_read: tokens.cacheRead,
    output: tokens.output,
  }
}

export function promptTokens({ input, cacheWrite5m, cacheWrite1h, cacheRead }: TokenCounts): number {
  return input + cacheWrite5m + cacheWrite1h + cacheRead
}

/** Share of the prompts that came from the cache. */
export function hitRatio(calls: readonly DemoCall[]): number {
  const sum = (of: (tokens: TokenCounts) => number) => calls.reduce((total, { tokens }) => total + of(tokens), 0)
  return sum(({ cacheRead }) => cacheRead) / sum(promptTokens)
}

/** Longest time between one call and the next, milliseconds. */
export function widestGap(calls: readonly DemoCall[]): number {
  return Math.max(...calls.slice(1).map(({ time }, index) => time - (calls[index]?.time ?? 0)))
}
