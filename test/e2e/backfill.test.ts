import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { pastFamilies } from '../../src/backfill/families.ts'
import { decimalFromPico } from '../../src/core/money.ts'
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts'
import { isInstalled } from '../support/binaries.ts'
import { sumTruth } from '../support/organization-api/truth-sums.ts'
import { type Point, query } from './backfill-support/history.ts'
import {
  type Closing,
  DAILY,
  JOBS,
  type Job,
  type LoadedHistory,
  loadHistory,
} from './backfill-support/loaded-history.ts'
import { DAYS } from './backfill-support/machine.ts'

const DAY_S = DAY_MS / 1_000
const COUNTERS = pastFamilies.filter(({ type }) => type === 'counter').map(({ name }) => name)
/** Names of the token classes in labels, and in reports. */
const CLASSES = {
  input: 'input',
  cache_write_5m: 'cacheWrite5m',
  cache_write_1h: 'cacheWrite1h',
  cache_read: 'cacheRead',
  output: 'output',
} as const
/** What a response of the blog was corrected by after the history. */
const REVERSED_LATER = 650

const canRun = isInstalled('prometheus') && isInstalled('promtool')
const closing: Closing = []
let history: LoadedHistory

beforeAll(async () => {
  if (canRun) history = await loadHistory(closing)
}, 420_000)

afterAll(async () => {
  for (const end of closing.splice(0).reverse()) await end()
})

