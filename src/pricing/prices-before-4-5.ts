import type { Evidence, ModelPrices } from './price-table.ts'

const PRICE_PAGE_AUGUST: Evidence = {
  confidence: 'published',
  source: 'platform.claude.com, about-claude/pricing, as mirrored in thevibeworks/claude-code-docs 3f1ef7c',
  asOf: '2026-08-22',
}
const GENAI_PRICES: Evidence = {
  confidence: 'published',
  source: 'pydantic/genai-prices 47df840, prices/providers/anthropic.yml',
  asOf: '2026-08-21',
}

const NO_SURCHARGES = { usInference: false, regionalPremium: false }

/** Models before the 4.5 generation, newest first. All are retired by the vendor, some still run on partner clouds. */
export const PRICES_BEFORE_4_5: readonly ModelPrices[] = [
  {
    id: 'claude-opus-4-1-20250805',
    family: 'opus',
    aliases: ['claude-opus-4-1'],
    standard: [{ usd: [15, 18.75, 30, 1.5, 75] }],
    ...NO_SURCHARGES,
    ...PRICE_PAGE_AUGUST,
  },
  {
    id: 'claude-opus-4-20250514',
    family: 'opus',
    aliases: ['claude-opus-4-0', 'claude-4-opus-20250514'],
    standard: [{ usd: [15, 18.75, 30, 1.5, 75] }],
    ...NO_SURCHARGES,
    ...PRICE_PAGE_AUGUST,
  },
  {
    id: 'claude-sonnet-4-20250514',
    family: 'sonnet',
    aliases: ['claude-sonnet-4-0', 'claude-4-sonnet-20250514'],
    standard: [{ usd: [3, 3.75, 6, 0.3, 15] }],
    long: [{ thresholdTokens: 200_000, to: '2026-04-30', usd: [6, 7.5, 12, 0.6, 22.5] }],
    ...NO_SURCHARGES,
    ...PRICE_PAGE_AUGUST,
  },
  {
    id: 'claude-3-7-sonnet-20250219',
    family: 'sonnet',
    aliases: ['claude-3-7-sonnet-latest'],
    standard: [{ usd: [3, 3.75, 6, 0.3, 15] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
  },
  {
    id: 'claude-3-5-haiku-20241022',
    family: 'haiku',
    aliases: ['claude-3-5-haiku-latest'],
    standard: [{ usd: [0.8, 1, 1.6, 0.08, 4] }],
    ...NO_SURCHARGES,
    ...PRICE_PAGE_AUGUST,
  },
  {
    id: 'claude-3-5-sonnet-20241022',
    family: 'sonnet',
    aliases: ['claude-3-5-sonnet-latest'],
    standard: [{ usd: [3, 3.75, 6, 0.3, 15] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
  },
  {
    id: 'claude-3-5-sonnet-20240620',
    family: 'sonnet',
    standard: [{ usd: [3, 3.75, 6, 0.3, 15] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
  },
  {
    // LiteLLM has 6 for the 1h write, against the 2x rule.
    id: 'claude-3-opus-20240229',
    family: 'opus',
    aliases: ['claude-3-opus-latest'],
    standard: [{ usd: [15, 18.75, 30, 1.5, 75] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
  },
  {
    id: 'claude-3-sonnet-20240229',
    family: 'sonnet',
    standard: [{ usd: [3, 3.75, 6, 0.3, 15] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
  },
  {
    // Published rounded: 0.30 and 0.03, not 0.3125 and 0.025.
    id: 'claude-3-haiku-20240307',
    family: 'haiku',
    standard: [{ usd: [0.25, 0.3, 0.5, 0.03, 1.25] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
  },
  {
    id: 'claude-2.1',
    family: 'claude-2',
    standard: [{ usd: [8, null, null, null, 24] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
  },
  {
    id: 'claude-2.0',
    family: 'claude-2',
    standard: [{ usd: [8, null, null, null, 24] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
  },
  {
    // Price at launch; the last list price may have been 0.80/2.40.
    id: 'claude-instant-1.2',
    family: 'claude-instant',
    standard: [{ usd: [1.63, null, null, null, 5.51] }],
    ...NO_SURCHARGES,
    ...GENAI_PRICES,
    confidence: 'low',
  },
]
