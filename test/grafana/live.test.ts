import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pastFamilies } from '../../src/backfill/families.ts'
import { isInstalled } from '../support/binaries.ts'
import { loadHistory, startDemo, startFastPrometheus } from '../support/demo.ts'
import { eventually } from '../support/exporter.ts'
import { hasPostgres } from '../support/postgres.ts'
import { startTeam } from '../support/team.ts'
import { tempFolder } from '../support/temp.ts'
import { fill, seconds, type View } from './fill.ts'
import { dashboards, type PanelJson, queriesOf, queryOf, type Target } from './generated.ts'

/** So that 30 days are full, also if they end a day ago. */
const DAYS = 32
/** Of the history that is put into Prometheus, and the least that is asked for. */
const STEP = '15m'
const VIEWS = [
  { length: '24h', step: '15m', isPast: false },
  { length: '7d', step: '15m', isPast: true },
  { length: '30d', step: '1h', isPast: false },
  { length: '30d', step: '1h', isPast: true },
] as const
/** Scrapes of the test are a second apart, and so are the steps of what only they have. */
const LIVE = { length: 300, step: 1, scrape: 1 }

interface Series {
  readonly value?: readonly [number, string]
  readonly values?: readonly (readonly [number, string])[]
}

/** Queries that may have no answer, and why that is right. */
const ABSENT: Readonly<Record<string, string>> = {
  'overview 20B': 'no budget need be in this state',
  'overview 20C': 'no budget need be in this state',
  'overview 20D': 'no budget need be in this state',
  'budgets 23A': 'forecasts are kept while the exporter runs, and no period was seen to its end',
  'projects 10B': 'there need not be more projects than are shown one by one',
  'projects 11B': 'there need not be more agents than are shown one by one',
  'projects 31B': 'there need not be more machines than are shown one by one',
  'projects 22A': 'nobody need be at work in the first seconds',
  'projects 23A': 'nobody need be at work in the first seconds',
  'health 13A': 'no run need have ended in the first seconds',
}
const ABSENT_IN_HISTORY: Readonly<Record<string, string>> = {
  'billing 21A': 'what the provider told of its limits in the past is not kept',
}
/** Of the UTC day that runs, which the bill does not reach at once. */
const ABSENT_UNTIL_BILLED: Readonly<Record<string, string>> = {
  'billing 1A': 'nothing of a day is billed in its first hours',
}
/** Of a ledger that several machines share, which is in a database. */
const ABSENT_WITHOUT_DATABASE: Readonly<Record<string, string>> = {
  'health 60A': 'the demo is one machine',
  'health 60B': 'the demo is one machine',
  'health 60C': 'the demo is one machine',
  'health 61A': 'the ledger of the demo is a file',
}
const isTeam = hasPostgres()
const ABSENT_MARKS: Readonly<Record<string, string>> = {
  'Critical alerts': 'nothing need have happened in the first seconds',
  Warnings: 'nothing need have happened in the first seconds',
  Hints: 'nothing need have happened in the first seconds',
  'Price changes': 'the demo changes no prices',
  Corrections: 'the logs of the demo correct nothing',
}

