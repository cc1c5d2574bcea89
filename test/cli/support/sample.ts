import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { UsageRecord } from '../../../src/core/usage.ts'
import type { Ledger } from '../../../src/ledger/ledger.ts'
import { appendBatches } from '../../support/append.ts'
import { tempFolder, tempLedger } from '../../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../../support/usage-record.ts'
import { ledgerPathIn } from './fake-io.ts'

/** A response, written as short as a table row. */
export type Use = Partial<Omit<UsageRecord, 'parts' | 'time'>> & {
  /** Instant, RFC 3339. */
  readonly at: string
  readonly model?: string
  readonly tokens: Partial<UsageRecord['parts'][number]['tokens']>
  readonly webSearches?: number
}

async function fillLedger(ledger: Ledger, uses: readonly Use[], now = Date.parse('2026-05-04T15:30:00Z')) {
  const records = uses.map(({ at, model, tokens, webSearches = 0, ...fields }, index) =>
    usageRecord({
      identity: `m:${index}`,
      uuid: `u${index}`,
      timestamp: at,
      ...fields,
      time: Date.parse(at),
      parts: [{ ...usagePart(tokens, model), webSearches }],
    }),
  )
  for (const source of ['claude-code', 'openclaw', 'pi'] as const) {
    const own = records.filter((record) => record.source === source)
    if (own.length > 0) await appendBatches(ledger, [sourceBatch(own, { source })], { now })
    await ledger.expose({ source, roots: ['none'] })
  }
}

/** A home folder whose ledger holds these responses and is not in use. */
export async function homeWith(uses: readonly Use[]): Promise<string> {
  const home = tempFolder()
  const path = ledgerPathIn(home)
  mkdirSync(dirname(path), { recursive: true })
  const ledger = tempLedger(path)
  await fillLedger(ledger, uses)
  await ledger.close()
  return home
}

const SHOP = '6f1e2d3c-0000-4000-8000-000000000001'
const SHOP_LATER = 'a7c40b11-0000-4000-8000-000000000002'
const BLOG = 'b1060000-0000-4000-8000-000000000003'

/**
 * A bit of everything: two days in Berlin around midnight, sub-agents, both cache lifetimes, fast mode, a web search, a
 * recorded cost, a plan, a model nobody knows the price of, and use from months ago.
 */
export const SAMPLE: readonly Use[] = [
  {
    at: '2026-01-12T10:00:00Z',
    session: 'd01d0000-0000-4000-8000-000000000009',
    project: 'thesis',
    model: 'claude-opus-4-6',
    tokens: { input: 1_200_345, cacheRead: 14_000_000, output: 400_000 },
  },
  {
    at: '2026-05-03T21:59:59Z',
    session: SHOP,
    tokens: { input: 1_000, cacheWrite5m: 20_000, cacheRead: 90_000, output: 1_500 },
  },
  {
    at: '2026-05-03T22:00:00Z',
    session: SHOP,
    tokens: { input: 12, cacheWrite1h: 3_000, cacheRead: 110_000, output: 2_345 },
    webSearches: 2,
  },
  {
    at: '2026-05-04T08:15:00Z',
    session: SHOP,
    agent: 'Explore',
    model: 'claude-haiku-4-5-20251001',
    tokens: { input: 40_123, cacheRead: 5_000, output: 800 },
  },
  {
    at: '2026-05-04T09:00:00Z',
    session: SHOP_LATER,
    terms: { speed: 'fast', usInference: false, tier: 'standard' },
    tokens: { input: 5, cacheWrite5m: 1_000, cacheRead: 50_000, output: 99 },
  },
  {
    at: '2026-05-04T14:20:00Z',
    session: BLOG,
    project: 'blog',
    model: 'mystery-1',
    tokens: { input: 3_500, output: 500 },
  },
  {
    at: '2026-05-04T14:21:00Z',
    session: BLOG,
    project: 'blog',
    tokens: { input: 20, cacheRead: 8_000, output: 100 },
  },
  {
    at: '2026-05-04T12:00:00Z',
    source: 'openclaw',
    session: 'main',
    agent: 'main',
    project: 'unknown',
    provider: 'openrouter',
    model: 'anthropic/claude-sonnet-4.5',
    recordedCost: { pico: 123_456_789_000n, origin: 'provider' },
    tokens: { input: 10_000, output: 700 },
  },
  {
    at: '2026-05-04T13:00:00Z',
    source: 'pi',
    session: 'pi-1',
    project: 'garden',
    billing: 'plan',
    model: 'claude-sonnet-4-5',
    tokens: { input: 2_000, cacheRead: 30_000, output: 900 },
  },
]
