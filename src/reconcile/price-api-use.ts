import type { TokenCounts } from '../core/usage.ts'
import { TOKEN_CLASSES } from '../core/usage.ts'
import type { Pricing, Rate } from '../pricing/pricing.ts'

/** Tokens that an organisation used on one UTC day under one set of circumstances, by the provider's own count. */
export interface ApiUse {
  /** Index of the day. */
  readonly day: number
  readonly workspace: string
  /** As the API spells it. */
  readonly model: string
  readonly serviceTier: string
  readonly contextWindow: string
  readonly input: bigint
  readonly cacheWrite5m: bigint
  readonly cacheWrite1h: bigint
  readonly cacheRead: bigint
  readonly output: bigint
  readonly webSearches: bigint
}

export interface PricedUse {
  readonly day: number
  readonly workspace: string
  /** Canonical id, the same as in the session logs' sums. */
  readonly model: string
  readonly isPriority: boolean
  /** All classes together. */
  readonly tokens: bigint
  /** Tokens without a known price; their cost is not in `pico`. */
  readonly unpriced: bigint
  /** Pico-dollars at list price, web searches included. */
  readonly pico: bigint
}

const NO_TOKENS: TokenCounts = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 }
/** One more than the prompts of the window `0-200k`. */
const LONG_PROMPT = 200_001

/**
 * What the tokens would cost at list price. The price of a request may depend on its own prompt, which sums no longer
 * tell: only the context window does.
 *
 * @param time start of the day, epoch milliseconds
 */
export function priceApiUse(use: ApiUse, time: number, pricing: Pricing): PricedUse {
  const { model, serviceTier, contextWindow, webSearches } = use
  const isPriority = serviceTier.startsWith('priority')
  const query = {
    source: 'claude-code',
    model,
    time,
    tokens: { ...NO_TOKENS, input: contextWindow.startsWith('200k') ? LONG_PROMPT : 0 },
    terms: {
      speed: 'standard',
      usInference: false,
      tier: serviceTier === 'batch' ? 'batch' : isPriority ? 'priority' : 'standard',
    },
    webSearches: 0,
    recorded: null,
  } as const
  const { rate } = pricing.price(query)
  const search = pricing.price({ ...query, tokens: NO_TOKENS, webSearches: 1 }).cost
  return {
    day: use.day,
    workspace: use.workspace,
    model: pricing.name(model).model,
    isPriority,
    ...priceTokens(use, rate, webSearches * BigInt(search)),
  }
}

function priceTokens(use: ApiUse, rate: Rate | null, fees: bigint): Pick<PricedUse, 'tokens' | 'unpriced' | 'pico'> {
  const counts = {
    input: use.input,
    cache_write_5m: use.cacheWrite5m,
    cache_write_1h: use.cacheWrite1h,
    cache_read: use.cacheRead,
    output: use.output,
  }
  let [tokens, unpriced, pico] = [0n, 0n, fees]
  for (const tokenClass of TOKEN_CLASSES) {
    const count = counts[tokenClass]
    const price = rate?.pico[tokenClass] ?? null
    tokens += count
    if (price === null) unpriced += count
    else pico += count * BigInt(price)
  }
  return { tokens, unpriced, pico }
}