describe.runIf(canRun)('a history of 60 days', () => {
  it('increases each day by what the ledger has of it, to the token', async () => {
    const expected = new Map(
      dailyRows(history.daily)
        .filter(({ day }) => day < dayOf(history.today))
        .flatMap(tokensOf),
    )
    expect(expected.size).toBeGreaterThan(DAYS * 9)
    expect(await dailyIncrease('claude_tokens_total', ['token_type'])).toEqual(expected)
  })

  it.each([
    { family: 'claude_requests_total', field: 'requests' },
    { family: 'claude_estimated_cost_usd_total', field: 'estimatedCostUsd' },
  ] as const)('increases $family each day by what the ledger has of it', async ({ family, field }) => {
    const rows = dailyRows(history.daily).filter(({ day, [field]: value }) => day < dayOf(history.today) && value > 0)
    const increases = await dailyIncrease(family)
    expect(new Set(increases.keys())).toEqual(new Set(rows.map(keyOf)))
    for (const row of rows) expect(increases.get(keyOf(row))).toBeCloseTo(row[field], 9)
  })

  it('counts sessions on the day of their first response', async () => {
    const { rows } = JSON.parse(
      await history.report('sessions', '--days=all', '--top=10000', '--tz=UTC', '--json'),
    ) as {
      rows: { session: { first: string; project: string } }[]
    }
    const expected = new Map<string, number>()
    for (const { session } of rows) {
      const day = session.first.slice(0, 'yyyy-mm-dd'.length)
      const key = `${day} ${session.project}`
      if (day < dayOf(history.today)) expected.set(key, (expected.get(key) ?? 0) + 1)
    }
    expect(expected.size).toBeGreaterThan(DAYS)
    const found = await midnights('sum by (project) (increase(claude_sessions_started_total{job="fresh"}[1d]))')
    expect(found((labels, day) => `${day} ${labels['project']}`)).toEqual(expected)
  })

  it.each(JOBS)('of job %s goes on in what is scraped, to the token', async (job) => {
    await history.moved
    const from = (history.today - 2 * DAY_MS) / 1_000
    const at = history.endAt[job]
    const increase = await query(history.url, `increase(${tokens(job)}[${Math.round((at - from) * 1_000)}ms])`, at)
    const found = new Map(increase.map(({ labels, points }) => [setOf(labels, ['token_type']), points[0]?.[1]]))

    const expected = new Map<string, number>([...found.keys()].map((key) => [key, 0]))
    for (const row of dailyRows(await history.report(...DAILY))) {
      if (row.day < dayOf(from * 1_000)) continue
      for (const [key, count] of tokensOf({ ...row, day: '' })) {
        expected.set(key.trimStart(), (expected.get(key.trimStart()) ?? 0) + count)
      }
    }
    const corrected = 'claude-code none blog anthropic claude-opus-4-8 output'
    expected.set(corrected, (expected.get(corrected) ?? 0) + REVERSED_LATER)
    expect([...expected.keys()].filter((key) => key.includes('newborn'))).toHaveLength(5)
    expect(found).toEqual(expected)
  })

  it.each(JOBS)('of job %s has no counter that falls', async (job) => {
    await history.moved
    for (const family of COUNTERS) {
      const falls = await query(history.url, `resets(${family}{job="${job}"}[${DAYS + 1}d])`, history.endAt[job])
      expect(falls.filter(({ points }) => points[0]?.[1] !== 0)).toEqual([])
    }
  })

  it('up to now ends with what the first scrape shows, in every family', async () => {
    const names = pastFamilies.map(({ name }) => name).join('|')
    const selector = `{job="fresh", __name__=~"${names}"}`
    const last = valuesOf(await query(history.url, selector, history.writtenAt))
    const scraped = valuesOf(await query(history.url, `${selector}[3s]`, history.scrapedAt))
    expect(history.scrapedAt - history.writtenAt).toBeLessThan(300)
    expect(new Set(last.keys())).toEqual(new Set(scraped.keys()))
    const isOfTime = /^claude_budget_(burn_rate|elapsed|suggested|data|period)/
    for (const [series, value] of scraped) {
      if (!isOfTime.test(series)) expect([series, last.get(series)]).toEqual([series, value])
    }
    const families = [...last.keys()].map((series) => series.slice(0, series.indexOf(' ')))
    expect(families).toEqual(
      expect.arrayContaining([
        'claude_budget_spent_usd',
        'claude_billed_cost_month_to_date_usd',
        'claude_workspace_info',
      ]),
    )
  })

  it('has what recording rules make of it', async () => {
    await history.moved
    const text = readFileSync('prometheus/rules/recording.yml', 'utf8')
    const { groups } = parse(text) as { groups: { rules: { record: string; expr: string }[] }[] }
    // Rules over other rules need a second pass, and the histories of the other jobs came later.
    const rules = groups.flatMap((group) => group.rules).filter(({ expr }) => !/\w:\w|timestamp\(/.test(expr))
    const inTime = (found: readonly Point[]) =>
      found.filter(({ labels }) => ['fresh', 'seam'].includes(labels['job'] ?? ''))
    let series = 0
    for (const { record, expr } of rules) {
      for (const { labels, points } of inTime(await query(history.url, `${record}[2h]`, history.recorded.end))) {
        const [time, value] = points[0] ?? []
        const wanted = inTime(await query(history.url, expr, time ?? Number.NaN))
        expect([textOf(labels), value]).toEqual([
          textOf(labels),
          wanted.find((other) => textOf(other.labels) === textOf(labels))?.points[0]?.[1],
        ])
        series += 1
      }
    }
    expect(series).toBeGreaterThan(20)
  })

  it('has each budget’s use at each midnight of its period, and all of it until the end', async () => {
    const rows = dailyRows(history.daily)
    const spent = await midnights('claude_budget_spent_usd{job="fresh", budget="month"}')
    for (const [day, usd] of spent((_, before) => before)) {
      const midnight = dayOf(Date.parse(day) + DAY_MS)
      const month = rows.filter((row) => row.day.slice(0, 7) === midnight.slice(0, 7) && row.day < midnight)
      expect(usd).toBeCloseTo(
        month.reduce((sum, row) => sum + row.estimatedCostUsd, 0),
        9,
      )
    }
    const last = await midnights('last_over_time(claude_budget_spent_tokens{job="fresh", budget="shop"}[1d] offset 1s)')
    const ends = last((_, day) => day)
    for (let before = DAYS; before > 1; before--) {
      const day = dayOf(history.today - before * DAY_MS)
      const used = rows.filter((row) => row.day === day && row.group.project === 'shop')
      expect([day, ends.get(day)]).toEqual([day, used.reduce((sum, row) => sum + row.tokens.output, 0)])
    }
  })

  it('has what was billed since the month began', async () => {
    const range = {
      start: history.today / 1_000 - 59 * DAY_S + 12 * 3_600,
      end: history.today / 1_000 - 2 * DAY_S,
      step: DAY_S,
    }
    for (const family of ['claude_billed_cost_month_to_date_usd', 'claude_budget_spent_usd{budget="bill"}']) {
      const sum = family.includes('{') ? family : `sum(${family}{job="fresh"})`
      const [billed] = await query(history.url, sum.replace('"bill"', '"bill",job="fresh"'), range)
      // Nothing is said of a month whose beginning is not known.
      expect(billed?.points.length).toBeGreaterThanOrEqual(26)
      for (const [time, usd] of billed?.points ?? []) {
        const at = new Date(time * 1_000)
        const month = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)
        const { amountPico } = sumTruth(history.truth, { from: month, to: time * 1_000 + 12 * HOUR_MS })
        expect(usd).toBeCloseTo(Number(decimalFromPico(amountPico)), 6)
      }
    }
  })
})

