import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SyncError, type SyncFailure, type SyncRun } from '../../../src/core/sync-run.ts'
import { DAY_MS } from '../../../src/core/time.ts'
import { OrganizationSync } from '../../../src/ingest/organization/run.ts'
import type { SyncSettings } from '../../../src/ingest/organization/sync-options.ts'
import { LedgerError } from '../../../src/ledger/ledger.ts'
import { type Answer, FakeApi, FakeLedger, silent } from './fakes.ts'

const NOW = Date.parse('2026-11-21T14:37:00Z')
const never = new AbortController().signal
const TWO_DAYS = { from: NOW - 4 * DAY_MS, to: NOW - 2 * DAY_MS }
const usage = { report: 'usage', cause: 'command' } as const

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp(answers: Answer[] = [], settings: Partial<SyncSettings> = {}, maxRangeMs = 31 * DAY_MS, earliest = 0) {
  const api = new FakeApi()
  api.answers.push(...answers)
  const ledger = new FakeLedger()
  const told: string[] = []
  const sync = new OrganizationSync({
    api,
    ledger: ledger.asLedger(),
    reach: () => ({ maxRangeMs, earliest }),
    settings: { usageWidth: '1d', costWidth: '1h', historyMs: DAY_MS, ...settings },
    now: Date.now,
    random: () => 1,
    events: {
      started: (source) => told.push(`started ${source}`),
      finished: ({ result }) => told.push(`finished ${result}`),
      changed: (report) => told.push(`changed ${report}`),
    },
    logger: silent,
  })
  return { api, ledger, told, sync }
}

/** The end of a run and the seconds it took. */
async function settle(run: Promise<SyncRun>): Promise<[SyncRun, number]> {
  const startedAt = Date.now()
  await vi.advanceTimersByTimeAsync(0)
  let ended: SyncRun | undefined
  void run.then((value) => {
    ended = value
  })
  await Promise.resolve()
  for (let step = 0; ended === undefined && step < 5_000; step++) await vi.advanceTimersByTimeAsync(500)
  if (ended === undefined) throw new Error('The run did not end')
  return [ended, (Date.now() - startedAt) / 1_000]
}

const failed = (reason: SyncFailure, retryAfterMs?: number) =>
  new SyncError(reason, `failed: ${reason}`, {
    requestId: 'req_1',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })

