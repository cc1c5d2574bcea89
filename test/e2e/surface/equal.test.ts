import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { picoFromDecimal } from '../../../src/core/money.ts'
import { labelValue } from '../../../src/view/labels.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { eventually, startExporter } from '../../support/exporter.ts'
import { makeHome } from './support.ts'

const run = promisify(execFile)
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const QUARTER_MS = 15 * MINUTE_MS

const CLASSES = [
  ['input', 'input'],
  ['cacheWrite5m', 'cache_write_5m'],
  ['cacheWrite1h', 'cache_write_1h'],
  ['cacheRead', 'cache_read'],
  ['output', 'output'],
] as const

const PROJECTS = ['shop', '<script>alert(1)<', '=cmd|x', 'a`b"c\\d', 'go\u202egnp', '__proto__', 'x'.repeat(300)]
const MODELS = ['claude-opus-4-8', 'claude-haiku-4-5', 'claude-sonnet-4-5-20250929', 'nobody-knows-1']
const AGES_MS = [2 * MINUTE_MS, HOUR_MS, 7 * HOUR_MS, 26 * HOUR_MS, 5 * DAY_MS, 9 * DAY_MS, 25 * DAY_MS, 90 * DAY_MS]

interface Sample {
  readonly family: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: string
}

function samplesOf(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, family = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (family === '') return []
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', given = '']) => [
      name,
      given.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
    ])
    return [{ family, labels: Object.fromEntries(pairs), value }]
  })
}

interface Usage {
  readonly tokens: Readonly<Record<string, number>>
  readonly requests: number
  readonly estimatedCostUsd: number
  readonly planValueUsd: number
}

interface Listed {
  readonly totals: Usage
  readonly rows: readonly (Usage & Readonly<Record<string, unknown>>)[]
}

interface Told {
  readonly totals: Usage
  readonly rows: readonly (Usage & { readonly group: Readonly<Record<string, string>>; readonly session?: object })[]
}

const pico = (usd: number) => {
  const amount = picoFromDecimal(String(usd))
  if (amount === null) throw new Error(`no amount: ${usd}`)
  return amount
}

/** Two accounts, one of them paid by a plan, with logs that nobody adds to any more. */
async function startFrozen() {
  const home = makeHome()
  onTestFinished(() => home.remove())
  const now = Date.now()
  let id = 0
  for (const [account, projects] of [['.claude', PROJECTS] as const, ['.plan', PROJECTS.slice(0, 2)] as const]) {
    for (const [index, project] of projects.entries()) {
      const folder = join(home.folder, account, 'projects', `p${index}`)
      mkdirSync(folder, { recursive: true })
      const lines = AGES_MS.map((age, turn) => {
        id += 1
        return claudeLine({
          id: String(id),
          time: now - age,
          output: 100 + 7 * id,
          input: 3 * id,
          cacheRead: 1_000 * turn,
          session: `${account}-${index}-${turn % 3}`,
          cwd: `/src/${project}`,
          model: MODELS[(index + turn) % MODELS.length] ?? '',
        })
      })
      writeFileSync(join(folder, 'log.jsonl'), lines.join(''))
    }
  }
  const config = join(home.folder, 'c.yml')
  const roots = [{ path: join(home.folder, '.claude') }, { path: join(home.folder, '.plan'), billing: 'plan' }]
  writeFileSync(config, JSON.stringify({ time_zone: 'UTC', sources: { claude_code: { roots } } }))
  const flags = [`--config.file=${config}`]
  const exporter = await startExporter({ home: home.folder, storage: home.storage, flags })
  onTestFinished(() => exporter.kill('SIGKILL'))
  const series = await eventually('the history', () => exporter.scrape(), 60_000)
  expect([...series.keys()].filter((name) => name.startsWith('claude_requests_total')).length).toBeGreaterThan(10)
  const env = { PATH: process.env['PATH'], HOME: home.folder, TZ: 'UTC' }
  return {
    metrics: async () => samplesOf(await (await fetch(`${exporter.url}/metrics`)).text()),
    api: async <T>(path: string) => (await (await fetch(`${exporter.url}${path}`)).json()) as T,
    command: async <T>(...words: string[]) => {
      const storage = `--storage.path=${home.storage}`
      const { stdout } = await run(
        process.execPath,
        ['dist/main.js', ...words, '--json', '--no-sync', storage, ...flags],
        {
          env,
        },
      )
      return JSON.parse(stdout) as T
    },
  }
}

type Frozen = Awaited<ReturnType<typeof startFrozen>>

/** Reads several things within one quarter of an hour, in which every window stays what it is. */
async function atOneInstant<T>(read: () => Promise<T>): Promise<T> {
  for (;;) {
    const quarter = Math.floor(Date.now() / QUARTER_MS)
    const value = await read()
    if (Math.floor(Date.now() / QUARTER_MS) === quarter) return value
  }
}

/** Tokens by class and pico-dollars of the samples of a window that have these labels. */
function sumOf(samples: readonly Sample[], window: string, labels: Readonly<Record<string, string>> = {}) {
  const fits = (sample: Sample) => Object.entries(labels).every(([name, value]) => sample.labels[name] === value)
  const own = samples.filter(fits)
  const tokens = Object.fromEntries(
    CLASSES.map(([name, label]) => [
      name,
      own
        .filter((sample) => sample.family === `claude_tokens_${window}` && sample.labels['token_type'] === label)
        .reduce((sum, { value }) => sum + Number(value), 0),
    ]),
  )
  const total = Object.values(tokens).reduce((sum, value) => sum + value, 0)
  const costPico = own
    .filter(({ family }) => family === `claude_estimated_cost_${window}_usd`)
    .reduce((sum, { value }) => sum + (picoFromDecimal(value) ?? 0n), 0n)
  return { tokens: { ...tokens, total }, costPico }
}

