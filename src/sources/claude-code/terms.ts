import type { ServiceTerms } from '../../core/usage.ts'

const SPEEDS = ['standard', 'fast'] as const
const TIERS = ['standard', 'batch', 'priority'] as const

/** Every combination once, so that a record costs no object of its own. */
const TERMS: readonly ServiceTerms[] = SPEEDS.flatMap((speed) =>
  [false, true].flatMap((usInference) => TIERS.map((tier) => ({ speed, usInference, tier }))),
)
const STANDARD_TERMS: ServiceTerms = { speed: 'standard', usInference: false, tier: 'standard' }

/** Terms of a response by `speed`, `inference_geo` and `service_tier` of its usage; anything unknown is standard. */
export function serviceTerms(speed: unknown, geography: unknown, tier: unknown): ServiceTerms {
  const isFast = speed === 'fast'
  const isUs = geography === 'us'
  const tierIndex = tier === 'batch' ? 1 : tier === 'priority' ? 2 : 0
  return TERMS[(isFast ? 6 : 0) + (isUs ? 3 : 0) + tierIndex] ?? STANDARD_TERMS
}
