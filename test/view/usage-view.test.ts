import { describe, expect, it } from 'vitest'
import type { UsageRecord } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { UsageView } from '../../src/view/usage-view.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart, usageRecord } from '../support/usage-record.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

function viewAt(start = NOON, options: { seriesLimit?: number; timeZone?: string } = {}) {
  const clock = { now: start }
  const { seriesLimit = 10_000, timeZone = 'UTC' } = options
  return { clock, view: new UsageView({ timeZone, now: () => clock.now, seriesLimit }) }
}

class Log {
  readonly #ledger: Ledger
  readonly #view: UsageView
  #cursor: string | null = null

  constructor(ledger: Ledger, view: UsageView) {
    this.#ledger = ledger
    this.#view = view
  }

  async write(records: readonly UsageRecord[], options: { live?: boolean; now?: number; zeroFirstMs?: number } = {}) {
    const cursor = String(Number(this.#cursor ?? 0) + 1)
    const batch = sourceBatch(records, { expected: this.#cursor, cursor })
    this.#cursor = cursor
    this.#view.apply(await appendBatches(this.#ledger, [batch], options))
  }
}

const output = (tokens: number, fields: Partial<UsageRecord> = {}) =>
  usageRecord({ identity: `m:${Math.random()}`, time: NOON, parts: [usagePart({ output: tokens })], ...fields })

describe('a label set born while running', () => {
  it('is shown at 0 for a while, then with everything it has', async () => {
    const { clock, view } = viewAt()
    const log = new Log(tempLedger(), view)
    await log.write([output(10)], { now: NOON, zeroFirstMs: 1000 })
    expect(view.snapshot().counters).toMatchObject([{ tokens: [0n, 0n, 0n, 0n, 0n], requests: 0n, estimatedPico: 0n }])
    expect(view.snapshot().sessionsStarted).toMatchObject([{ sessions: 0n }])
    expect(view.isDue()).toBe(false)
    clock.now += 1000
    expect(view.isDue()).toBe(true)
    expect(view.snapshot().counters).toMatchObject([{ tokens: [0n, 0n, 0n, 0n, 10n], requests: 1n }])
    expect(view.snapshot().sessionsStarted).toMatchObject([{ sessions: 1n }])
  })

  it('stays at 0 over a restart until its time has come', async () => {
    const ledger = tempLedger()
    const { view } = viewAt()
    await new Log(ledger, view).write([output(10)], { now: NOON, zeroFirstMs: 1000 })
    const { clock, view: restarted } = viewAt(NOON + 500)
    await restarted.load(ledger)
    expect(restarted.snapshot().counters[0]?.requests).toBe(0n)
    clock.now = NOON + 1000
    expect(restarted.snapshot().counters[0]?.requests).toBe(1n)
  })

  it('of a known series (another branch) is not hidden', async () => {
    const { view } = viewAt()
    const log = new Log(tempLedger(), view)
    await log.write([output(10)], { now: NOON - DAY_MS, zeroFirstMs: 1000 })
    await log.write([output(5, { branch: 'topic' })], { now: NOON, zeroFirstMs: 1000 })
    expect(view.snapshot().counters).toMatchObject([{ tokens: [0n, 0n, 0n, 0n, 15n] }])
  })
})

describe('history that is being loaded', () => {
  it('appears all at once at its sum when it is complete', async () => {
    const ledger = tempLedger()
    const { view } = viewAt()
    const log = new Log(ledger, view)
    await log.write([output(10)], { live: false })
    await log.write([output(20)], { live: false })
    expect(view.snapshot().counters).toEqual([])
    view.apply(await ledger.expose({ source: 'claude-code', roots: [] }))
    expect(view.snapshot().counters).toMatchObject([{ tokens: [0n, 0n, 0n, 0n, 30n], requests: 2n }])
    expect(view.snapshot().sessionsStarted).toMatchObject([{ sessions: 1n }])
  })
})

describe('loading from the ledger', () => {
  it('shows the same as the view that followed every commit', async () => {
    const ledger = tempLedger()
    const { view } = viewAt()
    const log = new Log(ledger, view)
    for (const [index, project] of ['shop', 'blog', 'shop', 'site'].entries()) {
      await log.write([
        output(index + 1, { project, time: NOON - index * DAY_MS * 4, billing: index === 1 ? 'plan' : 'metered' }),
        output(7, { project, parts: [usagePart({ output: 7 }, 'mystery')] }),
      ])
    }
    const { view: restarted } = viewAt()
    await restarted.load(ledger)
    const ordered = <T>(rows: readonly T[]) =>
      [...rows].sort((a, b) => JSON.stringify(a, printable).localeCompare(JSON.stringify(b, printable)))
    const sorted = ({ counters, today, last7Days, monthToDate }: ReturnType<UsageView['snapshot']>) =>
      [counters, today, last7Days, monthToDate].map((rows) => ordered<unknown>(rows))
    expect(sorted(restarted.snapshot())).toEqual(sorted(view.snapshot()))
  })
})

describe('windows', () => {
  it.each([
    { what: 'this noon', ageMs: 0, windows: ['today', 'last7Days', 'monthToDate'] },
    { what: 'yesterday', ageMs: DAY_MS, windows: ['last7Days', 'monthToDate'] },
    { what: '8 days ago', ageMs: 8 * DAY_MS, windows: ['monthToDate'] },
    { what: 'last month', ageMs: 20 * DAY_MS, windows: [] },
    { what: 'in the future', ageMs: -HOUR_MS, windows: [] },
  ])('$what counts in $windows', async ({ ageMs, windows }) => {
    const { view } = viewAt()
    await new Log(tempLedger(), view).write([output(10, { time: NOON - ageMs })])
    const part = view.snapshot()
    const names = (['today', 'last7Days', 'monthToDate'] as const).filter((name) => part[name].length > 0)
    expect(names).toEqual(windows)
  })

  it('case 60: a time in the future is counted at once and enters the windows when it is reached', async () => {
    const { clock, view } = viewAt()
    await new Log(tempLedger(), view).write([output(10, { time: NOON + HOUR_MS })])
    expect(view.snapshot().counters).toMatchObject([{ requests: 1n }])
    expect(view.snapshot().today).toEqual([])
    clock.now = NOON + HOUR_MS
    expect(view.snapshot().today).toMatchObject([{ requests: 1n }])
  })

  it('begin anew at local midnight', async () => {
    const { clock, view } = viewAt(Date.parse('2026-05-20T21:00:00Z'), { timeZone: 'Europe/Berlin' })
    await new Log(tempLedger(), view).write([output(10, { time: Date.parse('2026-05-20T20:00:00Z') })])
    expect(view.snapshot().today).toHaveLength(1)
    clock.now = Date.parse('2026-05-20T22:00:00Z')
    expect(view.isDue()).toBe(true)
    expect(view.snapshot().today).toEqual([])
    expect(view.snapshot().last7Days).toHaveLength(1)
  })
})

describe('use covered by a plan', () => {
  it('is plan value, never estimated cost', async () => {
    const { view } = viewAt()
    await new Log(tempLedger(), view).write([output(1_000_000, { billing: 'plan' })])
    expect(view.snapshot().counters).toMatchObject([{ estimatedPico: 0n, planPico: 25_000_000_000_000n }])
    expect(view.snapshot().today).toMatchObject([{ estimatedPico: 0n, planPico: 25_000_000_000_000n }])
  })
})

describe('an unknown model', () => {
  it('case 29: its tokens are counted, at no cost, and told as unpriced', async () => {
    const { view } = viewAt()
    await new Log(tempLedger(), view).write([output(10, { parts: [usagePart({ input: 3, output: 10 }, 'mystery-1')] })])
    const part = view.snapshot()
    expect(part.counters).toMatchObject([
      { labels: { model: 'mystery-1' }, tokens: [3n, 0n, 0n, 0n, 10n], estimatedPico: 0n },
    ])
    expect(part.unpriced).toEqual([{ provider: 'unknown', model: 'mystery-1', tokens: 13n }])
  })
})

describe('the series limit', () => {
  it('counts later label sets under other, over restarts too, and loses nothing', async () => {
    const ledger = tempLedger()
    const { view } = viewAt(NOON, { seriesLimit: 100 })
    const log = new Log(ledger, view)
    for (let n = 0; n < 30; n++) await log.write([output(1, { project: `p${n}` })])
    const folded = view.takeNewlyFolded()
    expect(folded.length).toBeGreaterThan(20)
    await ledger.setFolded(folded)
    const { view: restarted } = viewAt(NOON, { seriesLimit: 100 })
    await restarted.load(ledger)
    for (const { counters, today } of [view.snapshot(), restarted.snapshot()]) {
      expect(counters.find(({ labels }) => labels.project === 'other')?.requests).toBe(BigInt(folded.length))
      expect(counters.reduce((sum, { requests }) => sum + requests, 0n)).toBe(30n)
      expect(today.reduce((sum, { requests }) => sum + requests, 0n)).toBe(30n)
    }
    expect(restarted.takeNewlyFolded()).toEqual([])
    expect(restarted.foldedLabelSets).toBe(folded.length)
  })
})

describe('active sessions', () => {
  it('count once each, under the main agent, and come down to 0', async () => {
    const ledger = tempLedger()
    const { view } = viewAt()
    const log = new Log(ledger, view)
    await log.write([
      output(100, { session: 'a', agent: 'none' }),
      output(900, { session: 'a', agent: 'Explore' }),
      output(50, { session: 'b' }),
      output(50, { session: 'old', time: NOON - HOUR_MS }),
    ])
    view.setActive(await ledger.activeSessions(NOON - 300_000, NOON))
    const shop = { source: 'claude-code', agent: 'none', project: 'shop', machine: null }
    expect(view.snapshot().active).toEqual([
      { ...shop, sessions: 2, tokensPerMinuteMax: 200, unattendedRequestsMax: null },
    ])
    view.setActive([])
    expect(view.snapshot().active).toEqual([
      { ...shop, sessions: 0, tokensPerMinuteMax: 0, unattendedRequestsMax: null },
    ])
  })

  it('tell the most requests without a human turn, of those whose turns are known', async () => {
    const ledger = tempLedger()
    const { view } = viewAt()
    const log = new Log(ledger, view)
    const blog = { project: 'blog' }
    await log.write([
      ...['a', 'a', 'a', 'b', 'b', 'quiet'].map((session) => output(5, { session })),
      output(5, { session: 'unknown', ...blog }),
    ])
    const sessions = await ledger.activeSessions(NOON - 300_000, NOON)
    const unattended: Readonly<Record<string, number>> = { a: 3, b: 7 }
    view.setActive(sessions.map((row) => ({ ...row, unattendedRequests: unattended[row.session] ?? null })))
    expect(
      view.snapshot().active.map(({ project, unattendedRequestsMax }) => [project, unattendedRequestsMax]),
    ).toEqual([
      ['blog', null],
      ['shop', 7],
    ])
  })
})

function printable(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
