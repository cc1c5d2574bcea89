import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isInstalled } from '../support/binaries.ts'
import { eventually } from '../support/exporter.ts'
import { tempFolder } from '../support/temp.ts'
import { fill } from './fill.ts'
import { dashboards, type PanelJson, queriesOf, queryOf, type Target } from './generated.ts'
import { goOn } from './hand-made-logs.ts'
import { startFastPrometheus, startFilledExporter } from './installation.ts'

/** Steps of panels with long bars; others are asked for second by second, which is all there is. */
const STEPS_S: Readonly<Record<string, number>> = { '1d': 86_400, '6h': 21_600 }

interface Series {
  readonly value?: readonly [number, string]
  readonly values?: readonly (readonly [number, string])[]
}

/** Queries that may have no answer, and why that is right. */
const ABSENT: Readonly<Record<string, string>> = {
  'overview 20B': 'no budget need be in this state',
  'overview 20C': 'no budget need be in this state',
  'overview 20D': 'no budget need be in this state',
  'budgets 23A': 'no period was seen from its beginning to its end',
  'projects 10B': 'there are not more projects than are shown one by one',
  'projects 11B': 'there are not more agents than are shown one by one',
}

describe.runIf(isInstalled('prometheus'))('every query, against the real Prometheus', () => {
  const folder = tempFolder()
  let url = ''
  /** All is asked for this instant, in seconds, so that a scrape that fails later on a busy machine does not matter. */
  let at = 0
  const ends: (() => Promise<void>)[] = []

  beforeAll(async () => {
    const exporter = await startFilledExporter(folder)
    ends.push(exporter.end)
    const prometheus = await startFastPrometheus(folder, exporter.address)
    ends.push(prometheus.kill)
    url = prometheus.url
    await eventually('a scrape', async () => await prometheus.value('claude_exporter_load_complete == 1'))
    goOn(folder, Date.now())
    await eventually(
      'the new sessions',
      async () => await prometheus.value('sum(increase(claude_sessions_started_total[1m])) > 0'),
    )
    at = await eventually('several scrapes, the last one good', async () => {
      const time = Date.now() / 1000
      const isGood =
        'count_over_time(up[1m]) >= 5 and up == 1 and on () (count(claude_budget_used_ratio) == count(claude_budget_info))'
      return (await prometheus.value(isGood, time)) === null ? null : time
    })
  })
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
  })

  const queries = dashboards.flatMap(queriesOf)

  it.each(queries.filter(({ key }) => ABSENT[key] === undefined))('$name', async ({ target, panel }) => {
    expect((await ask(target, panel)).some(hasNumber)).toBe(true)
  })

  it.each(queries.filter(({ key }) => ABSENT[key] !== undefined))(
    '$name, which may be absent',
    async ({ target, panel }) => {
      expect(await ask(target, panel)).toBeInstanceOf(Array)
    },
  )

  it('knows every query that may be absent', () => {
    expect(queries.map(({ key }) => key)).toEqual(expect.arrayContaining(Object.keys(ABSENT)))
  })

  it.each(
    dashboards.flatMap(({ uid, templating }) =>
      templating.list
        .filter(({ type }) => type === 'query')
        .map((variable) => ({ uid, name: variable.name, variable })),
    ),
  )('$uid: variable $name', async ({ variable, name }) => {
    expect(await labelValues(queryOf(variable))).not.toEqual([])
    expect(name).toBe(variable.name)
  })

  it.each(
    dashboards.flatMap(({ uid, annotations }) => annotations.list.map(({ name, expr }) => ({ uid, name, expr }))),
  )('$uid: marks of $name', async ({ expr }) => {
    expect(await get('query', { query: fill(expr, '15s'), time: String(at) })).toBeInstanceOf(Array)
  })

  it('one budget alone, and two of them, are chosen as Grafana writes them', async () => {
    const used = 'count(claude_budget_used_ratio{budget=~"$budget"})'
    const names = await labelValues('label_values(claude_budget_info, budget)')
    const official = names.filter((name) => name.startsWith('official/'))
    expect(official.length).toBeGreaterThan(0)
    for (const budget of [['daily'], official, ['daily', 'any-week']]) {
      const query = fill(used, '15s', { budget })
      const [answer] = (await get('query', { query, time: String(at) })) as Series[]
      expect(answer?.value?.[1]).toBe(String(budget.length))
    }
  })

  /** What Grafana asks for: one instant, or steps of the panel's own interval. */
  async function ask({ expr, instant }: Target, { interval = '5s' }: PanelJson): Promise<Series[]> {
    // There are no quarters and full hours of history yet.
    const query = fill(withoutFilter(expr), interval === '5s' ? '15s' : interval).replaceAll(/:(15m|1h)\]/g, ':1s]')
    if (instant === true) return (await get('query', { query, time: String(at) })) as Series[]
    const step = STEPS_S[interval] ?? 1
    const end = Math.floor(at / step) * step
    const range = { query, start: String(end - 60 * step), end: String(end), step: String(step) }
    return (await get('query_range', range)) as Series[]
  }

  async function labelValues(query: string): Promise<string[]> {
    const [, selector = '', label = ''] = /^label_values\((.+), (\w+)\)$/s.exec(fill(query, '15s')) ?? []
    return (await get(`label/${label}/values`, { 'match[]': selector })) as string[]
  }

  async function get(path: string, parameters: Record<string, string>): Promise<unknown[]> {
    const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`)
    const body = (await answer.json()) as { error?: string; data?: unknown[] | { result: unknown[] } }
    if (body.data === undefined) throw new Error(`${body.error}: ${JSON.stringify(parameters)}`)
    return Array.isArray(body.data) ? body.data : body.data.result
  }
})

/** Where only what is more than nothing is shown, nothing is an answer: what is asked is whether there is a number. */
function withoutFilter(expr: string): string {
  return expr.replace(/ > 0$/, '')
}

/** Nothing divided by nothing is no answer. */
function hasNumber({ value, values = [] }: Series): boolean {
  return [...(value === undefined ? [] : [value]), ...values].some(([, text]) => Number.isFinite(Number(text)))
}
