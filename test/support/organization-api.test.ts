import { afterEach, expect, test } from 'vitest'
import { picoFromDecimal } from '../../src/core/money.ts'
import type { Fault } from './organization-api/faults.ts'
import { type OrganizationApi, type OrganizationApiOptions, startOrganizationApi } from './organization-api/server.ts'
import { DEFAULT_WORKSPACE } from './organization-api/streams.ts'
import { createTruth } from './organization-api/truth.ts'
import { sumTruth, sumTruthBy } from './organization-api/truth-sums.ts'

const FROM = Date.parse('2026-11-02T00:00:00Z')
const DAY_MS = 86_400_000
const RANGE = { from: FROM, to: FROM + 3 * DAY_MS }
const BETA = 'analytics-usage-cost-2026-08-24'
const USAGE = 'usage_report/messages?starting_at=2026-11-02T07:30:00Z&ending_at=2026-11-05T00:00:00Z'
const DAYS = 'starting_at=2026-11-02T00:00:00Z&ending_at=2026-11-05T00:00:00Z&time_bucket_width=1d'

/** The fields that are looked at, of whichever endpoint. */
interface Row {
  readonly starting_at: string
  readonly name: string
  readonly results: readonly Row[]
  readonly workspace_id: string | null
  readonly output_tokens: number
  readonly amount: string
  readonly group: { readonly workspace_id: string | null }
  readonly cost: { readonly amount: string; readonly list_amount: string }
  readonly usage: { readonly requests: number; readonly output_tokens: number }
}

interface Body {
  readonly data: readonly Row[]
  readonly next_page: string | null
  readonly has_more: boolean
  readonly last_id: string
  readonly error?: { readonly message: string }
  readonly request_id: string
}

let api: OrganizationApi
afterEach(() => api.close())

async function start(options: Partial<OrganizationApiOptions> = {}): Promise<void> {
  const truth = createTruth({ seed: 7, from: FROM, days: 4 })
  const keys = { admin: { kind: 'admin' }, scoped: { kind: 'analytics-scoped' }, ws: { kind: 'workspace' } } as const
  api = await startOrganizationApi({ truth, keys, now: FROM + 3.5 * DAY_MS, ...options })
}

function send(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const url = `${api.url}/v1/organizations/${path}`
  const base = { authorization: 'Bearer admin', 'anthropic-version': '2026-10-21', 'anthropic-beta': BETA }
  return fetch(url, { headers: { ...base, ...headers }, redirect: 'manual', signal: AbortSignal.timeout(2000) })
}

async function rows(path: string): Promise<Row[]> {
  const all: Row[] = []
  for (let page: string | null = ''; page !== null; ) {
    const response: Response = await send(page === '' ? path : `${path}&page=${page}`)
    const body = (await response.json()) as Body
    expect(body.error).toBeUndefined()
    all.push(...body.data)
    page = body.next_page
  }
  return all
}

const pico = (cents: string): bigint => (picoFromDecimal(cents) ?? 0n) / 100n

test('legacy usage: snapped buckets, page size 1, null default workspace, sums of the truth', async () => {
  await start({ pageSize: 1 })
  const buckets = await rows(`${USAGE}&group_by[]=workspace_id`)
  expect(buckets.map((bucket) => bucket.starting_at)).toEqual(
    ['02', '03', '04'].map((day) => `2026-11-${day}T00:00:00Z`),
  )
  const got = new Map<string, bigint>()
  for (const row of buckets.flatMap((bucket) => bucket.results)) {
    const key = String(row.workspace_id)
    got.set(key, (got.get(key) ?? 0n) + BigInt(row.output_tokens))
  }
  const want = [...sumTruthBy(api.truth, RANGE, ['workspaceId'])].map(([key, sum]) => [key, sum.tokens.output] as const)
  expect(got).toEqual(new Map(want))
  expect(got.has('null')).toBe(true)
})

test('costs of both generations are the truth to the last digit; the default workspace has its id in analytics', async () => {
  await start({ pageSize: 1 })
  const total = sumTruth(api.truth, RANGE)
  const legacy = await rows(`cost_report?${DAYS.replace('&time_bucket_width=1d', '')}&group_by[]=description`)
  const lines = legacy.flatMap((bucket) => bucket.results)
  expect(lines.reduce((sum, row) => sum + pico(row.amount), 0n)).toBe(total.amountPico)
  const cost = await rows(`analytics/cost?${DAYS}&group_by[]=workspace_id&group_by[]=token_type`)
  expect(cost.reduce((sum, row) => sum + pico(row.cost.amount), 0n)).toBe(total.amountPico)
  expect(cost.reduce((sum, row) => sum + pico(row.cost.list_amount), 0n)).toBe(total.listPico)
  expect(cost.some((row) => row.group.workspace_id === DEFAULT_WORKSPACE)).toBe(true)
  const usage = await rows(`analytics/usage?${DAYS}&group_by[]=model`)
  expect(usage.reduce((sum, row) => sum + BigInt(row.usage.requests), 0n)).toBe(total.requests)
})

