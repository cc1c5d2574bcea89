import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { MEASURE } from '../../src/core/measures.ts'
import { FLAG, type UsageRecord } from '../../src/core/usage.ts'
import { Follower, type FollowerOptions } from '../../src/ingest/follow.ts'
import { type Delta, type Ledger, LedgerError } from '../../src/ledger/ledger.ts'
import type { KnownStream, Source, SourceBatch } from '../../src/sources/source.ts'
import { pricing } from '../support/append.ts'
import { eventually } from '../support/exporter.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

/** A source of one stream whose lines are records; what was read is a number of them. */
class ListSource implements Source {
  readonly name = 'claude-code'
  readonly lines: UsageRecord[] = []
  restores = 0
  #read = 0
  #changed: (paths: readonly string[] | null) => void = () => {}

  restore(streams: readonly KnownStream[]): void {
    this.restores += 1
    this.#read = Number(streams[0]?.cursor ?? 0)
  }

  async *read(): AsyncGenerator<SourceBatch> {
    while (this.#read < this.lines.length) {
      const from = this.#read
      const records = this.lines.slice(from, from + 400)
      this.#read = from + records.length
      yield sourceBatch(records, { expected: from === 0 ? null : String(from), cursor: String(this.#read) })
    }
  }

  async follow(changed: (paths: readonly string[] | null) => void) {
    this.#changed = changed
    return async () => {}
  }

  write(...records: UsageRecord[]): void {
    this.lines.push(...records)
    this.#changed(null)
  }

  status() {
    const roots = [{ path: '/logs', state: 'ok', problem: null }] as const
    return { roots, streams: 1, tailMode: 'events', bytesDone: 0, bytesTotal: 0 } as const
  }

  gone() {
    return []
  }
}

function setUp(ledger: Ledger, options: Partial<FollowerOptions> = {}) {
  const source = new ListSource()
  const failures: unknown[] = []
  const deltas: Delta[] = []
  const follower = new Follower({
    source,
    ledger,
    pricing,
    quietMs: 60_000,
    holdLimitMs: 600_000,
    zeroFirstMs: 0,
    now: Date.now,
    events: {
      committed: (delta) => deltas.push(delta),
      started() {},
      finished() {},
      failed: (error) => failures.push(error),
    },
    ...options,
  })
  onTestFinished(() => follower.stop())
  return { source, follower, failures, deltas }
}

const response = (n: number, fields: Partial<UsageRecord> = {}) => usageRecord({ identity: `m:${n}`, ...fields })
const unsettled = { settled: false, winRank: 2, flags: FLAG.unfinal, time: Date.now() }

async function counted(ledger: Ledger): Promise<number> {
  const counters = await ledger.counters()
  return counters.reduce((sum, { published }) => sum + Number(published[MEASURE.requests]), 0)
}

/** The ledger with some appends failing first. */
function failing(ledger: Ledger, failures: LedgerError[]): Ledger {
  return new Proxy(ledger, {
    get(target, name, receiver) {
      if (name === 'append') {
        const failure = failures.shift()
        if (failure) return () => Promise.reject(failure)
      }
      const value = Reflect.get(target, name, receiver)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

describe('loading and following', () => {
  it('history is the baseline, what comes later is live', async () => {
    const ledger = tempLedger()
    const { source, follower } = setUp(ledger, { zeroFirstMs: 60_000 })
    source.write(response(1))
    await follower.load()
    await follower.follow()
    source.write(response(2, { project: 'blog' }))
    await eventually('the second response', async () => ((await counted(ledger)) === 2 ? true : null))
    const labels = await ledger.labels()
    expect(labels.map(({ project, zeroUntil }) => [project, zeroUntil > Date.now()])).toEqual([
      ['shop', false],
      ['blog', true],
    ])
  })

  it('a load that was cut short is still the baseline when it goes on', async () => {
    const ledger = tempLedger()
    const first = setUp(ledger)
    first.source.write(response(1))
    // The process ends before the load does: nothing was exposed.
    await first.follower.stop()
    const second = setUp(ledger)
    second.source.write(response(1), response(2))
    await second.follower.load()
    expect((await ledger.labels()).map(({ exposed, zeroUntil }) => [exposed, zeroUntil])).toEqual([[true, 0]])
    expect(await counted(ledger)).toBe(2)
  })
})

describe('responses without an end mark', () => {
  it('are published when their file was quiet', async () => {
    const ledger = tempLedger()
    const { source, follower } = setUp(ledger, { quietMs: 1500 })
    await follower.load()
    await follower.follow()
    source.write(response(1, unsettled))
    await eventually('the response being stored', async () => ((await ledger.heldCount()) === 1 ? true : null))
    expect(await counted(ledger)).toBe(0)
    await eventually('its publication', async () => ((await counted(ledger)) === 1 ? true : null))
    expect(await ledger.heldCount()).toBe(0)
  })

  it('found at the start are published if they are old, and wait if they are fresh', async () => {
    const ledger = tempLedger()
    const { source, follower } = setUp(ledger)
    source.write(response(1, { ...unsettled, time: Date.now() - 3_600_000 }), response(2, unsettled))
    await follower.load()
    expect(await counted(ledger)).toBe(1)
    expect(await ledger.heldCount()).toBe(1)
  })
})

describe('when the ledger refuses', () => {
  it('a full disk is waited out, and nothing is lost or counted twice', async () => {
    const ledger = tempLedger()
    const broken = failing(ledger, [new LedgerError('full', 'database or disk is full')])
    const { source, follower, failures } = setUp(broken)
    source.write(...Array.from({ length: 900 }, (_, n) => response(n)))
    await follower.load()
    expect(failures).toMatchObject([{ failure: 'full' }])
    expect(await counted(ledger)).toBe(900)
    expect(await ledger.check()).toMatchObject({ differences: [] })
  })

  it('a server that is away for a while costs nothing, whatever is asked of it meanwhile', async () => {
    const ledger = tempLedger()
    let isAway = false
    const distant = new Proxy(ledger, {
      get(target, name, receiver) {
        if (isAway) return () => Promise.reject(new LedgerError('away', 'connection refused'))
        const value = Reflect.get(target, name, receiver)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const { source, follower, failures } = setUp(distant)
    source.write(response(1))
    await follower.load()
    await follower.follow()
    isAway = true
    source.write(response(2))
    // The append fails, and so does looking where to go on.
    await eventually('two failures', async () => (failures.length >= 2 ? true : null))
    source.write(response(3))
    isAway = false
    await eventually('everything', async () => ((await counted(ledger)) === 3 ? true : null))
    expect(await ledger.check()).toMatchObject({ differences: [] })
  })

  it('a server that is away when loading begins is waited for', async () => {
    const ledger = tempLedger()
    let refusals = 3
    const distant = new Proxy(ledger, {
      get(target, name, receiver) {
        if (refusals > 0) {
          return () => {
            refusals -= 1
            return Promise.reject(new LedgerError('away', 'connection refused'))
          }
        }
        const value = Reflect.get(target, name, receiver)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const { source, follower } = setUp(distant)
    source.write(response(1))
    await follower.load()
    expect(await counted(ledger)).toBe(1)
  })

  it('damage is not waited out', async () => {
    const broken = failing(tempLedger(), [new LedgerError('corrupt', 'database disk image is malformed')])
    const { source, follower } = setUp(broken)
    source.write(response(1))
    await expect(follower.load()).rejects.toMatchObject({ failure: 'corrupt' })
  })

  it('sums beyond 64 bits cost the responses that do not fit, and no other', async () => {
    const ledger = tempLedger()
    const { source, follower, failures } = setUp(ledger)
    const huge = usagePart({ input: Number.MAX_SAFE_INTEGER })
    const lines = Array.from({ length: 1100 }, (_, n) => response(n, { parts: [huge] }))
    source.write(...lines, response(5000, { project: 'innocent' }))
    await follower.load()
    expect(failures).toEqual([])
    const [tally] = await ledger.tallies()
    const rows = await ledger.usage({ from: 0, to: 10 ** 14, by: ['project'] })
    const requests = new Map(rows.map(({ group, values }) => [group[0], Number(values[MEASURE.requests])]))
    expect(requests.get('innocent')).toBe(1)
    // 1,024 x (2^53 - 1) is the last multiple below 2^63.
    expect(requests.get('shop')).toBe(1024)
    expect(tally?.rejected).toEqual({ refused: 1100 - 1024 })
    expect(await ledger.check()).toMatchObject({ differences: [] })
  })
})

describe('stopping', () => {
  it('ends a wait for a better ledger at once', async () => {
    const failures = Array.from({ length: 10 }, () => new LedgerError('full', 'full'))
    const { source, follower } = setUp(failing(tempLedger(), failures))
    source.write(response(1))
    const loading = follower.load()
    await delay(50)
    await follower.stop()
    await loading
    expect(failures.length).toBeGreaterThan(5)
  })
})
