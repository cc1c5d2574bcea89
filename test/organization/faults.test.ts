import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SyncFailure } from '../../src/core/sync-run.ts'
import { DAY_MS } from '../../src/core/time.ts'
import type { Fault } from '../support/organization-api/faults.ts'
import { createWorld, KEY, storedUsage, trueUsage } from './support.ts'

const NOW = Date.parse('2026-05-20T14:20:00Z')
const TODAY = Date.parse('2026-05-20T00:00:00Z')
const ALL = { from: TODAY - 2 * DAY_MS, to: TODAY + DAY_MS }

const FAULTS: readonly { readonly name: string; readonly fault: Fault; readonly reason: SyncFailure }[] = [
  { name: '429 with retry-after', fault: { kind: 'status', status: 429, retryAfter: '2' }, reason: 'rate_limit' },
  { name: '429 without', fault: { kind: 'status', status: 429 }, reason: 'rate_limit' },
  { name: '500', fault: { kind: 'status', status: 500 }, reason: 'overloaded' },
  { name: '529', fault: { kind: 'status', status: 529 }, reason: 'overloaded' },
  { name: '400', fault: { kind: 'status', status: 400 }, reason: 'bad_request' },
  { name: '401', fault: { kind: 'status', status: 401 }, reason: 'auth' },
  { name: '403', fault: { kind: 'status', status: 403 }, reason: 'permission' },
  { name: 'a reset', fault: { kind: 'reset' }, reason: 'network' },
  { name: 'a body that breaks off', fault: { kind: 'drop-body' }, reason: 'network' },
  { name: 'invalid JSON', fault: { kind: 'invalid-json' }, reason: 'invalid_response' },
  { name: 'an HTML page', fault: { kind: 'html-502' }, reason: 'network' },
  { name: 'a redirect', fault: { kind: 'redirect', location: 'http://127.0.0.1:9/' }, reason: 'invalid_response' },
  { name: 'a cursor in circles', fault: { kind: 'repeated-cursor' }, reason: 'invalid_response' },
  { name: 'a missing cursor', fault: { kind: 'missing-cursor' }, reason: 'invalid_response' },
  { name: 'negative tokens', fault: { kind: 'negative-tokens' }, reason: 'invalid_response' },
]