interface DailyRow {
  readonly day: string
  readonly group: Readonly<Record<'source' | 'agent' | 'project' | 'provider' | 'model', string>>
  readonly tokens: Readonly<Record<(typeof CLASSES)[keyof typeof CLASSES], number>>
  readonly requests: number
  readonly estimatedCostUsd: number
}

function dailyRows(json: string): DailyRow[] {
  const { rows } = JSON.parse(json) as { rows: (Omit<DailyRow, 'day'> & { group: { day: string } })[] }
  return rows.map((row) => ({ ...row, day: row.group.day }))
}

/** Tokens of each class that were used at all. */
function tokensOf(row: DailyRow): [string, number][] {
  const counts = Object.entries(CLASSES).map(([label, field]) => [`${keyOf(row)} ${label}`, row.tokens[field]] as const)
  return counts.filter(([, count]) => count > 0).map(([key, count]) => [key, count])
}

function keyOf({ day, group }: DailyRow): string {
  return `${day} ${setOf(group)}`
}

function setOf(labels: Readonly<Record<string, string>>, more: readonly string[] = []): string {
  return ['source', 'agent', 'project', 'provider', 'model', ...more].map((name) => labels[name]).join(' ')
}

/** What a family increased by on each day, where it did, by day and labels. */
async function dailyIncrease(family: string, more: readonly string[] = []): Promise<Map<string, number>> {
  const found = await midnights(`increase(${family}{job="fresh"}[1d]) > 0`)
  return found((labels, day) => `${day} ${setOf(labels, more)}`)
}

/** Values at the end of each day, under a key of the labels and the day. */
async function midnights(expression: string) {
  const range = { start: history.today / 1_000 - (DAYS - 1) * DAY_S, end: history.today / 1_000, step: DAY_S }
  const series = await query(history.url, expression, range)
  return (key: (labels: Point['labels'], day: string) => string) =>
    new Map(
      series.flatMap(({ labels, points }) =>
        points.map(([time, value]) => [key(labels, dayOf((time - DAY_S) * 1_000)), value] as const),
      ),
    )
}

/** The last value of each series. */
function valuesOf(series: readonly Point[]): Map<string, number | undefined> {
  return new Map(series.map(({ labels, points }) => [`${labels['__name__']} ${textOf(labels)}`, points.at(-1)?.[1]]))
}

function textOf(labels: Point['labels']): string {
  const named = Object.entries(labels).filter(([name]) => name !== '__name__')
  return JSON.stringify(named.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function tokens(job: Job): string {
  return `claude_tokens_total{job="${job}"}`
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 'yyyy-mm-dd'.length)
}