const comparable = ({ tokens, estimatedCostUsd }: Usage) => ({ tokens, costPico: pico(estimatedCostUsd) })

const WINDOWS = [
  ['today', 'today'],
  ['last7Days', '7d'],
  ['monthToDate', 'month_to_date'],
] as const
type Windows = Readonly<Record<(typeof WINDOWS)[number][0], Usage>>

/** How a row of a list is found in /metrics. */
const LISTS: Readonly<Record<string, (row: Readonly<Record<string, unknown>>) => Readonly<Record<string, string>>>> = {
  agents: ({ source, agent }) => ({ source: String(source), agent: labelValue(String(agent)) }),
  models: ({ model }) => ({ model: labelValue(String(model)) }),
  projects: ({ project }) => ({ project: labelValue(String(project)) }),
}

async function readWindows({ metrics, api, command }: Frozen) {
  return atOneInstant(async () => ({
    samples: await metrics(),
    status: await api<Windows>('/api/status'),
    told: await command<{ windows: Windows & { allTime: Usage } }>('summary'),
    all: await api<Listed>('/api/models?days=all'),
    today: await api<{ grandTotal: { tokens: Usage['tokens']; metered: { estimatedCostUsd: number } } }>(
      '/api/usage/summary?days=1',
    ),
  }))
}

describe('one exporter at one instant', () => {
  it('tells the same windows by /metrics, by the API and by a command beside it', { timeout: 120_000 }, async () => {
    const { samples, status, told, all, today } = await readWindows(await startFrozen())
    for (const [name, window] of WINDOWS) {
      const shown = sumOf(samples, window)
      expect([name, comparable(status[name])]).toEqual([name, shown])
      const { tokens, requests, estimatedCostUsd, planValueUsd } = told.windows[name]
      expect([name, status[name]]).toEqual([
        name,
        expect.objectContaining({ tokens, requests, estimatedCostUsd, planValueUsd }),
      ])
    }
    const { tokens, metered } = today.grandTotal
    expect({ tokens, costPico: pico(metered.estimatedCostUsd) }).toEqual(sumOf(samples, 'today'))
    expect(status.last7Days.tokens['total']).toBeGreaterThan(0)
    expect(status.last7Days.planValueUsd).toBeGreaterThan(0)

    const counted = (family: string) =>
      samples.filter((sample) => sample.family === family).reduce((sum, { value }) => sum + Number(value), 0)
    expect(all.totals.tokens['total']).toBe(counted('claude_tokens_total'))
    expect(all.totals.requests).toBe(counted('claude_requests_total'))
    expect(all.totals.requests).toBe((PROJECTS.length + 2) * AGES_MS.length)
    const costPico = samples
      .filter(({ family }) => family === 'claude_estimated_cost_usd_total')
      .reduce((sum, { value }) => sum + (picoFromDecimal(value) ?? 0n), 0n)
    expect(pico(all.totals.estimatedCostUsd)).toBe(costPico)
    expect(all.totals).toEqual(
      expect.objectContaining({ tokens: told.windows.allTime.tokens, requests: told.windows.allTime.requests }),
    )
  })

  it('tells the same agents, models, projects and sessions', { timeout: 120_000 }, async () => {
    const frozen = await startFrozen()
    const { metrics, api, command } = frozen
    for (const days of ['1', 'all']) {
      for (const list of ['agents', 'models', 'projects', 'sessions']) {
        const { samples, asked, told } = await atOneInstant(async () => ({
          samples: await metrics(),
          asked: await api<Listed>(`/api/${list}?days=${days}&limit=1000`),
          told: await command<Told>(list, '--days', days, '--top', '1000'),
        }))
        const fromCommand = told.rows.map(({ group, session, ...usage }) => ({ ...group, ...session, ...usage }))
        expect([list, days, asked.rows]).toEqual([list, days, fromCommand.map((row) => expect.objectContaining(row))])
        expect(asked.totals).toEqual(expect.objectContaining(told.totals))
        if (days === 'all') expect(asked.rows.length).toBeGreaterThan(list === 'agents' ? 0 : 3)
        const labelsOf = LISTS[list]
        if (days !== '1' || labelsOf === undefined) continue
        for (const row of asked.rows) expect(comparable(row)).toEqual(sumOf(samples, 'today', labelsOf(row)))
        expect(comparable(asked.totals)).toEqual(sumOf(samples, 'today'))
      }
    }
  })

  it('tells the same days and the same plan windows', { timeout: 120_000 }, async () => {
    const { api, command } = await startFrozen()
    const { asked, told, windows } = await atOneInstant(async () => ({
      asked: await api<{ totals: Usage; byDay: readonly (Usage & { day: string })[] }>('/api/usage/anthropic?days=200'),
      told: await command<Told>('daily', '--days', '200', '--provider', 'anthropic'),
      windows: await api<Listed>('/api/windows'),
    }))
    const used = asked.byDay.filter(({ requests }) => requests > 0)
    expect(used).toEqual(told.rows.map(({ group, ...usage }) => ({ ...group, ...usage, billedCostUsd: null })))
    expect(used.length).toBeGreaterThan(4)
    expect(asked.totals).toEqual(expect.objectContaining(told.totals))
    expect(windows.rows).toEqual([])
  })
})