describe('when the API fails', () => {
  it.each(FAULTS)('$name: old figures stay, the reason is told, the next good run heals', async ({ fault, reason }) => {
    const world = await createWorld({ now: NOW, days: 3, generation: 'legacy', retries: 2 })
    expect(await world.run({ range: ALL })).toMatchObject({ result: 'ok' })
    const before = await storedUsage(world, ALL.from, ALL.to)
    world.api.truth.revise(() => true, 2, 1)
    const asked = world.api.requests.length
    world.api.faults.add({ fault, times: Number.POSITIVE_INFINITY })

    const failed = await world.run({ range: ALL })
    expect(failed).toMatchObject({ result: 'failed', reason })
    expect(failed.error).toMatch(/\S/)
    expect(await storedUsage(world, ALL.from, ALL.to)).toEqual(before)
    expect(world.api.requests.length - asked).toBeLessThanOrEqual(6)
    const [logged] = await world.ledger.runs({ limit: 1 })
    expect(logged).toMatchObject({ result: 'failed', reason, error: failed.error })

    world.api.faults.clear()
    expect(await world.run({ range: ALL })).toMatchObject({ result: 'ok' })
    expect(await storedUsage(world, ALL.from, ALL.to)).toEqual(trueUsage(world, ALL.from, ALL.to))
    expect(`${world.log()} ${failed.error} ${readFileSync(world.path)}`).not.toContain(KEY)
  })

  it.each([{ kind: 'hang' }, { kind: 'trickle', everyMs: 20 }] as const)(
    'a body or answer that does not end ($kind): the run ends at its limit',
    async (fault) => {
      const world = await createWorld({ now: NOW, days: 3, generation: 'legacy', limitMs: 700 })
      world.api.faults.add({ fault, times: Number.POSITIVE_INFINITY })
      const start = performance.now()
      expect(await world.run({ range: ALL })).toMatchObject({ result: 'failed', reason: 'timeout' })
      expect(performance.now() - start).toBeLessThan(20_000)
    },
  )

  it('breaking off at any page leaves no half-read window', { timeout: 60_000 }, async () => {
    for (const nth of [1, 2, 3]) {
      const world = await createWorld({ now: NOW, days: 3, generation: 'legacy', width: '1d', pageSize: 1 })
      world.api.faults.add({ fault: { kind: 'drop-body' }, nth })
      expect(await world.run({ range: ALL })).toMatchObject({ result: 'failed', reason: 'network' })
      expect((await storedUsage(world, ALL.from, ALL.to)).tokens.input).toBe(0n)
      world.restart()
      expect(await world.run({ range: ALL })).toMatchObject({ result: 'ok' })
      expect(await storedUsage(world, ALL.from, ALL.to)).toEqual(trueUsage(world, ALL.from, ALL.to))
    }
  })

  it('a passing failure is tried again within the run', async () => {
    const world = await createWorld({ now: NOW, days: 3, generation: 'legacy', retries: 3 })
    world.api.faults.add({ fault: { kind: 'status', status: 529 }, times: 2 })
    expect(await world.run({ range: ALL })).toMatchObject({ result: 'ok', attempts: 3, reason: null })
  })

  it('a key revoked in the middle of a run and restored later', async () => {
    const world = await createWorld({ now: NOW, days: 60, generation: 'legacy' })
    expect(await world.run()).toMatchObject({ result: 'ok' })
    world.api.revoke(KEY)
    expect(await world.run()).toMatchObject({ result: 'failed', reason: 'auth', attempts: 1 })
    expect((await world.view()).organizations[0]).toMatchObject({ credentialsOk: false })
    expect((await world.view()).organizations[0]?.usageMonthToDate).not.toBeNull()
    world.api.restore(KEY)
    expect(await world.run()).toMatchObject({ result: 'ok' })
    expect((await world.view()).organizations[0]).toMatchObject({ credentialsOk: true })
  })
})

describe('clocks', () => {
  it('the first of the month at 00:03 UTC: the new month begins, the old one is whole', async () => {
    const world = await createWorld({ now: Date.parse('2026-04-30T23:50:00Z'), days: 61 })
    for (const report of ['usage', 'cost'] as const) expect(await world.run({ report })).toMatchObject({ result: 'ok' })
    world.now = Date.parse('2026-05-01T00:03:00Z')
    const [unknown] = (await world.view()).organizations
    expect(unknown?.usageToday).toBeNull()
    for (const report of ['usage', 'cost'] as const) expect(await world.run({ report })).toMatchObject({ result: 'ok' })
    // Complete until 23:58 of the day before only: nothing of May is known yet.
    expect((await world.view()).organizations[0]?.usageMonthToDate).toBeNull()
    world.now = Date.parse('2026-05-01T00:10:00Z')
    for (const report of ['usage', 'cost'] as const) expect(await world.run({ report })).toMatchObject({ result: 'ok' })
    const [figures] = (await world.view()).organizations
    expect(figures?.usageMonthToDate).not.toBeNull()
    expect(figures?.usageMonthToDate?.every(({ tokens }) => tokens.every((count) => count === 0n))).toBe(true)
    expect(figures?.billedPreviousMonth?.some(({ pico }) => pico > 0n)).toBe(true)
  })

  it('three days asleep: everything in between is read once', async () => {
    const world = await createWorld({ now: NOW, days: 60 })
    world.now = NOW - 3 * DAY_MS
    expect(await world.run()).toMatchObject({ result: 'ok' })
    world.now = NOW
    expect(await world.run({ cause: 'catch_up' })).toMatchObject({ result: 'ok', cause: 'catch_up' })
    const range = { from: TODAY - 4 * DAY_MS, to: TODAY + DAY_MS }
    expect(await storedUsage(world, range.from, range.to)).toEqual(trueUsage(world, range.from, range.to))
    expect((await world.view()).organizations[0]?.usageMonthToDate).not.toBeNull()
  })
})
