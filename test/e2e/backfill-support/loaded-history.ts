import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY_MS, HOUR_MS } from '../../../src/core/time.ts'
import { eventually, type RunningExporter, startExporter, sumOf } from '../../support/exporter.ts'
import { startOrganizationApi } from '../../support/organization-api/server.ts'
import { createTruth, type Truth } from '../../support/organization-api/truth.ts'
import { type Prometheus, startPrometheus } from '../../support/prometheus.ts'
import { command, makeBlocks, moveBlocks, type Program, query, recordRules } from './history.ts'
import { DAYS, environment, Machine } from './machine.ts'

const KEY = 'sk-ant-admin01-history-0123456789'

/**
 * Jobs of one exporter, each with a history of its own: `fresh` of everything up to now and `seam` up to 4 hours ago, both
 * from before Prometheus started; `running` and `first` moved into its data while it ran, the one up to 4 hours ago, the
 * other up to an hour before the first scrape.
 */
export const JOBS = ['fresh', 'seam', 'running', 'first'] as const
export type Job = (typeof JOBS)[number]

/** A row per day and label set, in UTC. */
export const DAILY = ['daily', '--days=all', '--by=source,agent,project,provider,model', '--tz=UTC', '--json'] as const

/** Days that the histories of all jobs but `fresh` go back. */
const SHORT_DAYS = 4

export interface LoadedHistory {
  readonly url: string
  /** Start of the UTC day that the machine was made on, epoch milliseconds. */
  readonly today: number
  /** When the history of `fresh` was written, seconds. */
  readonly writtenAt: number
  /** First instant at which Prometheus had scraped all jobs and nothing had happened since the history, seconds. */
  readonly scrapedAt: number
  /** `daily` as JSON, by all labels, when the history of `fresh` was written. */
  readonly daily: string
  /** Time of a scrape of each job that shows all that had happened, seconds. */
  readonly endAt: Readonly<Record<Job, number>>
  /** Of the organisation. */
  readonly truth: Truth
  /** Recorded rules reach from here to there, seconds. */
  readonly recorded: { readonly start: number; readonly end: number }
  /** Once the blocks that were moved into the running Prometheus are found. */
  readonly moved: Promise<void>
  readonly report: (...args: readonly string[]) => Promise<string>
}

/** Ends what was started. */
export type Closing = (() => unknown)[]

/**
 * Writes history while a response is held, starts Prometheus, and then lets the exporter be corrected, restarted, and
 * meet a new label set. What is to be ended stands in `closing`, in the order of starting.
 */
