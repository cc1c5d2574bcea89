import { TOKEN_CLASSES, type TokenClass } from '../core/usage.ts'
import type { AdviceInput } from './advice.ts'
import { type Use, useTokens } from './use.ts'

/** Whole pico-dollars per token; a class without a price is left out. */
export type ModelPrices = Readonly<Partial<Record<TokenClass, bigint>>>

export function pricesByModel(prices: AdviceInput['prices']): ReadonlyMap<string, ModelPrices> {
  const models = new Map<string, Partial<Record<TokenClass, bigint>>>()
  for (const { model, tokenClass, pico } of prices) {
    const known = models.get(model) ?? {}
    known[tokenClass] = BigInt(pico)
    models.set(model, known)
  }
  return models
}

/** Pico-dollars at these prices; classes without a price cost nothing. */
export function listCostPico(use: Pick<Use, 'values'>, prices: ModelPrices): bigint {
  return TOKEN_CLASSES.reduce((sum, name) => sum + useTokens(use, name) * (prices[name] ?? 0n), 0n)
}