describe('OrganizationSync', () => {
  it('reads what is due, stores it and logs the run', async () => {
    const { api, ledger, told, sync } = setUp()
    const [run] = await settle(sync.run(usage, never))
    expect(api.asked).toEqual(['usage 1d 10-22T00 11-22T00', 'usage 1d 10-01T00 10-22T00'])
    expect(run).toMatchObject({
      id: 1,
      source: 'anthropic-usage',
      cause: 'command',
      result: 'ok',
      generation: 'legacy',
    })
    expect(run).toMatchObject({
      attempts: 1,
      requests: 2,
      changes: { fetched: 20, added: 20 },
      reason: null,
      error: null,
    })
    expect([run.from, run.to]).toEqual([Date.parse('2026-10-01'), Date.parse('2026-11-22')])
    expect(ledger.log).toEqual([run])
    expect(told).toEqual(['started anthropic-usage', 'changed usage', 'changed usage', 'finished ok'])
  })

  it.each([
    ['cost', 'legacy', 'cost 1d 11-17T00 11-20T00'],
    ['cost', 'analytics', 'cost 1h 11-17T00 11-20T00'],
    ['usage', 'analytics', 'usage 1d 11-17T00 11-20T00'],
    ['claude-code', 'legacy', 'claude-code 11-19T00'],
    ['directory', 'legacy', 'directory'],
  ] as const)('reads %s of %s', async (report, generation, first) => {
    const { api, sync } = setUp()
    api.generation = generation
    const [run] = await settle(sync.run({ report, cause: 'command', range: TWO_DAYS }, never))
    expect(run.result).toBe('ok')
    expect(api.asked[0]).toBe(first)
  })

  it.each<[string, Answer[], Partial<SyncRun>, number, number]>([
    [
      'a limit without a time waits longer each time',
      [failed('rate_limit'), failed('rate_limit')],
      { result: 'ok', attempts: 3 },
      6,
      6.5,
    ],
    ['a limit with a time waits for it', [failed('rate_limit', 30_000)], { result: 'ok', attempts: 2 }, 30, 30.5],
    [
      'a time beyond the limit of the run ends it at once',
      [failed('rate_limit', 3_600_000)],
      { result: 'failed', reason: 'rate_limit', attempts: 1 },
      0,
      0.5,
    ],
    ['a broken connection is tried again', [failed('network')], { result: 'ok', attempts: 2, requests: 2 }, 2, 2.5],
    [
      'four failures are enough',
      Array(4).fill(failed('overloaded')),
      { result: 'failed', reason: 'overloaded', attempts: 4 },
      14,
      14.5,
    ],
    [
      'a refused key is not tried again',
      [failed('auth')],
      { result: 'failed', reason: 'auth', attempts: 1, error: 'failed: auth (request req_1)' },
      0,
      0.5,
    ],
    [
      'nor a missing permission',
      [failed('permission')],
      { result: 'failed', reason: 'permission', attempts: 1 },
      0,
      0.5,
    ],
    ['nor a bad request', [failed('bad_request')], { result: 'failed', reason: 'bad_request', attempts: 1 }, 0, 0.5],
    ['no answer until the limit', ['hang'], { result: 'failed', reason: 'timeout', attempts: 1 }, 600, 600.5],
    [
      'an error nobody expected is told',
      [new TypeError('oops'), new TypeError('oops')],
      { result: 'ok', attempts: 3 },
      6,
      6.5,
    ],
  ])('%s', async (_, answers, expected, least, most) => {
    const { sync } = setUp(answers)
    const [run, seconds] = await settle(sync.run({ ...usage, range: TWO_DAYS }, never))
    expect(run).toMatchObject(expected)
    expect(seconds).toBeGreaterThanOrEqual(least)
    expect(seconds).toBeLessThanOrEqual(most)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('goes on with what is not stored yet', async () => {
    const { api, ledger, sync } = setUp([undefined, failed('network'), undefined], {}, DAY_MS)
    const [run] = await settle(sync.run({ ...usage, range: TWO_DAYS }, never))
    expect(run).toMatchObject({ result: 'ok', attempts: 2, requests: 4 })
    expect(api.asked.map((text) => text.slice(9, 14))).toEqual(['11-19', '11-18', '11-18', '11-17'])
    expect(ledger.stored).toHaveLength(3)
  })

  it('keeps what was stored when the rest fails', async () => {
    const { sync } = setUp([undefined, failed('permission')], {}, DAY_MS)
    const [run] = await settle(sync.run({ ...usage, range: TWO_DAYS }, never))
    expect(run).toMatchObject({ result: 'partial', reason: 'permission', changes: { fetched: 10 } })
  })

  it('tells how far a run came that reached its limit', async () => {
    const { sync } = setUp([undefined, 'hang'], { limitMs: 30_000 }, DAY_MS)
    const [run] = await settle(sync.run({ ...usage, range: TWO_DAYS }, never))
    expect(run).toMatchObject({ result: 'partial', reason: 'timeout' })
    expect(run.error).toContain('within 30 s')
    expect(run.error).toContain('1 of 3')
  })

  it.each<[string, Answer]>([
    ['a request', 'hang'],
    ['a wait', failed('rate_limit', 300_000)],
  ])('is interrupted in the middle of %s', async (_, answer) => {
    const { ledger, sync, told } = setUp([answer])
    const stopping = new AbortController()
    const run = sync.run(usage, stopping.signal)
    await vi.advanceTimersByTimeAsync(1_000)
    stopping.abort()
    const [ended] = await settle(run)
    expect(ended).toMatchObject({ result: 'interrupted', reason: null, error: null })
    expect(ledger.log[0]?.result).toBe('interrupted')
    expect(told.at(-1)).toBe('finished interrupted')
  })

  it.each(['startRun', 'replace'])('does not reject when the ledger fails at %s', async (where) => {
    const { ledger, sync, api } = setUp()
    const failure = new LedgerError('busy', 'The ledger is locked')
    if (where === 'startRun') ledger.failure = failure
    else
      api.readUsage = async ({ to }) => {
        ledger.failure = failure
        return { rows: [], completeTo: to }
      }
    const [run] = await settle(sync.run(usage, never))
    expect(run).toMatchObject({ result: 'failed', reason: 'ledger', id: where === 'startRun' ? 0 : 1 })
    expect(run.error).toContain('The ledger is locked')
  })

  it('stores nothing in a dry run, and tells nobody', async () => {
    const { ledger, sync, told } = setUp()
    const [run] = await settle(sync.run({ ...usage, range: TWO_DAYS, dryRun: true }, never))
    expect(run).toMatchObject({ id: 0, result: 'ok', changes: { added: 10 } })
    expect(ledger.stored).toEqual(['usage 11-17T00 11-20T00 dry'])
    expect([ledger.log, told]).toEqual([[], []])
  })

  it('widens a window to the buckets that are stored, and reads it in pieces again', async () => {
    const { api, ledger, sync } = setUp([], {}, DAY_MS)
    ledger.widen = ({ to }) => ({ from: to - 2 * DAY_MS, to })
    await settle(sync.run({ ...usage, range: { from: NOW - DAY_MS, to: NOW - DAY_MS + 1 } }, never))
    expect(api.asked).toEqual(['usage 1d 11-20T00 11-21T00', 'usage 1d 11-19T00 11-20T00'])
  })

  it('counts the pieces of a widened window that were stored before it failed', async () => {
    const { ledger, sync } = setUp([undefined, failed('auth')], {}, DAY_MS)
    ledger.widen = ({ to }) => ({ from: to - 2 * DAY_MS, to })
    const [run] = await settle(sync.run({ ...usage, range: { from: NOW - DAY_MS, to: NOW - DAY_MS + 1 } }, never))
    expect(run).toMatchObject({ result: 'partial', reason: 'auth', changes: { fetched: 10 } })
  })

  it('leaves a stored day as it is that the API no longer reaches in full', async () => {
    const { api, ledger, sync } = setUp([], {}, 31 * DAY_MS, NOW - 3 * DAY_MS)
    ledger.widen = ({ to }) => ({ from: NOW - 9 * DAY_MS, to })
    await settle(sync.run({ ...usage, range: TWO_DAYS }, never))
    expect(api.asked).toEqual(['usage 1d 11-19T00 11-20T00'])
  })

  it('joins a run of the same report, unless it has a range; reports take turns', async () => {
    const { api, sync, ledger } = setUp(['hang'], { limitMs: 10_000 })
    const progress: number[] = []
    const first = sync.run({ report: 'directory', cause: 'schedule' }, never)
    const joined = sync.run({ report: 'directory', cause: 'request', onProgress: (done) => progress.push(done) }, never)
    const other = sync.run({ ...usage, range: TWO_DAYS }, never)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(api.asked).toEqual(['directory'])
    const [[a], [b], [c]] = [await settle(first), await settle(joined), await settle(other)]
    expect(b).toBe(a)
    expect([a.result, c.result]).toEqual(['failed', 'ok'])
    await settle(sync.run({ report: 'directory', cause: 'request', onProgress: (done) => progress.push(done) }, never))
    expect(ledger.log).toHaveLength(3)
    expect(progress).toEqual([1])
  })

  it('looks deep at its first run and then once a day', async () => {
    const { api, ledger, sync } = setUp()
    for (let day = NOW - 60 * DAY_MS; day < NOW + DAY_MS; day += DAY_MS) {
      const start = Math.floor(day / DAY_MS) * DAY_MS
      const covered = {
        day: start,
        generation: 'legacy',
        widthMs: DAY_MS,
        completeTo: start + DAY_MS,
        readAt: NOW,
      } as const
      ledger.days.set(String(start), covered)
    }
    await settle(sync.run(usage, never))
    await settle(sync.run(usage, never))
    vi.setSystemTime(NOW + DAY_MS)
    await settle(sync.run(usage, never))
    expect(api.asked.map((text) => text.slice(9, 14))).toEqual(['11-14', '11-20', '11-15'])
  })
})

describe('runScheduled', () => {
  const scheduled = { report: 'directory', cause: 'schedule' } as const

  it('leaves a report alone that only another key mends, for longer each time', async () => {
    const { api, sync } = setUp(Array(9).fill(failed('auth')))
    const minutes: number[] = []
    for (let minute = 0; minute < 300; minute++) {
      if ((await sync.runScheduled(scheduled, never)) !== null) minutes.push(minute)
      await vi.advanceTimersByTimeAsync(60_000)
    }
    expect(minutes).toEqual([0, 5, 15, 35, 75, 135, 195, 255])
    expect(api.asked).toHaveLength(8)
  })

  it('tries at once with another key, and by hand', async () => {
    const { api, sync } = setUp([failed('permission'), failed('permission')])
    expect(await sync.runScheduled(scheduled, never)).toMatchObject({ result: 'failed' })
    expect(await sync.runScheduled(scheduled, never)).toBeNull()
    expect(await sync.run({ ...scheduled, cause: 'request' }, never)).toMatchObject({ result: 'failed' })
    expect(await sync.runScheduled(scheduled, never)).toBeNull()
    api.mark = 'second'
    expect(await sync.runScheduled(scheduled, never)).toMatchObject({ result: 'ok' })
    api.mark = 'first'
    expect(await sync.runScheduled(scheduled, never)).toMatchObject({ result: 'ok' })
  })

  it('does not hold back other reports, nor after failures that pass', async () => {
    const { sync, api } = setUp([failed('unsupported'), failed('rate_limit', 3_600_000)])
    await sync.runScheduled(scheduled, never)
    expect(await sync.runScheduled({ report: 'usage', cause: 'schedule' }, never)).toMatchObject({
      reason: 'rate_limit',
    })
    expect(await sync.runScheduled({ report: 'usage', cause: 'schedule' }, never)).toMatchObject({ result: 'ok' })
    api.mark = new Error('no such file')
    expect(await sync.runScheduled(scheduled, never)).toMatchObject({ result: 'ok' })
  })
})
