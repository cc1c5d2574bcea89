import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/core/time.ts'
import type { RangeQuery } from '../../../src/sources/admin-api/admin-api.ts'
import { picoFromCents } from '../../../src/sources/admin-api/cents.ts'
import { reach } from '../../../src/sources/admin-api/reach.ts'
import { apiFor, counting, DAY, failureOf, json, NOW, never, pages, serve } from './support.ts'

const LEGACY: RangeQuery = { generation: 'legacy', width: '1d', from: DAY, to: DAY + 2 * DAY_MS }
const ANALYTICS: RangeQuery = { generation: 'analytics', width: '1h', from: DAY, to: DAY + DAY_MS }

const counts = {
  uncached_input_tokens: 1,
  cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 },
  cache_read_input_tokens: 4,
  output_tokens: 5,
  server_tool_use: { web_search_requests: 6 },
}
const tokens = { input: 1, cacheWrite5m: 2, cacheWrite1h: 3, cacheRead: 4, output: 5 }
const nulls = { model: null, workspace_id: null, api_key_id: null, service_tier: null, context_window: null }
const bucket = (day: number, results: unknown[]) => ({
  starting_at: new Date(day).toISOString(),
  ending_at: new Date(day + DAY_MS).toISOString(),
  results,
})

describe('usage', () => {
  test('legacy: all pages, nulls become words, equal rows are summed', async () => {
    const { baseUrl, seen } = await serve(
      pages(
        {
          data: [
            bucket(DAY, [
              { ...nulls, ...counts },
              { ...nulls, ...counts },
            ]),
          ],
          has_more: true,
          next_page: 'p2',
        },
        { data: [bucket(DAY + DAY_MS, [{ ...nulls, model: 'm', ...counts }])], has_more: false, next_page: null },
      ),
    )
    const events = counting()
    const { rows, completeTo } = await apiFor(baseUrl).readUsage(LEGACY, events, never)
    const words = { workspaceId: 'default', apiKeyId: 'none', serviceTier: 'none', contextWindow: 'none' }
    const twice = { input: 2, cacheWrite5m: 4, cacheWrite1h: 6, cacheRead: 8, output: 10 }
    expect(rows).toEqual([
      { start: DAY, ...words, model: 'none', tokens: twice, webSearches: 12, requests: null },
      { start: DAY + DAY_MS, ...words, model: 'm', tokens, webSearches: 6, requests: null },
    ])
    expect(completeTo).toBe(NOW - 5 * MINUTE_MS)
    expect(events).toMatchObject({ requests: 2, rows: 2 })
    const [first, second] = seen
    expect(first?.url.pathname).toBe('/v1/organizations/usage_report/messages')
    expect(first?.headers['anthropic-version']).toBe('2023-06-01')
    expect(first?.url.searchParams.getAll('group_by[]')).toHaveLength(5)
    expect(first?.url.searchParams.get('limit')).toBe('31')
    expect(first?.url.searchParams.get('ending_at')).toBe('2026-11-22T00:00:00Z')
    expect(second?.url.searchParams.get('page')).toBe('p2')
  })

  test('analytics: complete to the oldest refresh of its pages', async () => {
    const row = {
      starting_at: '2026-11-20T01:00:00Z',
      ending_at: '2026-11-20T02:00:00Z',
      group: { ...nulls, workspace_id: 'wrkspc_1' },
      usage: { ...counts, requests: 7 },
    }
    const { baseUrl, seen } = await serve(
      pages(
        { data: [row], has_more: true, next_page: 'x', data_refreshed_at: '2026-11-20T22:00:00Z' },
        { data: [row], has_more: false, next_page: null, data_refreshed_at: '2026-11-20T21:30:00Z' },
      ),
    )
    const { rows, completeTo } = await apiFor(baseUrl, { pageSize: 5000 }).readUsage(ANALYTICS, counting(), never)
    expect(rows).toMatchObject([{ start: DAY + HOUR_MS, workspaceId: 'wrkspc_1', requests: 14, webSearches: 12 }])
    expect(completeTo).toBe(DAY + 21.5 * HOUR_MS)
    expect(seen[0]?.url.searchParams.get('limit')).toBe('1000')
    expect(seen[0]?.headers['anthropic-beta']).toContain('analytics-usage-cost-2026-08-24')
  })

  test.each([
    ['no refresh time: complete to nothing', null, DAY],
    ['refreshed after the range: complete', '2026-11-21T10:00:00Z', DAY + DAY_MS],
  ])('analytics, %s', async (_, refreshed, expected) => {
    const { baseUrl } = await serve(pages({ data: [], has_more: false, next_page: null, data_refreshed_at: refreshed }))
    expect((await apiFor(baseUrl).readUsage(ANALYTICS, counting(), never)).completeTo).toBe(expected)
  })

  test.each([
    ['has_more without a cursor', [{ data: [], has_more: true, next_page: null }]],
    ['pages in circles', [{ data: [], has_more: true, next_page: 'again' }]],
    ['a bucket outside', [{ data: [bucket(DAY - DAY_MS, [])], has_more: false }]],
    ['a bucket across', [{ data: [bucket(DAY + HOUR_MS, [])], has_more: false }]],
    ['a bucket twice', [{ data: [bucket(DAY, []), bucket(DAY, [])], has_more: false }]],
    ['a negative count', [{ data: [bucket(DAY, [{ ...counts, output_tokens: -1 }])], has_more: false }]],
    ['a fraction', [{ data: [bucket(DAY, [{ ...counts, output_tokens: 1.5 }])], has_more: false }]],
    ['a missing count', [{ data: [bucket(DAY, [{ output_tokens: 1 }])], has_more: false }]],
    ['no data', [{ has_more: false }]],
    ['a list', [[]]],
  ])('%s is an invalid response', async (_, bodies) => {
    const { baseUrl } = await serve(pages(...bodies))
    const error = await failureOf(apiFor(baseUrl).readUsage(LEGACY, counting(), never))
    expect(error).toMatchObject({ reason: 'invalid_response' })
    expect(error.message).toContain('usage_report/messages')
  })
})

