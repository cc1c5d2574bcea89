import { describe, expect, it } from 'vitest'
import { assistantLine } from './claude-lines.ts'
import { loadTree } from './support.ts'

const S1 = '.claude/projects/-src-shop/s1.jsonl'

/** Figures and cost of one response. Prices in the comments are dollars per million tokens. */
async function priced(...[fields]: Parameters<typeof assistantLine>) {
  const tree = await loadTree({ [S1]: [assistantLine(fields)] })
  return { tree, usage: await tree.usage(), cost: await tree.cost() }
}

describe('cache writes by lifetime, Opus 4.8: 5 minutes at 6.25, one hour at 10', () => {
  it('case 19: total 1000, split 600/400: 600 at 5m, 400 at 1h', async () => {
    const split = { ephemeral_5m_input_tokens: 600, ephemeral_1h_input_tokens: 400 }
    const { usage, cost } = await priced({ usage: { cache_creation_input_tokens: 1000, cache_creation: split } })
    expect(usage).toEqual({ requests: 1, cache_write_5m: 600, cache_write_1h: 400 })
    // 600 x 6.25 + 400 x 10 = 3750 + 4000
    expect(cost).toBe('0.00775')
  })

  it.each([
    { what: 'of zeros', cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 } },
    { what: 'missing', cache_creation: undefined },
    { what: 'null', cache_creation: null },
  ])('case 20: total 1000, split $what: 1000 at 5m', async ({ cache_creation }) => {
    const { usage, cost } = await priced({ usage: { cache_creation_input_tokens: 1000, cache_creation } })
    expect(usage).toEqual({ requests: 1, cache_write_5m: 1000 })
    // 1000 x 6.25
    expect(cost).toBe('0.00625')
  })

  it.each([{ total: 0 }, { total: undefined }])(
    'case 21: total $total, split 300/700: 1000 writes, 300/700',
    async ({ total }) => {
      const split = { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 700 }
      const { usage, cost } = await priced({ usage: { cache_creation_input_tokens: total, cache_creation: split } })
      expect(usage).toEqual({ requests: 1, cache_write_5m: 300, cache_write_1h: 700 })
      // 300 x 6.25 + 700 x 10 = 1875 + 7000
      expect(cost).toBe('0.008875')
    },
  )

  it('case 22: a split larger than the total of 500: 1h clamped to the total', async () => {
    const split = { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 800 }
    const { usage, cost } = await priced({ usage: { cache_creation_input_tokens: 500, cache_creation: split } })
    expect(usage).toEqual({ requests: 1, cache_write_1h: 500 })
    // 500 x 10
    expect(cost).toBe('0.005')
  })
})

describe('which list', () => {
  it('case 23: speed fast on Opus 5.5: the fast list for all classes', async () => {
    const { cost } = await priced({
      message: { model: 'claude-opus-5-5' },
      usage: {
        speed: 'fast',
        input_tokens: 1000,
        output_tokens: 100,
        cache_creation_input_tokens: 250,
        cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 50 },
        cache_read_input_tokens: 10_000,
      },
    })
    // 1000 x 8 + 100 x 40 + 200 x 10 + 50 x 16 + 10000 x 0.40 = 8000 + 4000 + 2000 + 800 + 4000
    expect(cost).toBe('0.0188')
  })

  it('case 24: inference_geo us and one web search: tokens x 1.1, the search not', async () => {
    const { usage, cost } = await priced({
      usage: {
        inference_geo: 'us',
        input_tokens: 1000,
        output_tokens: 100,
        server_tool_use: { web_search_requests: 1 },
      },
    })
    expect(usage).toEqual({ requests: 1, input: 1000, output: 100, web_searches: 1 })
    // (1000 x 5 + 100 x 25) x 1.1 = 8250 millionths of a dollar, and 0.01 for the search
    expect(cost).toBe('0.01825')
  })

  it.each([
    // 10000 x 0.10 + 20000 x 0.125 + 10000 x 0.20 + 60000 x 0.01 + 1000 x 0.50 = 1000 + 2500 + 2000 + 600 + 500
    { prompt: '100,000', input_tokens: 10_000, list: 'normal', expected: '0.0066' },
    // 10001 x 0.50 + 20000 x 0.625 + 10000 x 1 + 60000 x 0.05 + 1000 x 2.50 = 5000.5 + 12500 + 10000 + 3000 + 2500
    { prompt: '100,001', input_tokens: 10_001, list: 'long', expected: '0.0330005' },
  ])('case 25: Haiku 5.5, prompt of $prompt: the $list list for all kinds', async ({ input_tokens, expected }) => {
    const { cost } = await priced({
      timestamp: '2026-11-02T10:00:00.000Z',
      message: { model: 'claude-haiku-5-5' },
      usage: {
        input_tokens,
        output_tokens: 1000,
        cache_creation_input_tokens: 30_000,
        cache_creation: { ephemeral_5m_input_tokens: 20_000, ephemeral_1h_input_tokens: 10_000 },
        cache_read_input_tokens: 60_000,
      },
    })
    expect(cost).toBe(expected)
  })

  it.each([
    // 10 x 6 + 250000 x 0.60 + 100 x 22.50 = 60 + 150000 + 2250
    { timestamp: '2026-04-29T23:59:59.999Z', list: 'long', expected: '0.15231' },
    // 10 x 3 + 250000 x 0.30 + 100 x 15 = 30 + 75000 + 1500
    { timestamp: '2026-04-30T00:00:00.000Z', list: 'normal', expected: '0.07653' },
  ])(
    'case 26: Sonnet 4.5, input 10, read 250,000, at $timestamp: the $list list for the whole request',
    async ({ timestamp, expected }) => {
      const { cost } = await priced({
        timestamp,
        message: { model: 'claude-sonnet-4-5-20250929' },
        usage: { input_tokens: 10, output_tokens: 100, cache_read_input_tokens: 250_000 },
      })
      expect(cost).toBe(expected)
    },
  )

  it.each([
    { timestamp: '2026-10-06T23:59:59.999Z', expected: '0.2' },
    { timestamp: '2026-10-07T00:00:00.000Z', expected: '0.1' },
  ])(
    'a price that changed: a million cache reads of Sonnet 5.5 at $timestamp cost $expected',
    async ({ timestamp, expected }) => {
      const message = { model: 'claude-sonnet-5-5' }
      const { cost } = await priced({ timestamp, message, usage: { cache_read_input_tokens: 1_000_000 } })
      expect(cost).toBe(expected)
    },
  )

  it('batch tier: half of everything but the searches', async () => {
    const { cost } = await priced({
      usage: {
        service_tier: 'batch',
        input_tokens: 1000,
        output_tokens: 100,
        server_tool_use: { web_search_requests: 1 },
      },
    })
    // (1000 x 5 + 100 x 25) / 2 = 3750 millionths of a dollar, and 0.01 for the search
    expect(cost).toBe('0.01375')
  })
})

