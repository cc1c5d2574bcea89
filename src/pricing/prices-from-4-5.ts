import type { Evidence, ModelPrices } from './price-table.ts'

const PRICE_PAGE_OCTOBER: Evidence = {
  confidence: 'published',
  source:
    'platform.claude.com, about-claude/pricing, as quoted in kurofune/claudit v1.9.2 and TheKrush/PromptFuel v1.0.23',
  asOf: '2026-10-24',
}
const HAIKU_5_5_PAGE: Evidence = {
  confidence: 'published',
  source: 'platform.claude.com, models/haiku-5-5/overview, and kurofune/claudit v1.9.2',
  asOf: '2026-10-24',
}
const CLIENT_CATALOG: Evidence = {
  confidence: 'client catalog',
  source: 'catalog inside Claude Code 2.1.329 (npm), which it prices its own use with; on no price page yet',
  asOf: '2026-11-21',
}
const PRESS: Evidence = {
  confidence: 'press',
  source: 'press coverage of the announcement (hadi.aboudaya.com); on no price page',
  asOf: '2026-04-09',
}

/** US inference costs more from the 4.6 generation on, regional partner endpoints from 4.5 on. */
const US_AND_REGIONAL = { usInference: true, regionalPremium: true }
const REGIONAL_ONLY = { usInference: false, regionalPremium: true }

/** Models from the 4.5 generation on, newest first. */
export const PRICES_FROM_4_5: readonly ModelPrices[] = [
  {
    id: 'claude-fable-5-2',
    family: 'fable',
    standard: [{ usd: [8, 10, 16, 0.2, 40] }],
    fast: [{ usd: [16, 20, 32, 0.4, 80] }],
    ...US_AND_REGIONAL,
    ...CLIENT_CATALOG,
  },
  {
    id: 'claude-mythos-5-2',
    family: 'mythos',
    standard: [{ usd: [8, 10, 16, 0.2, 40] }],
    ...US_AND_REGIONAL,
    ...CLIENT_CATALOG,
  },
  {
    id: 'claude-haiku-5-5',
    family: 'haiku',
    standard: [{ usd: [0.1, 0.125, 0.2, 0.01, 0.5] }],
    long: [{ thresholdTokens: 100_000, from: '2026-10-07', usd: [0.5, 0.625, 1, 0.05, 2.5] }],
    ...US_AND_REGIONAL,
    ...HAIKU_5_5_PAGE,
  },
  {
    id: 'claude-sonnet-5-5',
    family: 'sonnet',
    standard: [
      { from: '2026-09-28', to: '2026-10-07', usd: [2, 2.5, 4, 0.2, 10] },
      { from: '2026-10-07', usd: [2, 2.5, 4, 0.1, 10] },
    ],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    // The page lists input and output of fast mode; its cache prices follow from the multipliers.
    id: 'claude-opus-5-5',
    family: 'opus',
    standard: [{ usd: [4, 5, 8, 0.2, 20] }],
    fast: [{ usd: [8, 10, 16, 0.4, 40] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-fable-5-1',
    family: 'fable',
    standard: [{ usd: [10, 12.5, 20, 0.25, 50] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-mythos-5-1',
    family: 'mythos',
    standard: [{ usd: [10, 12.5, 20, 0.25, 50] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-opus-5',
    family: 'opus',
    standard: [{ usd: [5, 6.25, 10, 0.5, 25] }],
    fast: [{ usd: [10, 12.5, 20, 1, 50] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    // The rise to 3/15 announced for 2026-09-01 was cancelled on 2026-08-10.
    id: 'claude-sonnet-5',
    family: 'sonnet',
    standard: [{ usd: [2, 2.5, 4, 0.2, 10] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-fable-5',
    family: 'fable',
    standard: [{ usd: [10, 12.5, 20, 1, 50] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-mythos-5',
    family: 'mythos',
    standard: [{ usd: [10, 12.5, 20, 1, 50] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    // Cache prices were never published.
    id: 'claude-mythos-preview',
    family: 'mythos',
    standard: [{ usd: [25, null, null, null, 125] }],
    ...REGIONAL_ONLY,
    ...PRESS,
  },
  {
    id: 'claude-opus-4-8',
    family: 'opus',
    standard: [{ usd: [5, 6.25, 10, 0.5, 25] }],
    fast: [{ usd: [10, 12.5, 20, 1, 50] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-opus-4-7',
    family: 'opus',
    standard: [{ usd: [5, 6.25, 10, 0.5, 25] }],
    fast: [{ to: '2026-07-24', usd: [30, 37.5, 60, 3, 150] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    // Fast requests run and bill at standard speed since 2026-06-29.
    id: 'claude-opus-4-6',
    family: 'opus',
    standard: [{ usd: [5, 6.25, 10, 0.5, 25] }],
    long: [{ thresholdTokens: 200_000, to: '2026-03-13', usd: [10, 12.5, 20, 1, 37.5] }],
    fast: [{ to: '2026-06-29', usd: [30, 37.5, 60, 3, 150] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-sonnet-4-6',
    family: 'sonnet',
    standard: [{ usd: [3, 3.75, 6, 0.3, 15] }],
    long: [{ thresholdTokens: 200_000, to: '2026-03-13', usd: [6, 7.5, 12, 0.6, 22.5] }],
    ...US_AND_REGIONAL,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-opus-4-5-20251101',
    family: 'opus',
    aliases: ['claude-opus-4-5'],
    standard: [{ usd: [5, 6.25, 10, 0.5, 25] }],
    ...REGIONAL_ONLY,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    id: 'claude-haiku-4-5-20251001',
    family: 'haiku',
    aliases: ['claude-haiku-4-5'],
    standard: [{ usd: [1, 1.25, 2, 0.1, 5] }],
    ...REGIONAL_ONLY,
    ...PRICE_PAGE_OCTOBER,
  },
  {
    // The 1M beta and its tier ended on 2026-04-30; longer requests are refused since.
    id: 'claude-sonnet-4-5-20250929',
    family: 'sonnet',
    aliases: ['claude-sonnet-4-5'],
    standard: [{ usd: [3, 3.75, 6, 0.3, 15] }],
    long: [{ thresholdTokens: 200_000, to: '2026-04-30', usd: [6, 7.5, 12, 0.6, 22.5] }],
    ...REGIONAL_ONLY,
    ...PRICE_PAGE_OCTOBER,
  },
]
