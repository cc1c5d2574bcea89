/** What adds up of usage as the API shows it. */
export interface Usage {
  tokens: Record<'input' | 'cacheWrite5m' | 'cacheWrite1h' | 'cacheRead' | 'output' | 'total', number>
  requests: number
  webSearches: number
  estimatedCostUsd: number
  planValueUsd: number
  unpricedTokens: number
  cacheSavingsUsd: number
  cacheSavingsOfPlanUsd: number
}

export function noUsage(): Usage {
  return {
    tokens: { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0, total: 0 },
    requests: 0,
    webSearches: 0,
    estimatedCostUsd: 0,
    planValueUsd: 0,
    unpricedTokens: 0,
    cacheSavingsUsd: 0,
    cacheSavingsOfPlanUsd: 0,
  }
}

/** That part of a row, with dollars as exact as a sum of floats can be. */
export function usageOf({
  tokens,
  requests,
  webSearches,
  estimatedCostUsd,
  planValueUsd,
  unpricedTokens,
  cacheSavingsUsd,
  cacheSavingsOfPlanUsd,
}: Usage): Usage {
  // Adding 0 makes no negative zero of it.
  const usd = (amount: number) => Number(amount.toFixed(9)) + 0
  return {
    tokens: { ...tokens },
    requests,
    webSearches,
    estimatedCostUsd: usd(estimatedCostUsd),
    planValueUsd: usd(planValueUsd),
    unpricedTokens,
    cacheSavingsUsd: usd(cacheSavingsUsd),
    cacheSavingsOfPlanUsd: usd(cacheSavingsOfPlanUsd),
  }
}

export function addUsage(a: Usage, b: Usage): Usage {
  const tokens = { ...a.tokens }
  for (const key of Object.keys(tokens) as (keyof Usage['tokens'])[]) tokens[key] += b.tokens[key]
  return usageOf({
    tokens,
    requests: a.requests + b.requests,
    webSearches: a.webSearches + b.webSearches,
    estimatedCostUsd: a.estimatedCostUsd + b.estimatedCostUsd,
    planValueUsd: a.planValueUsd + b.planValueUsd,
    unpricedTokens: a.unpricedTokens + b.unpricedTokens,
    cacheSavingsUsd: a.cacheSavingsUsd + b.cacheSavingsUsd,
    cacheSavingsOfPlanUsd: a.cacheSavingsOfPlanUsd + b.cacheSavingsOfPlanUsd,
  })
}
