import type { Config } from './config/config.ts'
import { createPricing } from './pricing/create-pricing.ts'
import type { Pricing } from './pricing/pricing.ts'

/** The prices a configuration asks for. Throws OperatorError where its own prices contradict each other. */
export function pricingOf({ pricing }: Config): Pricing {
  return createPricing({
    overrides: pricing.overrides,
    aliases: pricing.aliases,
    recordedCosts: pricing.recordedCosts,
    bedrockRegionFactor: pricing.bedrockRegionFactor,
  })
}
