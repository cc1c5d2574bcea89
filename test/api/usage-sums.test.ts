import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'
import { apiOn, documentOf, NOW, query } from './support.ts'
import type { Usage } from './usage-support.ts'
import { addUsage, noUsage, usageOf } from './usage-support.ts'

const HOUR_MS = 3_600_000

const use = fc.record({
  hoursAgo: fc.integer({ min: 0, max: 24 * 60 }),
  model: fc.constantFrom('claude-opus-4-8', 'claude-haiku-4-5', 'mystery-1'),
  provider: fc.constantFrom('', 'openrouter'),
  source: fc.constantFrom('claude-code' as const, 'pi' as const),
  agent: fc.constantFrom('none', 'Explore'),
  project: fc.constantFrom('shop', 'blog', '__proto__', '=1+1'),
  branch: fc.constantFrom('main', 'topic'),
  session: fc.constantFrom('s1', 's2', 's3'),
  billing: fc.constantFrom('metered' as const, 'plan' as const),
  tokens: fc.record({
    input: fc.nat(1_000_000),
    cacheWrite5m: fc.nat(1_000),
    cacheWrite1h: fc.nat(1_000),
    cacheRead: fc.nat(1_000_000_000),
    output: fc.nat(100_000),
  }),
})
type Use = typeof use extends fc.Arbitrary<infer T> ? T : never

async function ledgerWith(uses: readonly Use[]): Promise<Ledger> {
  const ledger = tempLedger()
  const records = uses.map(({ hoursAgo, model, tokens, ...fields }, index) =>
    usageRecord({
      ...fields,
      identity: `m:${index}`,
      uuid: `u${index}`,
      time: NOW - hoursAgo * HOUR_MS,
      parts: [usagePart(tokens, model)],
    }),
  )
  for (const source of ['claude-code', 'pi'] as const) {
    const own = records.filter((record) => record.source === source)
    if (own.length > 0) await appendBatches(ledger, [sourceBatch(own, { source })], { now: NOW })
  }
  return ledger
}

interface Provider {
  readonly provider: string
  readonly totals: Usage
  readonly byModel: readonly Usage[]
  readonly byAgent: readonly Usage[]
  readonly byProject: readonly Usage[]
  readonly byDay: readonly Usage[]
  readonly groups: readonly Usage[]
}

describe('the parts of a usage document', () => {
  it('add up to its totals, for whatever the ledger holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(use, { maxLength: 25 }),
        fc.integer({ min: 1, max: 70 }),
        fc.constantFrom('UTC', 'America/Los_Angeles', 'Pacific/Apia'),
        fc.subarray(['day', 'source', 'project', 'branch', 'billing', 'session'], { minLength: 1 }),
        async (uses, days, zone, by) => {
          const ledger = await ledgerWith(uses)
          try {
            const api = apiOn({ ledger })
            const asked = `days=${days}&tz=${zone}&by=${by.join()}`
            const summary = documentOf(await api.read('/api/usage/summary', {}, query(asked))) as {
              providers: Provider[]
              grandTotal: {
                tokens: Usage['tokens']
                metered: { estimatedCostUsd: number }
                plan: { planValueUsd: number }
              }
            }
            for (const one of summary.providers) {
              for (const part of [one.byModel, one.byAgent, one.byProject, one.byDay, one.groups]) {
                expect(part.map(usageOf).reduce(addUsage, noUsage())).toEqual(usageOf(one.totals))
              }
              expect(one.byDay).toHaveLength(days)
              const alone = documentOf(
                await api.read('/api/usage/{provider}', { provider: one.provider }, query(asked)),
              ) as Provider
              const { provider, totals, byModel, byAgent, byProject, byDay, groups } = alone
              expect({ provider, totals, byModel, byAgent, byProject, byDay, groups }).toEqual({
                ...one,
                organizations: undefined,
              })
            }
            const all = summary.providers.map(({ totals }) => usageOf(totals)).reduce(addUsage, noUsage())
            const { tokens, metered, plan } = summary.grandTotal
            expect({ tokens, metered: metered.estimatedCostUsd, plan: plan.planValueUsd }).toEqual({
              tokens: usageOf({ ...all, tokens: all.tokens }).tokens,
              metered: all.estimatedCostUsd,
              plan: all.planValueUsd,
            })
            expect(all.tokens).toEqual(usageOf(await expected(uses, days, zone)).tokens)
          } finally {
            await ledger.close()
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})

/** Counted from the uses themselves. */
async function expected(uses: readonly Use[], days: number, zone: string): Promise<Usage> {
  const dayOf = (instant: number) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(instant)
  const first = new Date(`${dayOf(NOW)}T00:00:00Z`).getTime() - (days - 1) * 24 * HOUR_MS
  const sum = noUsage()
  for (const { hoursAgo, tokens } of uses) {
    if (Date.parse(`${dayOf(NOW - hoursAgo * HOUR_MS)}T00:00:00Z`) < first) continue
    sum.tokens.input += tokens.input
    sum.tokens.cacheWrite5m += tokens.cacheWrite5m
    sum.tokens.cacheWrite1h += tokens.cacheWrite1h
    sum.tokens.cacheRead += tokens.cacheRead
    sum.tokens.output += tokens.output
    sum.tokens.total += tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead + tokens.output
  }
  return sum
}