export async function loadHistory(closing: Closing): Promise<LoadedHistory> {
  const folder = mkdtempSync(join(tmpdir(), 'claude-usage-exporter-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  const now = Date.now()
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const machine = new Machine(join(folder, 'home'), now)
  const truth = createTruth({ seed: 5, from: today - (DAYS + 5) * DAY_MS, days: DAYS + 6 })
  truth.remove(({ model }) => model !== 'claude-haiku-4-5')
  // What is told of the bill does not change meanwhile.
  truth.remove(({ start }) => start + HOUR_MS > now - HOUR_MS)
  const api = await startOrganizationApi({
    truth,
    keys: { [KEY]: { kind: 'admin' } },
    now: () => Date.now(),
    generations: { analytics: false, legacy: true },
  })
  closing.push(() => api.close())
  const program: Program = {
    home: machine.home,
    storage: join(folder, 'ledger'),
    env: environment(machine.home, api.url, KEY),
  }
  let exporter = await startExporter(program)
  closing.push(() => exporter.kill('SIGKILL'))
  const address = new URL(exporter.url).host
  await showing(exporter, machine, ['claude_billed_cost_month_to_date_usd{', 'claude_api_tokens_month_to_date{'])
  machine.finish('early', 200)
  await eventually('the correction', async () => {
    const series = await exporter.scrape()
    return series && sumOf(series, 'claude_tokens_reversed_total', 'token_type="output"') === 300n ? true : null
  })

  const data = join(folder, 'tsdb')
  const history = (job: Job, ...flags: readonly string[]) =>
    makeBlocks(program, folder, { job, instance: address, flags })
  const since = `--since=${isoMinute(today - SHORT_DAYS * DAY_MS)}`
  const endStream = machine.stream()
  await eventually('the held response', async () =>
    /^claude_exporter_held_requests [1-9]/m.test(await textOf(exporter)) ? true : null,
  )
  moveBlocks(await history('fresh', '--until=now'), data)
  const writtenAt = Date.now() / 1_000
  const daily = await command(program, ...DAILY)
  moveBlocks(await history('seam', since), data)

  const targets = Object.fromEntries(JOBS.map((job) => [job, address]))
  const prometheus = await startPrometheus({ folder, targets })
  closing.push(() => prometheus.kill())
  const { url } = prometheus
  await eventually('a scrape of all jobs', async () =>
    (await prometheus.value('count(claude_exporter_load_complete == 1)')) === JOBS.length ? true : null,
  )
  const scrapedAt = Date.now() / 1_000
  const recorded = { start: (today - 3 * DAY_MS) / 1_000, end: (today - 3 * DAY_MS + 8 * HOUR_MS) / 1_000 }
  moveBlocks(await history('running', since), data)
  moveBlocks(await history('first', since, `--until=${isoMinute(now - HOUR_MS)}`), data)
  moveBlocks(await recordRules(url, folder, recorded.start, recorded.end), data)

  endStream()
  machine.finish('risen', 900)
  machine.finish('fallen', 50)
  machine.write('newborn', { output: 60 })
  await showing(exporter, machine)
  await exporter.kill('SIGTERM')
  machine.write('blog', { output: 31, model: 'claude-opus-4-8' })
  exporter = await startExporter({ ...program, address })
  await showing(exporter, machine)
  machine.write('shop', { output: 8, cacheRead: 70_000 })
  await showing(exporter, machine)
  const endAt = await eventually('the last scrapes', () => lastScrapes(prometheus, machine))
  return {
    url,
    today,
    writtenAt,
    scrapedAt,
    daily,
    endAt,
    truth,
    recorded,
    moved: blocksFound(url, (today - DAY_MS) / 1_000, recorded.end),
    report: (...args) => command(program, ...args),
  }
}

/** Waits until the exporter shows all of the machine's responses that are not held, and these beginnings of lines. */
async function showing(exporter: RunningExporter, machine: Machine, beginnings: readonly string[] = []): Promise<void> {
  await eventually(
    'everything being shown',
    async () => {
      const series = await exporter.scrape()
      if (series === null || sumOf(series, 'claude_requests_total') !== BigInt(machine.responses)) return null
      const names = [...series.keys()]
      return beginnings.every((beginning) => names.some((name) => name.startsWith(beginning))) ? true : null
    },
    60_000,
  )
}

async function textOf(exporter: RunningExporter): Promise<string> {
  return (await fetch(`${exporter.url}/metrics`)).text()
}

/** Times of the newest scrapes if they show everything; null while they do not. */
async function lastScrapes(prometheus: Prometheus, machine: Machine): Promise<Record<Job, number> | null> {
  const times: [string, number][] = []
  const now = Date.now() / 1_000
  for (const job of JOBS) {
    const requests = `claude_requests_total{job="${job}"}`
    const at = await prometheus.value(`max(timestamp(${requests}))`, now)
    if (at === null || (await prometheus.value(`sum(${requests})`, at)) !== machine.responses) return null
    times.push([job, at])
  }
  return Object.fromEntries(times) as Record<Job, number>
}

/** Prometheus looks for new blocks every minute. */
async function blocksFound(url: string, at: number, recordedTo: number): Promise<void> {
  await eventually(
    'blocks in a running Prometheus',
    async () => {
      const jobs = await query(url, 'group by (job) (claude_requests_total)', at)
      const rules = await query(url, 'project:claude_prompt_tokens:increase6h', recordedTo)
      return jobs.length === JOBS.length && rules.length > 0 ? true : null
    },
    120_000,
  )
}

function isoMinute(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)}Z`
}
