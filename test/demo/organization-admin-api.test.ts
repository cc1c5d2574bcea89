import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApiLabels, type ApiUsageRow, type BilledCostRow, WIDTH_MS } from '../../src/core/organization.ts'
import { SyncError } from '../../src/core/sync-run.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import type { TokenCounts } from '../../src/core/usage.ts'
import { createBooks } from '../../src/demo/organization/books.ts'
import {
  apiOf,
  callAt,
  costOf,
  emptyWorld,
  mixedWorld,
  never,
  pricing,
  quiet,
  steadyWorld,
  usageOf,
  WEB,
} from './organization-fixture.ts'

const FROM = Date.parse('2026-10-05T00:00:00Z')
const NOW = FROM + 20 * DAY_MS + 14 * HOUR_MS + 37 * MINUTE_MS + 5_123
const TOKEN_NAMES = ['input', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead', 'output'] as const

const world = mixedWorld(FROM, 23 * MINUTE_MS)
const api = apiOf(world, NOW)

/** Everything that tells rows of one bucket apart. */
const keyOf = (row: ApiLabels & { start: number; costType?: string; tokenType?: string }) =>
  [
    row.start,
    row.workspaceId,
    row.apiKeyId,
    row.model,
    row.serviceTier,
    row.contextWindow,
    row.costType,
    row.tokenType,
  ].join(' ')

const tokensOf = (rows: readonly { readonly tokens: TokenCounts }[]) =>
  TOKEN_NAMES.map((name) => rows.reduce((sum, { tokens }) => sum + tokens[name], 0))

const amountOf = (rows: readonly BilledCostRow[]) => rows.reduce((sum, { amountPico }) => sum + amountPico, 0n)
const listOf = (rows: readonly BilledCostRow[]) => rows.reduce((sum, { listPico }) => sum + (listPico ?? 0n), 0n)
const inWorkspace = <Row extends ApiLabels>(rows: readonly Row[], id: string) =>
  rows.filter(({ workspaceId }) => workspaceId === id)

/** Hours of 30 days around the present, two that differ in order, and one between them. */
const ranges = fc
  .tuple(
    fc.integer({ min: -48, max: 24 * 22 }),
    fc.integer({ min: 1, max: 70 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([first, hours, share]) => {
    const from = FROM + first * HOUR_MS
    return { from, to: from + hours * HOUR_MS, middle: from + Math.floor(share * hours) * HOUR_MS }
  })

describe.each([
  { report: 'usage', read: usageOf },
  { report: 'cost', read: costOf },
] as const)('$report of the demo', ({ read }) => {
  type Row = ApiUsageRow | BilledCostRow
  const rowsOf = async (from: number, to: number): Promise<readonly Row[]> =>
    from === to ? [] : (await read(api, '1h', from, to)).rows

  it('is the same however a range is split, in whole buckets, one row per bucket and label set', async () => {
    await fc.assert(
      fc.asyncProperty(ranges, async ({ from, to, middle }) => {
        const { rows, completeTo } = await read(api, '1h', from, to)
        expect([...(await rowsOf(from, middle)), ...(await rowsOf(middle, to))]).toEqual(rows)
        expect(new Set(rows.map(keyOf)).size).toBe(rows.length)
        for (const { start } of rows) {
          expect(start % HOUR_MS).toBe(0)
          expect(start).toBeGreaterThanOrEqual(Math.max(from, FROM))
          expect(start).toBeLessThan(completeTo)
        }
        expect(completeTo).toBeGreaterThanOrEqual(from)
        expect(completeTo).toBeLessThanOrEqual(to)
      }),
      { numRuns: 12 },
    )
  })

  it('has days that are the sums of their hours', async () => {
    const [from, to] = [FROM + 9 * DAY_MS, FROM + 12 * DAY_MS]
    const withoutTime = (rows: readonly Row[]) => {
      const sums = new Map<string, unknown[]>()
      for (const row of rows) {
        const key = keyOf({ ...row, start: Math.floor(row.start / DAY_MS) * DAY_MS })
        const values =
          'tokens' in row ? [...tokensOf([row]), row.webSearches, row.requests] : [row.amountPico, row.listPico]
        const known = sums.get(key)
        sums.set(
          key,
          known === undefined ? values : known.map((value, index) => (value as number) + (values[index] as number)),
        )
      }
      return sums
    }
    const days = await read(api, '1d', from, to)
    const hours = await read(api, '1h', from, to)
    expect(days.rows.length).toBeLessThan(hours.rows.length)
    expect(days.rows.every(({ start }) => start % DAY_MS === 0)).toBe(true)
    expect(new Map([...withoutTime(days.rows)].sort())).toEqual(new Map([...withoutTime(hours.rows)].sort()))
  })

  it('is empty before the world begins', async () => {
    expect((await read(api, '1h', FROM - 2 * DAY_MS, FROM)).rows).toEqual([])
  })

  it('asks once for every UTC day, and tells the rows of every page', async () => {
    const told: (string | number)[] = []
    const events = { request: () => void told.push('request'), page: (rows: number) => void told.push(rows) }
    const query = { generation: 'analytics', width: '1h', from: FROM + 30 * HOUR_MS, to: FROM + 76 * HOUR_MS } as const
    const { rows } = await (read === usageOf ? api.readUsage(query, events, never) : api.readCost(query, events, never))
    const perDay = [1, 2, 3].map(
      (day) => rows.filter(({ start }) => Math.floor((start - FROM) / DAY_MS) === day).length,
    )
    expect(told).toEqual(perDay.flatMap((count) => ['request', count]))
  })

  it.each([
    { what: 'the old endpoints', query: { generation: 'legacy' }, reason: 'unsupported' },
    { what: 'half a bucket', query: { from: FROM + 1 }, reason: 'bad_request' },
    { what: 'nothing', query: { to: FROM }, reason: 'bad_request' },
    { what: 'more than a week of hours', query: { to: FROM + 8 * DAY_MS }, reason: 'bad_request' },
    {
      what: 'a time before there was anything',
      query: { from: Date.UTC(2025, 11, 31), to: Date.UTC(2026, 0, 1) },
      reason: 'bad_request',
    },
  ] as const)('refuses $what', async ({ query, reason }) => {
    const whole = { generation: 'analytics', width: '1h', from: FROM, to: FROM + DAY_MS, ...query } as const
    const reading = read === usageOf ? api.readUsage(whole, quiet, never) : api.readCost(whole, quiet, never)
    const error = await reading.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(SyncError)
    expect(error).toMatchObject({ reason })
  })

  it('stops at the signal, between two pages', async () => {
    const stop = new AbortController()
    const told: string[] = []
    const events = {
      request: () => void told.push('request'),
      page: () => {
        told.push('page')
        if (told.length === 4) stop.abort(new Error('stopped'))
      },
    }
    const query = { generation: 'analytics', width: '1h', from: FROM, to: FROM + 7 * DAY_MS } as const
    const reading =
      read === usageOf ? api.readUsage(query, events, stop.signal) : api.readCost(query, events, stop.signal)
    await expect(reading).rejects.toThrow('stopped')
    expect(told).toEqual(['request', 'page', 'request', 'page'])
  })
})

describe('usage of the demo', () => {
  it('is the billed calls of the world, what stands beside them in no log, and the services, to the token', async () => {
    const [from, to] = [FROM + 5 * DAY_MS, FROM + 11 * DAY_MS]
    const all = tokensOf((await usageOf(api, '1h', from, to)).rows)
    const services = tokensOf((await usageOf(apiOf(emptyWorld(FROM), NOW), '1h', from, to)).rows)
    const calls = world.callsBetween(from, to).filter(({ billedTo }) => billedTo !== null)
    const billed = tokensOf(calls)
    const ids = new Set(calls.map(({ id }) => id))
    const beside = tokensOf(
      createBooks(world, pricing)
        .requestsBetween(from, to)
        .filter(
          ({ id, labels }) => !ids.has(id) && ['wrkspc_demo_web', 'wrkspc_demo_agents'].includes(labels.workspaceId),
        ),
    )
    expect(all).toEqual(
      TOKEN_NAMES.map((_, index) => (billed[index] ?? 0) + (beside[index] ?? 0) + (services[index] ?? 0)),
    )
    expect(beside.every((count) => count > 0)).toBe(true)
  })

  it('holds about three percent that no log tells of', () => {
    const busy = steadyWorld(FROM, MINUTE_MS, (time) => callAt(time))
    const requests = createBooks(busy, pricing)
      .requestsBetween(FROM, FROM + 3 * DAY_MS)
      .filter(({ labels }) => labels.workspaceId === WEB.workspaceId)
    const logged = busy.callsBetween(FROM, FROM + 3 * DAY_MS)
    const share = (tokensOf(requests)[4] ?? 0) / (tokensOf(logged)[4] ?? 1) - 1
    expect(share).toBeGreaterThan(0.02)
    expect(share).toBeLessThan(0.04)
  })

  it('is five minutes behind, and grows until then', async () => {
    const hour = FROM + 3 * DAY_MS + 10 * HOUR_MS
    const busy = steadyWorld(FROM, MINUTE_MS, (time) => callAt(time))
    const readAt = async (now: number) => usageOf(apiOf(busy, now), '1h', hour, hour + HOUR_MS)
    const countAt = async (now: number) =>
      inWorkspace((await readAt(now)).rows, WEB.workspaceId).reduce((sum, { requests }) => sum + (requests ?? 0), 0)
    expect(await readAt(hour + 4 * MINUTE_MS)).toEqual({ rows: [], completeTo: hour })
    expect((await readAt(hour + 25 * MINUTE_MS + 900)).completeTo).toBe(hour + 20 * MINUTE_MS)
    const at = createBooks(busy, pricing).requestsBetween(hour, hour + 20 * MINUTE_MS)
    expect(await countAt(hour + 25 * MINUTE_MS + 900)).toBe(
      inWorkspace(
        at.map(({ labels }) => labels),
        WEB.workspaceId,
      ).length,
    )
    expect((await readAt(hour + 2 * HOUR_MS)).completeTo).toBe(hour + HOUR_MS)
  })

  it('comes by minutes, too', async () => {
    const { rows } = await usageOf(api, '1m', FROM + DAY_MS, FROM + 2 * DAY_MS)
    expect(rows.every(({ start }) => start % WIDTH_MS['1m'] === 0)).toBe(true)
    const hours = await usageOf(api, '1h', FROM + DAY_MS, FROM + 2 * DAY_MS)
    expect(tokensOf(rows)).toEqual(tokensOf(hours.rows))
  })

  it('has several workspaces, keys, tiers and windows', async () => {
    const { rows } = await usageOf(api, '1d', FROM, FROM + 14 * DAY_MS)
    const values = (name: keyof ApiLabels) => [...new Set(rows.map((row) => row[name]))].sort()
    expect(values('serviceTier')).toEqual(['batch', 'priority', 'standard'])
    expect(values('contextWindow')).toEqual(['0-200k', '200k-1M'])
    expect(values('workspaceId')).toHaveLength(6)
    expect(values('apiKeyId')).toContain('none')
    expect(rows.some(({ webSearches }) => webSearches > 0)).toBe(true)
  })

  it('is of the long window where the prompt of a call is', async () => {
    const tokens = { input: 1, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 200_000, output: 1 }
    const long = steadyWorld(FROM, HOUR_MS, (time) => callAt(time, { tokens }))
    const { rows } = await usageOf(apiOf(long, NOW), '1d', FROM, FROM + DAY_MS)
    expect(inWorkspace(rows, WEB.workspaceId).map(({ contextWindow }) => contextWindow)).toEqual(['200k-1M'])
  })
})

describe('cost of the demo', () => {
  /** Pico-dollars per token of Opus 5.5, in the order of TOKEN_NAMES. */
  const OPUS = [4_000_000n, 5_000_000n, 8_000_000n, 200_000n, 20_000_000n]
  const [from, to] = [FROM + 2 * DAY_MS, FROM + 9 * DAY_MS]

  it('is tokens times price, exactly, where nothing else is agreed', async () => {
    const usage = inWorkspace((await usageOf(api, '1h', from, to)).rows, WEB.workspaceId)
    const cost = inWorkspace((await costOf(api, '1h', from, to)).rows, WEB.workspaceId)
    const expected = tokensOf(usage).reduce((sum, count, index) => sum + BigInt(count) * (OPUS[index] ?? 0n), 0n)
    expect(amountOf(cost)).toBe(expected)
    expect(listOf(cost)).toBe(expected)
    expect([...new Set(cost.map(({ tokenType }) => tokenType))].sort()).toEqual([
      'cache_read',
      'cache_write_1h',
      'cache_write_5m',
      'input',
      'output',
    ])
  })

  it('charges a cent for a web search, without a model', async () => {
    const usage = inWorkspace((await usageOf(api, '1h', from, to)).rows, 'wrkspc_demo_agents')
    const searches = usage.reduce((sum, { webSearches }) => sum + webSearches, 0)
    const rows = inWorkspace((await costOf(api, '1d', from, to)).rows, 'wrkspc_demo_agents').filter(
      ({ costType }) => costType === 'web_search',
    )
    expect(searches).toBeGreaterThan(0)
    expect(amountOf(rows)).toBe(BigInt(searches) * 10_000_000_000n)
    expect(rows[0]).toMatchObject({ model: 'none', serviceTier: 'none', contextWindow: 'none', tokenType: 'none' })
  })

  it('takes a tenth off the list price of production, and only there', async () => {
    const { rows } = await costOf(api, '1h', from, to)
    const positive = rows.filter(({ listPico }) => listPico !== null && listPico > 0n)
    for (const { workspaceId, amountPico, listPico } of positive) {
      const isProduction = workspaceId === 'wrkspc_demo_production'
      expect(amountPico * 10n).toBe((listPico ?? 0n) * (isProduction ? 9n : 10n))
    }
    expect(inWorkspace(positive, 'wrkspc_demo_production').length).toBeGreaterThan(0)
  })

  it('has no tokens of the priority tier, and the batch tier at half price', async () => {
    const production = inWorkspace((await usageOf(api, '1h', from, to)).rows, 'wrkspc_demo_production')
    const rows = (await costOf(api, '1h', from, to)).rows
    expect(production.some(({ serviceTier }) => serviceTier === 'priority')).toBe(true)
    expect(rows.some(({ serviceTier }) => serviceTier === 'priority')).toBe(false)
    const [input = 0, , , , output = 0] = tokensOf(production.filter(({ serviceTier }) => serviceTier === 'batch'))
    const batch = rows.filter(({ serviceTier }) => serviceTier === 'batch')
    expect(listOf(batch)).toBe(BigInt(input) * 1_000_000n + BigInt(output) * 5_000_000n)
  })

  it('has fees for code execution', async () => {
    const rows = (await costOf(api, '1d', from, to)).rows.filter(({ costType }) => costType === 'code_execution')
    expect(rows.length).toBeGreaterThan(0)
    expect(listOf(rows) % 50_000_000_000n).toBe(0n)
  })

  it('is hours behind, then lacks what is posted late, and is whole two days after the day', async () => {
    const day = FROM + 4 * DAY_MS
    const end = day + DAY_MS
    const billed = async (now: number) => {
      const reading = await costOf(apiOf(world, now), '1h', day, end)
      return { ...reading, amount: amountOf(reading.rows) }
    }
    const running = await billed(day + 12 * HOUR_MS + 30 * MINUTE_MS)
    expect(running.completeTo).toBe(day + 9 * HOUR_MS)
    expect(running.rows.every(({ start }) => start < running.completeTo)).toBe(true)
    const [early, later, settled] = [
      await billed(end + 3 * HOUR_MS),
      await billed(end + DAY_MS),
      await billed(end + 2 * DAY_MS),
    ]
    expect(early.completeTo).toBe(end)
    expect(early.amount).toBeLessThan(later.amount)
    expect(later.amount).toBeLessThan(settled.amount)
    expect((await billed(end + 3 * DAY_MS)).rows).toEqual(settled.rows)
    // A bill that lacks much would look like a mistake of the exporter.
    expect(Number(early.amount) / Number(settled.amount)).toBeGreaterThan(0.8)
  })

  it('takes back money some days ago, whenever it is looked at', async () => {
    const steady = emptyWorld(FROM)
    for (let days = 12; days < 24; days++) {
      const now = FROM + days * DAY_MS + 15 * HOUR_MS
      const reader = apiOf(steady, now)
      const first = Math.floor(now / DAY_MS) * DAY_MS - 12 * DAY_MS
      const rows = [
        ...(await costOf(reader, '1h', first, first + 6 * DAY_MS)).rows,
        ...(await costOf(reader, '1h', first + 6 * DAY_MS, first + 12 * DAY_MS)).rows,
      ]
      const negative = rows.filter(({ amountPico }) => amountPico < 0n)
      expect(negative.length).toBeGreaterThan(0)
      expect(negative.every(({ start }) => now - start >= 2 * DAY_MS)).toBe(true)
      expect(negative.every(({ amountPico }) => amountPico > -4_250_000_000_000n)).toBe(true)
    }
  })
})
