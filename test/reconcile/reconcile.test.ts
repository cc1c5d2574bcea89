import { describe, expect, it } from 'vitest'
import { PICO_PER_USD } from '../../src/core/money.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import { type ApiUse, priceApiUse } from '../../src/reconcile/price-api-use.ts'
import { type BilledUse, type LocalUse, type ReconcileInput, reconcile } from '../../src/reconcile/reconcile.ts'

const DAY = Date.parse('2026-05-04T00:00:00Z')
const USD = PICO_PER_USD
const MILLION = 1_000_000n
/** $3 per million tokens of input, $15 of output. */
const MODEL = 'claude-sonnet-4-5-20250929'
/** Long prompts of that model had a price of their own then. */
const TIME = Date.parse('2026-01-10T00:00:00Z')

const pricing = createPricing()

function local(usd: bigint, tokens: bigint, more: Partial<LocalUse> = {}): LocalUse {
  return { day: 0, model: 'claude-sonnet-4-5', tokens, unpriced: 0n, pico: usd * USD, ...more }
}

function api(input: bigint, more: Partial<ApiUse> = {}): ApiUse {
  return {
    day: 0,
    workspace: 'default',
    model: MODEL,
    serviceTier: 'standard',
    contextWindow: '0-200k',
    input,
    cacheWrite5m: 0n,
    cacheWrite1h: 0n,
    cacheRead: 0n,
    output: 0n,
    webSearches: 0n,
    ...more,
  }
}

function billed(usd: bigint, more: Partial<BilledUse> = {}): BilledUse {
  return {
    day: 0,
    workspace: 'default',
    costType: 'tokens',
    serviceTier: 'standard',
    amountPico: usd * USD,
    listPico: usd * USD,
    ...more,
  }
}

const SETTLED = { completeTo: DAY + DAY_MS, readAt: DAY + 9 * DAY_MS }

function input(more: Partial<ReconcileInput>): ReconcileInput {
  return {
    days: [DAY],
    usageCoverage: new Map([[DAY, SETTLED]]),
    costCoverage: new Map([[DAY, SETTLED]]),
    local: [],
    api: [],
    billed: [],
    settleAfterMs: 3 * DAY_MS,
    ...more,
  }
}

function dayOf(more: Partial<ReconcileInput>) {
  const [day] = reconcile(input(more), pricing).days
  if (day === undefined) throw new Error('no day')
  return day
}

describe('tokens of the API at list price', () => {
  it.each<{ what: string; use: ApiUse; usd: number; unpriced?: bigint }>([
    { what: 'input', use: api(MILLION), usd: 3 },
    { what: 'half of it in batches', use: api(MILLION, { serviceTier: 'batch' }), usd: 1.5 },
    { what: 'list price for Priority Tier', use: api(MILLION, { serviceTier: 'priority' }), usd: 3 },
    { what: 'many prompts that are long only together', use: api(1_000n * MILLION), usd: 3_000 },
    { what: 'long prompts', use: api(MILLION, { contextWindow: '200k-1M' }), usd: 6 },
    {
      what: 'every class',
      use: api(MILLION, {
        cacheWrite5m: MILLION,
        cacheWrite1h: MILLION,
        cacheRead: MILLION,
        output: MILLION,
      }),
      usd: 3 + 3.75 + 6 + 0.3 + 15,
    },
    { what: 'web searches', use: api(0n, { webSearches: 100n, model: 'none' }), usd: 1 },
    { what: 'an unknown model', use: api(MILLION, { model: 'claude-next' }), usd: 0, unpriced: MILLION },
    { what: 'more tokens than a double holds', use: api(10n ** 17n), usd: 3e11 },
  ])('$what', ({ use, usd, unpriced = 0n }) => {
    const priced = priceApiUse(use, TIME, pricing)
    expect(Number(priced.pico) / Number(USD)).toBe(usd)
    expect(priced.unpriced).toBe(unpriced)
  })
})