describe.runIf(isInstalled('prometheus') && isInstalled('promtool'))('every query, against the real Prometheus', () => {
  const folder = tempFolder()
  let url = ''
  /** All is asked for this instant, in seconds, so that a scrape that fails later on a busy machine does not matter. */
  let at = 0
  let isTodayBilled = false
  /** `host:port` of an exporter whose series of sessions have no machine, with the shared ledger of two. */
  let team = ''
  const ends: (() => Promise<void>)[] = []

  beforeAll(async () => {
    // Its machine stands for several; that of the team's exporter is not told.
    const flags = ['--metrics.machine-label=always']
    // It takes a minute until a machine tells when its logs were read.
    const starting = isTeam ? startTeam(folder) : null
    starting?.then(
      ({ end }) => ends.push(end),
      () => {},
    )
    const demo = await startDemo({ folder, days: DAYS, flags })
    ends.push(() => demo.exporter.kill('SIGTERM'))
    const since = new Date(Date.now() - DAYS * 86_400_000).toISOString().slice(0, 10)
    await loadHistory(demo, folder, [`--step=${STEP}`, `--since=${since}`, ...flags])
    team = (await starting)?.address ?? ''
    const prometheus = await startFastPrometheus(folder, demo.address, team === '' ? [] : [team])
    ends.push(prometheus.kill)
    url = prometheus.url
    at = await eventually('several scrapes, the last one good', async () => {
      const time = Date.now() / 1000
      const isGood =
        'min(count_over_time(up[1m])) >= 8 and min(up) == 1 and (count(claude_budget_elapsed_ratio) == count(claude_budget_info))'
      return (await prometheus.value(isGood, time)) === null ? null : time
    })
    const watermark = 'max(claude_exporter_data_watermark_timestamp_seconds{source=~"anthropic-cost.*"})'
    const billedTo = await prometheus.value(watermark, at)
    // An hour more for history, which is asked for the same time of yesterday and was billed no sooner.
    isTodayBilled = billedTo !== null && Number(billedTo) - 3_600 > Math.floor(at / seconds('1d')) * seconds('1d')
  }, 600_000)
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
  })

  const queries = dashboards.flatMap(queriesOf)

  it.each(queries.filter(({ target }) => hasPast(target.expr)))('$name', async ({ target, panel, key }) => {
    for (const { length, step, isPast } of VIEWS) {
      const view = { end: isPast ? yesterday() : at, length: seconds(length), step: seconds(step), scrape: 15 }
      const answers = await ask(target, panel, view)
      const mayBeAbsent =
        ABSENT[key] !== undefined ||
        (isPast && ABSENT_IN_HISTORY[key] !== undefined) ||
        (!isTodayBilled && ABSENT_UNTIL_BILLED[key] !== undefined)
      if (!mayBeAbsent)
        expect(answers.some(hasNumber), `${length}, ${isPast ? 'until yesterday' : 'until now'}`).toBe(true)
    }
  })

  it.each(queries.filter(({ target }) => !hasPast(target.expr)))('$name, since the start', async (query) => {
    const { target, panel, key } = query
    const answers = await ask(target, panel, { ...LIVE, end: at })
    const mayBeAbsent =
      ABSENT[key] !== undefined ||
      (!isTodayBilled && ABSENT_UNTIL_BILLED[key] !== undefined) ||
      (!isTeam && ABSENT_WITHOUT_DATABASE[key] !== undefined)
    if (!mayBeAbsent) expect(answers.some(hasNumber)).toBe(true)
  })

  it('knows every query that may be absent', () => {
    expect(queries.map(({ key }) => key)).toEqual(
      expect.arrayContaining(
        Object.keys({ ...ABSENT, ...ABSENT_IN_HISTORY, ...ABSENT_UNTIL_BILLED, ...ABSENT_WITHOUT_DATABASE }),
      ),
    )
  })

  it.each(
    dashboards.flatMap(({ uid, templating }) =>
      templating.list
        .filter(({ type }) => type === 'query')
        .map((variable) => ({ uid, name: variable.name, variable })),
    ),
  )('$uid: variable $name', async ({ uid, name, variable }) => {
    const values = await labelValues(queryOf(variable))
    // Only machines that share a ledger say how they are.
    if (isTeam || uid !== 'claude-usage-health' || name !== 'machine') expect(values).not.toEqual([])
  })

  it.runIf(isTeam)('All machines are also those that are not told apart', async () => {
    const used = 'sum(claude_requests_total{instance=~"$instance", machine=~"$machine"})'
    const query = fill(used, { ...LIVE, end: at }, { instance: [team] })
    const [answer] = (await get('query', { query, time: String(at) })) as Series[]
    expect(answer?.value?.[1]).toBe('2')
  })

  it.each(
    dashboards.flatMap(({ uid, annotations }) => annotations.list.map(({ name, expr }) => ({ uid, name, expr }))),
  )('$uid: marks of $name', async ({ expr, name }) => {
    const view = hasPast(expr)
      ? { end: at, length: seconds('30d'), step: seconds('1h'), scrape: 15 }
      : { ...LIVE, end: at }
    const answers = await askOver(expr, view)
    if (ABSENT_MARKS[name] === undefined) expect(answers).not.toEqual([])
  })

  it('one budget alone, and two of them, are chosen as Grafana writes them', async () => {
    const used = 'count(claude_budget_info{budget=~"$budget"})'
    const names = await labelValues('label_values(claude_budget_info, budget)')
    const official = names.filter((name) => name.startsWith('official/'))
    expect(official.length).toBeGreaterThan(0)
    for (const budget of [['daily'], official, ['daily', 'monthly']]) {
      const query = fill(used, { ...LIVE, end: at }, { budget })
      const [answer] = (await get('query', { query, time: String(at) })) as Series[]
      expect(answer?.value?.[1]).toBe(String(budget.length))
    }
  })

  /** Where history alone answers. */
  function yesterday(): number {
    return Math.floor((at - seconds('1d')) / seconds(STEP)) * seconds(STEP)
  }

  /** What Grafana asks for: one instant, or steps that are at least the panel's own interval. */
  async function ask({ expr, instant }: Target, { interval = '1s' }: PanelJson, view: View): Promise<Series[]> {
    const own = { ...view, step: Math.max(view.step, seconds(interval)) }
    const counted = withoutFilter(expr)
    if (instant !== true) return await askOver(counted, own)
    return (await get('query', { query: fill(counted, own), time: String(view.end) })) as Series[]
  }

  async function askOver(expr: string, view: View): Promise<Series[]> {
    const { end, length, step } = view
    const aligned = (time: number) => String(Math.floor(time / step) * step)
    const range = { start: aligned(end - length), end: aligned(end), step: String(step) }
    return (await get('query_range', { query: fill(expr, view), ...range })) as Series[]
  }

  async function labelValues(query: string): Promise<string[]> {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/s.exec(fill(query, { ...LIVE, end: at })) ?? []
    return (await get(`label/${label}/values`, { 'match[]': selector })) as string[]
  }

  async function get(path: string, parameters: Record<string, string>): Promise<unknown[]> {
    const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`)
    const body = (await answer.json()) as { error?: string; data?: unknown[] | { result: unknown[] } }
    if (body.data === undefined) throw new Error(`${body.error}: ${JSON.stringify(parameters)}`)
    return Array.isArray(body.data) ? body.data : body.data.result
  }
})

/** Whether all that a query names is in the history. */
function hasPast(expr: string): boolean {
  const names = [...expr.matchAll(/([A-Za-z_][\w:]*)\{/g)].map(([, name = '']) => name)
  return names.every((name) => pastFamilies.some((family) => family.name === name))
}

/** Where only what is more than nothing is shown, nothing is an answer: what is asked is whether there is a number. */
function withoutFilter(expr: string): string {
  return expr.replace(/ > 0$/, '')
}

/** Nothing divided by nothing is no answer. */
function hasNumber({ value, values = [] }: Series): boolean {
  return [...(value === undefined ? [] : [value]), ...values].some(([, text]) => Number.isFinite(Number(text)))
}