describe('cost', () => {
  test('legacy: cents, negative ones too', async () => {
    const row = { ...nulls, currency: 'USD', description: 'Fix', cost_type: 'tokens', token_type: 'output_tokens' }
    const results = [
      { ...row, amount: '123.78912' },
      { ...row, amount: '-0.5', token_type: 'new_kind', description: 'Other' },
    ]
    const { baseUrl } = await serve(pages({ data: [bucket(DAY, results)], has_more: false, next_page: null }))
    const { rows } = await apiFor(baseUrl).readCost(LEGACY, counting(), never)
    expect(rows).toMatchObject([
      {
        workspaceId: 'default',
        apiKeyId: 'unknown',
        tokenType: 'output',
        amountPico: 1_237_891_200_000n,
        listPico: null,
      },
      { tokenType: 'new_kind', description: 'Other', amountPico: -5_000_000_000n },
    ])
  })

  test('analytics: both amounts, seven dimensions', async () => {
    const row = {
      starting_at: '2026-11-20T01:00:00Z',
      ending_at: '2026-11-20T02:00:00Z',
      group: { ...nulls, cost_type: 'web_search', token_type: null },
      cost: { amount: '1', list_amount: '2', currency: 'USD', requests: null },
    }
    const { baseUrl, seen } = await serve(pages({ data: [row], has_more: false, next_page: null }))
    const { rows } = await apiFor(baseUrl).readCost(ANALYTICS, counting(), never)
    expect(rows).toMatchObject([
      {
        costType: 'web_search',
        tokenType: 'none',
        amountPico: 10_000_000_000n,
        listPico: 20_000_000_000n,
        workspaceId: 'none',
      },
    ])
    expect(seen[0]?.url.searchParams.getAll('group_by[]')).toHaveLength(7)
  })

  test.each([
    ['another currency', { amount: '1', currency: 'EUR' }],
    ['an amount in words', { amount: 'one', currency: 'USD' }],
    ['an amount as a number', { amount: 1, currency: 'USD' }],
  ])('%s is an invalid response', async (_, row) => {
    const { baseUrl } = await serve(pages({ data: [bucket(DAY, [row])], has_more: false, next_page: null }))
    expect(await failureOf(apiFor(baseUrl).readCost(LEGACY, counting(), never))).toMatchObject({
      reason: 'invalid_response',
    })
  })

  test.each([
    ['123.78912', 1_237_891_200_000n],
    ['0.00000000005', 0n],
    ['0.00000000015', 2n],
    ['-0.00000000025', -2n],
    ['1e-7', 1000n],
    ['', null],
    ['1,5', null],
    ['NaN', null],
  ])('%s cents', (text, pico) => {
    expect(picoFromCents(text)).toBe(pico)
  })
})

