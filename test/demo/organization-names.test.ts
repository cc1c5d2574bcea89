import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts'
import { ROLES } from '../../src/demo/world/roles.ts'
import type { DemoCall } from '../../src/demo/world.ts'
import {
  apiOf,
  callAt,
  costOf,
  emptyWorld,
  inWeeks,
  mixedWorld,
  never,
  quiet,
  usageOf,
} from './organization-fixture.ts'

const FROM = Date.parse('2026-09-20T00:00:00Z')
const DAY = Date.parse('2026-10-22T00:00:00Z')
const NOW = DAY + 18 * HOUR_MS

describe('directory of the demo', () => {
  const world = mixedWorld(FROM, 37 * MINUTE_MS)
  const api = apiOf(world, NOW)

  it('knows every workspace and key that is used, and those of everybody in the demo', async () => {
    const { workspaces, apiKeys } = await api.readDirectory(quiet, never)
    const { rows } = await usageOf(api, '1d', FROM, FROM + 28 * DAY_MS)
    const accounts = ROLES.flatMap(({ billedTo }) => (billedTo === null ? [] : [billedTo]))
    const known = new Set(workspaces.map(({ id }) => id))
    const knownKeys = new Set(['none', ...apiKeys.map(({ id }) => id)])
    for (const { workspaceId, apiKeyId } of [...rows, ...accounts]) {
      expect(known).toContain(workspaceId)
      expect(knownKeys).toContain(apiKeyId)
    }
    expect(known.size).toBe(workspaces.length)
    for (const { workspaceId } of apiKeys) expect(known).toContain(workspaceId)
  })

  it('has an archived workspace and an inactive key, which are used no more', async () => {
    const { workspaces, apiKeys } = await api.readDirectory(quiet, never)
    const archived = workspaces.filter(({ status }) => status === 'archived').map(({ id }) => id)
    const inactive = apiKeys.filter(({ status }) => status === 'inactive').map(({ id }) => id)
    expect([archived.length, inactive.length]).toEqual([1, 1])
    const usedIn = async (from: number, to: number) =>
      (await usageOf(api, '1d', from, to)).rows.filter(
        ({ workspaceId, apiKeyId }) => archived.includes(workspaceId) || inactive.includes(apiKeyId),
      ).length
    expect(await usedIn(FROM, FROM + 20 * DAY_MS)).toBeGreaterThan(0)
    expect(await usedIn(FROM + 26 * DAY_MS, FROM + 32 * DAY_MS)).toBe(0)
  })

  it('tells how much of the monthly limits is spent, as the bill has it', async () => {
    const month = Date.parse('2026-10-01T00:00:00Z')
    const rows = await inWeeks((from, to) => costOf(api, '1d', from, to), month, DAY + DAY_MS)
    const { spendLimits } = await api.readDirectory(quiet, never)
    const billed = (isOf: (workspace: string) => boolean) =>
      rows.reduce((sum, { workspaceId, amountPico }) => (isOf(workspaceId) ? sum + amountPico : sum), 0n)
    expect(spendLimits?.map(({ scope, scopeId, period, spentPico }) => [scope, scopeId, period, spentPico])).toEqual([
      ['organization', 'none', 'monthly', billed(() => true)],
      ['workspace', 'wrkspc_demo_production', 'monthly', billed((id) => id === 'wrkspc_demo_production')],
    ])
  })

  it('keeps its limits, also when a month begins', async () => {
    const limitsAt = async (now: number) =>
      (await apiOf(world, now).readDirectory(quiet, never)).spendLimits?.map(({ limitPico }) => limitPico)
    const limits = await limitsAt(NOW)
    expect(limits?.every((limit) => limit !== null && limit > 0n)).toBe(true)
    expect(await limitsAt(Date.parse('2026-11-01T00:00:30Z'))).toEqual(limits)
  })

  it('has limits of a dollar where nothing is known yet', async () => {
    const { spendLimits } = await apiOf(emptyWorld(NOW - MINUTE_MS), NOW).readDirectory(quiet, never)
    expect(spendLimits?.map(({ limitPico, spentPico }) => [limitPico, spentPico])).toEqual([
      [1_000_000_000_000n, 0n],
      [1_000_000_000_000n, 0n],
    ])
  })

  it('is not read after the signal', async () => {
    const requests: string[] = []
    const events = { request: () => void requests.push('request'), page: () => {} }
    await expect(api.readDirectory(events, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped')
    expect(requests).toEqual([])
  })
})

describe('Claude Code report of the demo', () => {
  const calls: readonly DemoCall[] = [
    callAt(DAY + 9 * HOUR_MS, { session: 'a', id: '1' }),
    callAt(DAY + 10 * HOUR_MS, { session: 'a', id: '2', followsHuman: false, model: 'claude-haiku-5-5' }),
    callAt(DAY + 11 * HOUR_MS, { session: 'b', id: '3', followsHuman: false }),
    callAt(DAY + 12 * HOUR_MS, { session: 'c', id: '4', source: 'openclaw', agent: 'reviewer' }),
    callAt(DAY + 13 * HOUR_MS, { session: 'd', id: '5', billedTo: null }),
    callAt(DAY + 17 * HOUR_MS + 30 * MINUTE_MS, { session: 'e', id: '6' }),
    callAt(DAY + 25 * HOUR_MS, { session: 'f', id: '7' }),
  ]
  const api = apiOf(
    { from: FROM, callsBetween: (from, to) => calls.filter(({ time }) => from <= time && time < to) },
    NOW,
  )
  const read = async (day: number) => api.readClaudeCode(day, quiet, never)

  it('names the team of an attended session and the key of one that nobody watches', async () => {
    const { rows } = await read(DAY)
    expect(rows.map(({ actorType, actor, isRemote, sessions }) => [actorType, actor, isRemote, sessions])).toEqual([
      ['user', 'web-team@example.com', false, 1],
      ['api_key', 'web-team', true, 1],
    ])
  })

  it('has the tokens of the calls by model, at list price', async () => {
    const [attended] = (await read(DAY)).rows
    const tokens = { input: 1_203, output: 907, cacheRead: 40_013, cacheWrite: 2_408 }
    const opus = 1_203n * 4n + 401n * 5n + 2_007n * 8n + 907n * 20n
    expect(attended?.models).toEqual([
      { model: 'claude-opus-5-5', ...tokens, estimatedPico: (opus * 10n + 40_013n * 2n) * 100_000n },
      expect.objectContaining({ model: 'claude-haiku-5-5', ...tokens }),
    ])
  })

  it('withholds the last hour, and knows nothing of a day to come', async () => {
    expect((await read(DAY)).completeTo).toBe(NOW - HOUR_MS)
    expect((await read(DAY - DAY_MS)).completeTo).toBe(DAY)
    expect(await read(DAY + DAY_MS)).toEqual({ rows: [], completeTo: DAY + DAY_MS })
  })

  it('never names a person', async () => {
    const { rows } = await apiOf(mixedWorld(FROM, 11 * MINUTE_MS), NOW).readClaudeCode(DAY - DAY_MS, quiet, never)
    expect(rows.length).toBeGreaterThan(0)
    for (const { actor } of rows) expect(actor).toMatch(/^[a-z]+-team(@example\.com)?$/)
  })
})
