import { createHash } from 'node:crypto'
import { TOKEN_CLASSES } from '../core/usage.ts'
import { findRate, standardList } from './catalogue.ts'
import { calculateCost, compactPico, countUnpriced } from './cost.ts'
import { createMatcher } from './match.ts'
import { buildModels, type ModelRow } from './models.ts'
import type { PriceOverride } from './overrides.ts'
import { PRICE_TABLE } from './prices.ts'
import type { ListPrice, Priced, PriceQuery, Pricing } from './pricing.ts'
import { type RecordedCostMode, usesRecorded } from './recorded-cost.ts'

export interface PricingOptions {
  readonly overrides?: readonly PriceOverride[] | undefined
  /** From a model id as logged to the id it is treated as; applied before anything else. */
  readonly aliases?: ReadonlyMap<string, string> | undefined
  /** Default `auto`. */
  readonly recordedCosts?: RecordedCostMode | undefined
  /** Whether Bedrock ids bound to a region cost 10 % more, from the 4.5 generation on. Default true. */
  readonly bedrockRegionFactor?: boolean | undefined
}

/**
 * Pricing by the shipped table and the user's own prices. Throws OperatorError where two of those contradict each other.
 */
export function createPricing(options: PricingOptions = {}): Pricing {
  const { overrides = [], aliases = new Map(), recordedCosts = 'auto', bedrockRegionFactor = true } = options
  const models = buildModels(PRICE_TABLE, overrides)
  const match = createMatcher(models, aliases)

  return {
    name: (model) => match(model).name,

    price({ source, model, time, tokens, terms, webSearches, recorded }: PriceQuery): Priced {
      const rate = findRate(match(model), time, tokens, terms, bedrockRegionFactor)
      const unpricedTokens = countUnpriced(rate, tokens)
      const isPriced = rate !== null && unpricedTokens === 0
      if (recorded !== null && usesRecorded(recorded, recordedCosts, source, isPriced)) {
        return { rate, cost: compactPico(recorded.pico), origin: 'recorded', unpricedTokens: 0 }
      }
      const cost = calculateCost(rate, tokens, webSearches, SEARCH_PICO)
      return { rate, cost, origin: unpricedTokens > 0 ? 'none' : 'calculated', unpricedTokens }
    },

    listPrices: (time) => listPrices(new Set(models.values()), time),

    version: fingerprint({
      models: [...models].map(describe),
      factors: PRICE_TABLE.factors,
      searchPico: SEARCH_PICO,
      aliases: [...aliases],
      recordedCosts,
      bedrockRegionFactor,
    }),
  }
}

/** Fee of one web search; $1 is 10^12 pico-dollars, so a price per thousand is 10^9 of them each. */
const SEARCH_PICO = PRICE_TABLE.webSearchUsdPerThousand * 1_000_000_000

function listPrices(models: Iterable<ModelRow>, time: number): ListPrice[] {
  const prices: ListPrice[] = []
  for (const row of models) {
    const rate = standardList(row, time)?.rates.none.plain
    for (const tokenClass of TOKEN_CLASSES) {
      const pico = rate?.pico[tokenClass] ?? null
      if (pico !== null) prices.push({ model: row.id, tokenClass, pico })
    }
  }
  return prices
}

function describe([name, row]: readonly [string, ModelRow]): unknown {
  const lists = [...row.standard, ...row.long, ...row.fast]
  return [
    name,
    row.usInference,
    row.regionalPremium,
    lists.map(({ until, thresholdTokens, rates }) => [String(until), thresholdTokens, rates.none.plain.key]),
  ]
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12)
}