describe('a day', () => {
  it('needs no reason where estimate and bill agree', () => {
    const day = dayOf({ local: [local(3n, MILLION)], api: [api(MILLION)], billed: [billed(3n)] })
    expect(day).toMatchObject({
      localPico: 3n * USD,
      apiPico: 3n * USD,
      billedPico: 3n * USD,
      ratio: 1,
      isSettled: true,
      reasons: [],
      unexplainedPico: 0n,
    })
  })

  it('needs none within a percent of the bill', () => {
    const day = dayOf({ local: [local(101n, MILLION)], billed: [billed(100n)] })
    expect(day).toMatchObject({ ratio: 1.01, reasons: [], unexplainedPico: 0n })
  })

  it.each<{ why: string; given: Partial<ReconcileInput>; reasons: unknown[]; unexplained: bigint | null }>([
    {
      why: 'cost has not been read',
      given: { local: [local(3n, MILLION)], costCoverage: new Map() },
      reasons: [{ code: 'not_covered', pico: null, tokens: null, models: [] }],
      unexplained: null,
    },
    {
      why: 'usage has not been read, so that nothing can be told from it',
      given: { local: [local(3n, MILLION)], billed: [billed(5n)], usageCoverage: new Map() },
      reasons: [{ code: 'not_covered', pico: null, tokens: null, models: [] }],
      unexplained: -2n,
    },
    {
      why: 'others used the organisation',
      given: { local: [local(3n, MILLION)], api: [api(3n * MILLION)], billed: [billed(9n)] },
      reasons: [{ code: 'other_use', pico: -6n * USD, tokens: 2n * MILLION, models: [MODEL] }],
      unexplained: 0n,
    },
    {
      why: 'logs hold what the organisation did not use',
      given: { local: [local(9n, 3n * MILLION)], api: [api(MILLION)], billed: [billed(3n)] },
      reasons: [{ code: 'not_in_organization', pico: 6n * USD, tokens: 2n * MILLION, models: [MODEL] }],
      unexplained: 0n,
    },
    {
      why: 'both, of different models',
      given: {
        local: [local(6n, 2n * MILLION, { model: 'claude-opus-4-6' })],
        api: [api(MILLION)],
        billed: [billed(3n)],
      },
      reasons: [
        { code: 'other_use', pico: -3n * USD, tokens: MILLION, models: [MODEL] },
        { code: 'not_in_organization', pico: 6n * USD, tokens: 2n * MILLION, models: ['claude-opus-4-6'] },
      ],
      unexplained: 0n,
    },
    {
      why: 'there are fees; web searches are in the estimate',
      given: {
        local: [local(4n, MILLION)],
        api: [api(MILLION, { webSearches: 100n })],
        billed: [billed(3n), billed(1n, { costType: 'web_search' }), billed(2n, { costType: 'code_execution' })],
      },
      reasons: [{ code: 'fees', pico: -2n * USD, tokens: null, models: [] }],
      unexplained: 0n,
    },
    {
      why: 'Priority Tier is not in the bill',
      given: { local: [local(3n, MILLION)], api: [api(MILLION, { serviceTier: 'priority' })] },
      reasons: [{ code: 'priority_tier', pico: 3n * USD, tokens: MILLION, models: [MODEL] }],
      unexplained: 0n,
    },
    {
      why: 'there is a discount',
      given: {
        local: [local(3n, MILLION)],
        api: [api(MILLION)],
        billed: [billed(2n, { listPico: 3n * USD })],
      },
      reasons: [{ code: 'discount', pico: USD, tokens: null, models: [] }],
      unexplained: 0n,
    },
    {
      why: 'a model has no price',
      given: {
        local: [local(0n, MILLION, { model: 'claude-next', unpriced: MILLION })],
        api: [api(MILLION, { model: 'claude-next' })],
        billed: [billed(7n, { listPico: null })],
      },
      reasons: [{ code: 'unpriced_model', pico: null, tokens: MILLION, models: ['claude-next'] }],
      unexplained: -7n,
    },
    {
      why: 'nobody knows',
      given: { local: [local(3n, MILLION)], api: [api(MILLION)], billed: [billed(4n)] },
      reasons: [],
      unexplained: -1n,
    },
  ])('is explained where $why', ({ given, reasons, unexplained }) => {
    const day = dayOf(given)
    expect(day.reasons).toEqual(reasons)
    expect(day.unexplainedPico).toBe(unexplained === null ? null : unexplained * USD)
  })

  it.each<{ when: string; coverage: { completeTo: number; readAt: number } }>([
    { when: 'it is not complete', coverage: { completeTo: DAY + DAY_MS - 1, readAt: DAY + 9 * DAY_MS } },
    { when: 'it was read too early', coverage: { completeTo: DAY + DAY_MS, readAt: DAY + 4 * DAY_MS - 1 } },
  ])('may change while $when', ({ coverage }) => {
    const costCoverage = new Map([[DAY, coverage]])
    const day = dayOf({ local: [local(3n, MILLION)], api: [api(MILLION)], billed: [billed(2n)], costCoverage })
    expect(day.isSettled).toBe(false)
    expect(day.reasons.map(({ code }) => code)).toEqual(['unsettled'])
  })

  it.each([
    { amount: 0n, ratio: null },
    { amount: -1n, ratio: null },
    { amount: 4n, ratio: 0.75 },
  ])('has the ratio $ratio where $amount dollars were billed', ({ amount, ratio }) => {
    expect(dayOf({ local: [local(3n, MILLION)], billed: [billed(amount)] }).ratio).toBe(ratio)
  })

  it('tells the workspaces apart', () => {
    const day = dayOf({
      api: [api(MILLION), api(2n * MILLION, { workspace: 'w1' })],
      billed: [billed(3n), billed(6n, { workspace: 'w1' }), billed(1n, { workspace: 'w0', costType: 'web_search' })],
    })
    expect(day.workspaces).toEqual([
      { workspace: 'default', apiPico: 3n * USD, billedPico: 3n * USD },
      { workspace: 'w0', apiPico: 0n, billedPico: USD },
      { workspace: 'w1', apiPico: 6n * USD, billedPico: 6n * USD },
    ])
  })
})

describe('totals', () => {
  it('are over the days whose cost is known', () => {
    const days = [DAY, DAY + DAY_MS]
    const { totals } = reconcile(
      input({
        days,
        local: [local(3n, MILLION), local(5n, MILLION, { day: 1 })],
        api: [api(MILLION)],
        billed: [billed(2n)],
      }),
      pricing,
    )
    expect(totals).toEqual({
      days: 1,
      settledDays: 1,
      localPico: 3n * USD,
      apiPico: 3n * USD,
      billedPico: 2n * USD,
      ratio: 1.5,
      unexplainedPico: USD,
    })
  })

  it('are nothing without any', () => {
    const { totals } = reconcile(input({ costCoverage: new Map(), local: [local(3n, MILLION)] }), pricing)
    expect(totals).toMatchObject({ days: 0, apiPico: null, billedPico: 0n, ratio: null })
  })
})
