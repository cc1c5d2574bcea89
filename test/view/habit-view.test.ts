import { describe, expect, it } from 'vitest'
import type { UsageRecord } from '../../src/core/usage.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { HabitView } from '../../src/view/habit-view.ts'
import { loadHistory } from '../../src/view/load-history.ts'
import type { HabitRow } from '../../src/view/snapshot.ts'
import { UsageView } from '../../src/view/usage-view.ts'
import { appendBatches } from '../support/append.ts'
import { tempLedger } from '../support/temp.ts'
import { sourceBatch, usagePart } from '../support/usage-record.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, spend, USD } from './budget-support.ts'

const NOON = Date.parse('2026-05-20T12:00:00Z')
const WEEK_MS = 7 * DAY_MS
const SLOT_MS = 15 * MINUTE_MS
const THOUSAND = USD / 40n

/** Views of a ledger that follow what is appended, with a clock that tests move. */
class Exporter {
  readonly ledger: Ledger
  readonly #timeZone: string
  readonly #usage: UsageView
  readonly view: HabitView
  now: number
  #cursor: string | null = null

  constructor({ now = NOON, timeZone = 'UTC', ledger = tempLedger(), seriesLimit = 1_000_000 } = {}) {
    this.now = now
    this.ledger = ledger
    this.#timeZone = timeZone
    const clock = () => this.now
    this.#usage = new UsageView({ timeZone, now: clock, seriesLimit })
    this.view = new HabitView({ timeZone, now: clock, label: (id) => this.#usage.label(id) })
  }

  async append(records: readonly UsageRecord[]): Promise<void> {
    const cursor = String(Number(this.#cursor ?? 0) + 1)
    const batch = sourceBatch(records, { expected: this.#cursor, cursor })
    this.#cursor = cursor
    const delta = await appendBatches(this.ledger, [batch], { now: this.now })
    this.#usage.apply(delta)
    this.view.apply(delta)
  }

  async readActive(): Promise<void> {
    this.view.setActive(await this.ledger.activeSessions(this.now - 5 * MINUTE_MS, this.now))
  }

  async restarted(): Promise<Exporter> {
    const next = new Exporter({ now: this.now, timeZone: this.#timeZone, ledger: this.ledger })
    await next.#usage.load(this.ledger)
    await loadHistory(this.ledger, [next.view], this.now)
    return next
  }

  row(kind: HabitRow['kind'], name: string): HabitRow {
    const found = this.view.part().find((row) => row.kind === kind && row.name === name)
    if (found === undefined) throw new Error(`no ${kind} ${name}`)
    return found
  }
}

/** Something long ago, so that there is history. */
const longAgo = (now: number) => spend(now - 10 * WEEK_MS, 1, { project: 'old' })

describe('the cost of the last hour', () => {
  it.each([
    { what: 'in the quarter of an hour that runs', minutesAgo: 1, isIn: true },
    { what: '65 minutes ago, in the fourth quarter before', minutesAgo: 65, isIn: true },
    { what: '70 minutes ago, in the fifth', minutesAgo: 70, isIn: false },
    { what: 'in the next quarter', minutesAgo: -10, isIn: false },
  ])('holds what was used $what: $isIn', async ({ minutesAgo, isIn }) => {
    const exporter = new Exporter({ now: NOON + 8 * MINUTE_MS })
    await exporter.append([spend(exporter.now, 1), spend(exporter.now - minutesAgo * MINUTE_MS, 10)])
    const expected = (isIn ? 11n : 1n) * THOUSAND
    for (const each of [exporter, await exporter.restarted()]) {
      expect(each.row('agent', 'none').costLastHourPico).toBe(expected)
      expect(each.row('project', 'shop').costLastHourPico).toBe(expected)
    }
  })

  it('is of metered use only, per agent of a source, and per project of all sources', async () => {
    const exporter = new Exporter()
    await exporter.append([
      spend(NOON, 1, { agent: 'none', project: 'shop' }),
      spend(NOON, 2, { agent: 'web', project: 'shop' }),
      spend(NOON, 4, { agent: 'web', project: 'blog', billing: 'plan' }),
    ])
    const rows = exporter.view
      .part()
      .map(({ kind, source, name, costLastHourPico }) => [kind, source, name, costLastHourPico])
    expect(rows).toEqual([
      ['agent', 'claude-code', 'web', 2n * THOUSAND],
      ['agent', 'claude-code', 'none', 1n * THOUSAND],
      ['project', '', 'blog', 0n],
      ['project', '', 'shop', 3n * THOUSAND],
    ])
  })
})

describe('the usual cost of the hour', () => {
  const now = NOON + SLOT_MS / 3

  it('is the mean of the same hour of the past four weeks, with weeks without use', async () => {
    const exporter = new Exporter({ now })
    await exporter.append([
      longAgo(now),
      spend(now, 1),
      spend(NOON - WEEK_MS - 60 * MINUTE_MS, 10),
      spend(NOON - WEEK_MS - 61 * MINUTE_MS, 100),
      spend(NOON - 2 * WEEK_MS - 10 * MINUTE_MS, 30),
      // The quarter that runs counts by the third of it that has passed.
      spend(NOON - 3 * WEEK_MS + 14 * MINUTE_MS, 60),
      spend(NOON - 4 * WEEK_MS + 15 * MINUTE_MS, 100),
      spend(NOON - 5 * WEEK_MS, 100),
    ])
    for (const each of [exporter, await exporter.restarted()]) {
      expect(each.row('project', 'shop').usualHourCostPico).toBe(((10n + 30n + 20n) * THOUSAND) / 4n)
    }
  })

  it.each([
    { what: 'not known with two weeks', historyMs: 2 * WEEK_MS, usual: null },
    { what: 'the mean of both with two weeks and the hour', historyMs: 2 * WEEK_MS + HOUR_MS, usual: 120n },
    { what: 'the mean of all with three weeks and the hour', historyMs: 3 * WEEK_MS + HOUR_MS, usual: 80n },
  ])('is $what of history', async ({ historyMs, usual }) => {
    const exporter = new Exporter()
    await exporter.append([
      spend(NOON - historyMs, 1, { project: 'old' }),
      spend(NOON - WEEK_MS - SLOT_MS, 240),
      spend(NOON, 1),
    ])
    const expected = usual === null ? null : usual * THOUSAND
    expect(exporter.row('project', 'shop').usualHourCostPico).toBe(expected)
  })

  it.each([
    { change: 'to summer time', now: '2026-04-01T07:00:00Z', week: '2026-03-25T08:00:00Z' },
    { change: 'to winter time', now: '2026-10-28T08:00:00Z', week: '2026-10-21T07:00:00Z' },
  ])('is that of the same local hour before a change $change', async ({ now, week }) => {
    const at = Date.parse(now)
    const exporter = new Exporter({ now: at, timeZone: 'Europe/Berlin' })
    await exporter.append([longAgo(at), spend(at, 1), spend(Date.parse(week) - 20 * MINUTE_MS, 400)])
    expect(exporter.row('project', 'shop').usualHourCostPico).toBe(100n * THOUSAND)
    await exporter.append([
      spend(at - WEEK_MS - 20 * MINUTE_MS, 800, { project: 'blog' }),
      spend(at, 1, { project: 'blog' }),
    ])
    expect(exporter.row('project', 'blog').usualHourCostPico).toBe(0n)
  })
})

describe('tokens per minute', () => {
  it('are those of the last 5 minutes without cache reads, by agent and by project', async () => {
    const exporter = new Exporter()
    const parts = [usagePart({ input: 100, cacheWrite5m: 200, cacheWrite1h: 300, cacheRead: 9_000, output: 400 })]
    await exporter.append([
      spend(NOON - MINUTE_MS, 0, { parts, session: 'a' }),
      spend(NOON - MINUTE_MS, 0, { parts, session: 'b', agent: 'web' }),
      spend(NOON - 6 * MINUTE_MS, 0, { parts }),
    ])
    await exporter.readActive()
    expect(exporter.row('agent', 'web').tokensPerMinute).toBe(200)
    expect(exporter.row('agent', 'none').tokensPerMinute).toBe(200)
    expect(exporter.row('project', 'shop').tokensPerMinute).toBe(400)
    exporter.now += 5 * MINUTE_MS
    await exporter.readActive()
    expect(exporter.row('project', 'shop').tokensPerMinute).toBe(0)
  })

  it.each([
    { what: 'the mean of eight quarters of an hour in use', quarters: 8, usual: 1_000 },
    { what: 'not known with seven', quarters: 7, usual: null },
  ])('that are usual are $what', async ({ quarters, usual }) => {
    const exporter = new Exporter()
    await exporter.append([
      ...Array.from({ length: quarters }, (_, index) =>
        spend(NOON - 2 * HOUR_MS - index * 3 * HOUR_MS, index < 4 ? 10 : 20),
      ),
      // Neither the last hour, nor what is older than 28 days, nor cache reads.
      spend(NOON - HOUR_MS, 5_000),
      spend(NOON - 28 * DAY_MS - SLOT_MS, 5_000),
      spend(NOON - 5 * HOUR_MS, 0, { parts: [usagePart({ cacheRead: 1_000_000 })] }),
    ])
    for (const each of [exporter, await exporter.restarted()]) {
      expect(each.row('agent', 'none').usualTokensPerMinute).toBe(usual)
    }
  })

  it('that are usual follow the clock and corrections', async () => {
    const exporter = new Exporter()
    const early = (thousands: number, winRank: number) => [
      spend(NOON - 28 * DAY_MS, thousands, { identity: 'm:early', winRank }),
    ]
    const quarter = (index: number) => spend(NOON - 2 * HOUR_MS - index * SLOT_MS, 15)
    await exporter.append([...early(105, 1), ...Array.from({ length: 7 }, (_, index) => quarter(index))])
    expect(exporter.row('agent', 'none').usualTokensPerMinute).toBe((7 * 1_000 + 7_000) / 8)
    await exporter.append(early(15, 2))
    expect(exporter.row('agent', 'none').usualTokensPerMinute).toBe(1_000)
    exporter.now += SLOT_MS
    expect(exporter.row('agent', 'none').usualTokensPerMinute).toBeNull()
  })
})

describe('rows', () => {
  it('are of agents and projects with use in the last 24 hours', async () => {
    const exporter = new Exporter()
    await exporter.append([
      spend(NOON - DAY_MS, 1, { project: 'just' }),
      spend(NOON - DAY_MS - SLOT_MS, 1, { project: 'late' }),
    ])
    for (const each of [exporter, await exporter.restarted()]) {
      expect(each.view.part().map(({ name }) => name)).toEqual(['none', 'just'])
    }
    exporter.now += SLOT_MS
    expect(exporter.view.part()).toEqual([])
  })

  it('are the 500 largest of a kind', async () => {
    const exporter = new Exporter()
    await exporter.append(
      Array.from({ length: 510 }, (_, index) =>
        spend(NOON, 1 + ((index * 7) % 510), { project: `p${(index * 7) % 510}` }),
      ),
    )
    const projects = exporter.view.part().filter(({ kind }) => kind === 'project')
    expect(projects).toHaveLength(500)
    expect(projects[0]?.name).toBe('p509')
    expect(projects.at(-1)?.name).toBe('p10')
  })

  it('are named as the labels are shown, and folded ones are counted under other', async () => {
    const exporter = new Exporter({ seriesLimit: 100 })
    await exporter.append([spend(NOON, 1, { project: 'web\tshop ' }), spend(NOON, 2, { project: 'web shop' })])
    for (let index = 0; index < 10; index++) await exporter.append([spend(NOON, 1, { project: `p${index}` })])
    expect(exporter.row('project', 'web shop').costLastHourPico).toBe(3n * THOUSAND)
    const projects = exporter.view.part().filter(({ kind }) => kind === 'project')
    expect(projects.length).toBeLessThan(10)
    expect(exporter.row('project', 'other').costLastHourPico).toBeGreaterThan(5n * THOUSAND)
    expect(projects.reduce((sum, row) => sum + row.costLastHourPico, 0n)).toBe(13n * THOUSAND)
  })
})