test.each([
  ['empty range', 'cost_report?starting_at=2026-11-05T09:00:00Z', 400, 'ending date must be after starting date'],
  ['limit', `${USAGE}&limit=32`, 400, 'less than or equal to 31'],
  ['unknown group', `${USAGE}&group_by[]=colour`, 400, 'group_by'],
  ['minutes', `analytics/usage?${DAYS.replace('1d', '1m')}`, 400, '24 hours'],
  ['foreign cursor', `${USAGE}&page=nonsense`, 400, 'cursor'],
  ['model', 'rate_limits?model=x', 404, 'not found'],
  ['path', 'nothing', 404, 'Not found'],
  ['Enterprise only', 'spend_limits/effective', 400, 'not available'],
])('refuses: %s', async (_, path, status, message) => {
  await start()
  const response = await send(path)
  const body = (await response.json()) as Body
  expect([response.status, body.error?.message]).toEqual([status, expect.stringContaining(message)])
  expect(body.request_id).toBe(response.headers.get('request-id'))
})

test('a cursor is bound to its query, a sixth dimension is refused, the cost types are free', async () => {
  await start({ pageSize: 1 })
  const first = (await (await send(USAGE)).json()) as Body
  expect((await send(`${USAGE}&limit=2&page=${first.next_page}`)).status).toBe(400)
  const five = ['model', 'workspace_id', 'api_key_id', 'service_tier', 'context_window']
  const grouped = [...five, 'cost_type', 'token_type'].map((name) => `group_by[]=${name}`).join('&')
  expect((await send(`analytics/cost?${DAYS}&${grouped}`)).status).toBe(200)
  expect((await send(`analytics/cost?${DAYS}&${grouped}&group_by[]=product`)).status).toBe(400)
})

test('credentials: both forms, scopes, revoked and restored, never in the log', async () => {
  await start()
  const status = async (path: string, headers: Record<string, string>) => (await send(path, headers)).status
  expect(await status('me', { authorization: '', 'x-api-key': 'admin' })).toBe(200)
  expect(await status('api_keys', { authorization: 'Bearer scoped' })).toBe(403)
  expect(await status(`analytics/usage?${DAYS}`, { authorization: 'Bearer scoped' })).toBe(200)
  expect(await status('me', { authorization: 'Bearer ws' })).toBe(401)
  api.revoke('admin')
  expect(await status('me', {})).toBe(401)
  api.restore('admin')
  expect(await status('me', {})).toBe(200)
  expect(JSON.stringify(api.requests)).not.toContain('Bearer')
  api.setGenerations({ analytics: false, legacy: true })
  expect(await status(`analytics/usage?${DAYS}`, {})).toBe(404)
})

test('directory pages by id', async () => {
  await start({ pageSize: 1 })
  const seen: string[] = []
  for (let after = ''; ; ) {
    const body = (await (await send(`workspaces?include_default=true&include_archived=true${after}`)).json()) as Body
    seen.push(...body.data.map((row) => row.name))
    if (!body.has_more) break
    after = `&after_id=${body.last_id}`
  }
  expect(seen).toEqual(['Default', 'Shop', 'Research', 'Old pilot'])
})

test('a revision shows, a record that is late does not', async () => {
  await start()
  const path = `analytics/usage?${DAYS}`
  const outputs = async () => (await rows(path)).reduce((sum, row) => sum + row.usage.output_tokens, 0)
  const before = await outputs()
  expect(api.truth.revise((record) => record.start < FROM + DAY_MS, 3, 2)).toBeGreaterThan(0)
  expect(await outputs()).toBeGreaterThan(before)
  api.truth.delay(() => true, FROM + 10 * DAY_MS)
  expect(await rows(path)).toEqual([])
  api.setNow(FROM + 10 * DAY_MS)
  expect(await outputs()).toBeGreaterThan(before)
})

test.each<[Fault, RegExp]>([
  [{ kind: 'status', status: 429, retryAfter: '7' }, /429 7/],
  [{ kind: 'status', status: 529 }, /529 null/],
  [{ kind: 'redirect', location: 'http://127.0.0.1:1/' }, /307/],
  [{ kind: 'html-502' }, /502/],
  [{ kind: 'reset' }, /TypeError: fetch failed/],
  [{ kind: 'drop-body' }, /TypeError: terminated/],
  [{ kind: 'invalid-json' }, /SyntaxError/],
  [{ kind: 'hang' }, /TimeoutError/],
  [{ kind: 'trickle', everyMs: 500 }, /TimeoutError/],
  [{ kind: 'huge-body', bytes: 1_000_000 }, /200 null \{"data":\[\]/],
  [{ kind: 'missing-cursor' }, /"has_more":true,"next_page":null/],
  [{ kind: 'repeated-cursor' }, /"has_more":true,"next_page":"page_/],
  [{ kind: 'negative-tokens' }, /"output_tokens":-5/],
])('fault %o strikes the second request only', async (fault, expected) => {
  await start()
  api.faults.add({ fault, path: (path) => path.endsWith('/messages'), nth: 2 })
  const look = async (): Promise<string> => {
    try {
      const response = await send(USAGE)
      const text = await response.text()
      const shown = response.ok ? JSON.stringify(JSON.parse(text)) : ''
      return `${response.status} ${response.headers.get('retry-after')} ${shown}`
    } catch (error) {
      return String(error)
    }
  }
  const usual = await look()
  expect(usual).toMatch(/^200/)
  expect(await look()).toMatch(expected)
  expect(await look()).toBe(usual)
})