test('claude code: a day of people', async () => {
  const record = {
    date: '2026-11-20T00:00:00Z',
    actor: { type: 'user_actor', email_address: 'a@example.com' },
    organization_id: 'org',
    customer_type: 'api',
    subscription_type: null,
    terminal_type: 'vscode',
    is_remote: false,
    core_metrics: {
      num_sessions: 1,
      lines_of_code: { added: 10, removed: 5 },
      commits_by_claude_code: 2,
      pull_requests_by_claude_code: 1,
    },
    tool_actions: { edit_tool: { accepted: 3, rejected: 1 }, new_tool: { accepted: 1, rejected: 0 } },
    model_breakdown: [
      {
        model: 'm',
        tokens: { input: 1, output: 2, cache_read: 3, cache_creation: 4 },
        estimated_cost: { amount: 1.5, currency: 'USD' },
      },
    ],
  }
  const { baseUrl, seen } = await serve(pages({ data: [record, record], has_more: false, next_page: null }))
  const { rows, completeTo } = await apiFor(baseUrl).readClaudeCode(DAY, counting(), never)
  expect(rows).toMatchObject([
    {
      actorType: 'user',
      actor: 'a@example.com',
      subscriptionType: 'none',
      sessions: 2,
      editsAccepted: 8,
      models: [{ model: 'm', cacheWrite: 8, estimatedPico: 30_000_000_000n }],
    },
  ])
  expect(completeTo).toBe(DAY + DAY_MS)
  expect(seen[0]?.url.searchParams.get('starting_at')).toBe('2026-11-20')
})

test('directory: what cannot be seen is empty', async () => {
  const { baseUrl, seen } = await serve(({ url }, response) => {
    const name = url.pathname.split('/').at(-1)
    const after = url.searchParams.get('after_id')
    if (name === 'me') json(response, { id: 'org', name: 'Acme', type: 'organization' })
    else if (name === 'workspaces' && after === null) {
      json(response, { data: [{ id: 'w1', name: 'One', archived_at: null }], has_more: true, last_id: 'w1' })
    } else if (name === 'workspaces') {
      json(response, {
        data: [{ id: 'w2', name: 'Two', archived_at: '2026-01-01T00:00:00Z' }],
        has_more: false,
        last_id: 'w2',
      })
    } else if (name === 'api_keys') {
      const scope = { type: 'workspace', workspace_id: 'w1' }
      const keys = [
        { id: 'k', name: 'Key', status: 'active', scope },
        { id: 'o', name: 'Org', status: 'new', scope: { type: 'organization' } },
      ]
      json(response, { data: keys, has_more: false, last_id: 'o' })
    } else if (name === 'rate_limits') {
      const limits = [{ type: 'requests_per_minute', value: 50 }]
      json(response, {
        data: [
          { group: { type: 'model_group', display_name: 'Opus' }, limits },
          { group: { type: 'batch' }, limits },
        ],
        next_page: null,
      })
    } else json(response, { error: { type: 'permission_error', message: 'no' } }, 403)
  })
  const directory = await apiFor(baseUrl).readDirectory(counting(), never)
  expect(directory).toEqual({
    id: 'org',
    name: 'Acme',
    workspaces: [
      { id: 'w1', name: 'One', status: 'active' },
      { id: 'w2', name: 'Two', status: 'archived' },
    ],
    apiKeys: [
      { id: 'k', name: 'Key', status: 'active', workspaceId: 'w1' },
      { id: 'o', name: 'Org', status: 'new', workspaceId: 'none' },
    ],
    rateLimits: [
      { workspaceId: 'none', group: 'Opus', limiter: 'requests_per_minute', value: 50 },
      { workspaceId: 'none', group: 'batch', limiter: 'requests_per_minute', value: 50 },
    ],
    spendLimits: null,
  })
  expect(seen.find(({ url }) => url.pathname.endsWith('workspaces'))?.url.search).toContain('include_archived=true')
})

describe('generation', () => {
  test.each([
    [200, 'analytics'],
    [403, 'legacy'],
    [404, 'legacy'],
    [400, 'legacy'],
  ])('auto, status %d: %s, asked once', async (status, expected) => {
    const { baseUrl, seen } = await serve((_, response) => json(response, { data: [], has_more: false }, status))
    const api = apiFor(baseUrl)
    expect(await api.chooseGeneration('usage', counting(), never)).toBe(expected)
    expect(await api.chooseGeneration('usage', counting(), never)).toBe(expected)
    expect(seen).toHaveLength(1)
  })

  test('auto, overloaded: fails', async () => {
    const { baseUrl } = await serve((_, response) => json(response, {}, 529))
    const choice = apiFor(baseUrl).chooseGeneration('cost', counting(), never)
    expect(await failureOf(choice)).toMatchObject({ reason: 'overloaded' })
  })

  test('reach', () => {
    expect(reach('analytics', '1m', NOW)).toEqual({ maxRangeMs: DAY_MS, earliest: Date.UTC(2026, 0, 1) })
    expect(reach('analytics', '1d', Date.UTC(2027, 5, 1, 1)).earliest).toBe(Date.UTC(2026, 5, 2))
    expect(reach('legacy', '1d', NOW)).toEqual({ maxRangeMs: 372 * DAY_MS, earliest: 0 })
  })
})