describe('work inside a response', () => {
  it('case 27: iterations compaction and message, the message equal to the top level: both count', async () => {
    const iterations = [
      { type: 'compaction', input_tokens: 180_000, output_tokens: 3500 },
      { type: 'message', input_tokens: 100, output_tokens: 50 },
    ]
    const { usage, cost } = await priced({ usage: { input_tokens: 100, output_tokens: 50, iterations } })
    expect(usage).toEqual({ requests: 1, input: 180_100, output: 3550 })
    // Opus 4.8: 180100 x 5 + 3550 x 25 = 900500 + 88750
    expect(cost).toBe('0.98925')
  })

  it('case 28: an advisor_message of another model: its tokens under that model', async () => {
    const iterations = [
      { type: 'message', input_tokens: 2, output_tokens: 85 },
      { type: 'advisor_message', model: 'claude-fable-5-2', input_tokens: 91_627, output_tokens: 18_716 },
      { type: 'message', input_tokens: 2, output_tokens: 598 },
    ]
    const { tree, usage } = await priced({ usage: { input_tokens: 4, output_tokens: 683, iterations } })
    expect(usage).toEqual({ requests: 1, input: 91_631, output: 19_399 })
    expect(await tree.usageBy('model')).toEqual({
      'claude-opus-4-8': { requests: 1, input: 4, output: 683 },
      'claude-fable-5-2': { input: 91_627, output: 18_716 },
    })
    // Opus 4.8: 4 x 5 + 683 x 25 = 17095; Fable 5.2: 91627 x 8 + 18716 x 40 = 733016 + 748640
    expect(await tree.costBy('model')).toEqual({ 'claude-opus-4-8': '0.017095', 'claude-fable-5-2': '1.481656' })
  })

  it('iterations that add up to nothing known: the top level alone, counted as not reconciled', async () => {
    const iterations = [{ type: 'message', input_tokens: 1, output_tokens: 1 }]
    const { usage, cost } = await priced({ usage: { input_tokens: 100, output_tokens: 50, iterations } })
    expect(usage).toEqual({ requests: 1, input: 100, output: 50, unreconciled: 1 })
    // 100 x 5 + 50 x 25
    expect(cost).toBe('0.00175')
  })
})

describe('no price, or one in the log', () => {
  it('case 29: an unknown model: tokens counted, cost 0, tokens counted as unpriced', async () => {
    const { tree, usage, cost } = await priced({
      message: { model: 'glm-5.1' },
      usage: { input_tokens: 100, output_tokens: 50 },
    })
    expect(usage).toEqual({ requests: 1, input: 100, output: 50, unpriced: 150 })
    expect(cost).toBe('0')
    expect(tree.snapshot().unpriced).toMatchObject([{ model: 'glm-5.1', tokens: 150n }])
  })

  it('case 30: costUSD on a priced model: calculated, not both', async () => {
    const { cost } = await priced({ costUSD: 0.75, usage: { input_tokens: 1000, output_tokens: 100 } })
    // 1000 x 5 + 100 x 25
    expect(cost).toBe('0.0075')
  })

  it.each([
    { costUSD: 0.123456, expected: '0.123456', unpriced: {} },
    { costUSD: 0, expected: '0', unpriced: { unpriced: 1100 } },
  ])('case 30: costUSD $costUSD on a model without a price: $expected', async ({ costUSD, expected, unpriced }) => {
    const message = { model: 'glm-5.1' }
    const { usage, cost } = await priced({ message, costUSD, usage: { input_tokens: 1000, output_tokens: 100 } })
    expect(usage).toEqual({ requests: 1, input: 1000, output: 100, ...unpriced })
    expect(cost).toBe(expected)
  })
})
