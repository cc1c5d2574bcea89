// The arithmetic of prometheus/scale.md, from the table of metrics itself.
import { emptySnapshot } from '../src/backfill/empty-snapshot.ts'
import { REJECT_REASONS, TOKEN_CLASSES } from '../src/core/usage.ts'
import { LEDGER_FAILURES } from '../src/ledger/ledger.ts'
import { COLLECTORS } from '../src/metrics/definition.ts'
import { familiesOf } from '../src/metrics/families.ts'
import { Health } from '../src/metrics/health.ts'
import type { Family } from '../src/metrics/render/family.ts'
import { scrapedFamilies } from '../src/metrics/scraped-families.ts'
import { SEND_FAILURES } from '../src/notify/webhook-error.ts'
import { REMOTE_WRITE_DROPS, REMOTE_WRITE_FAILURES } from '../src/remote-write/reasons.ts'
import type { Snapshot, TokenTotals, UsageLabels } from '../src/view/snapshot.ts'

/** What one agent works on. */
interface Work {
  readonly projects: number
  readonly models: number
}

const ONE_AGENT: Work = { projects: 5, models: 2 }
/** How many agents work on the same project. */
const AGENTS_PER_PROJECT = 10
const FLEETS = [10, 1_000, 100_000]
/** Upper end of what the manual of Prometheus gives. */
const BYTES_PER_SAMPLE = 2
const DAYS = 30
const DAY_SECONDS = 86_400

const TOKENS: TokenTotals = [1n, 1n, 1n, 1n, 1n]
const NO_TOKENS: TokenTotals = [0n, 0n, 0n, 0n, 0n]

/** Series of usage, cost, sessions and windows for one agent on one machine. */
export function usageSeries(work: Work): number {
  const collectors = new Set(COLLECTORS.filter((collector) => collector !== 'exporter' && collector !== 'prices'))
  const without = snapshotOf({ projects: 0, models: 0 })
  return linesOf(familiesOf(snapshotOf(work), collectors)) - linesOf(familiesOf(without, collectors))
}

/** Series that an exporter has besides: about itself, its thresholds, a price per model and class. */
export async function ownSeries(work: Work): Promise<number> {
  const health = new Health({
    build: { version: '', revision: '', branch: '' },
    sources: ['claude-code'],
    failureReasons: LEDGER_FAILURES,
    noticeFailureReasons: SEND_FAILURES,
    remoteWrite: { failureReasons: REMOTE_WRITE_FAILURES, dropReasons: REMOTE_WRITE_DROPS },
    // What Node.js and the system tell: about 50 more, which differ from machine to machine.
    processMetrics: false,
    startedAt: 0,
  })
  health.remoteWriteBegan()
  return linesOf(await scrapedFamilies(snapshotOf(work), health)) - usageSeries(work)
}

/** Series, samples and disk for 10, 1,000 and 100,000 agents, as a Markdown table. */
export async function scaleTable(): Promise<string> {
  const usage = usageSeries(ONE_AGENT)
  const own = await ownSeries(ONE_AGENT)
  const rows = FLEETS.flatMap((agents) => [
    row(agents, 'an exporter each', agents * (usage + own)),
    row(agents, 'a central instance, `machine` label', agents * usage + own),
    row(agents, 'a central instance, no `machine` label', (agents * usage) / AGENTS_PER_PROJECT + own),
  ])
  return [
    `One agent: ${ONE_AGENT.projects} projects with ${ONE_AGENT.models} models, ${usage} series of usage; ${own} more of its exporter.`,
    `${AGENTS_PER_PROJECT} agents work on the same project. Disk: ${DAYS} days at 60 s, ${BYTES_PER_SAMPLE} bytes a sample.`,
    '',
    '| agents | who shows them | series | samples/s at 15 s | samples/s at 60 s | disk |',
    '| ---: | --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')
}

function row(agents: number, layout: string, series: number): string {
  const disk = (series / 60) * DAYS * DAY_SECONDS * BYTES_PER_SAMPLE
  const cells = [count(agents), layout, count(series), count(series / 15), count(series / 60), sizeText(disk)]
  return `| ${cells.join(' | ')} |`
}

function linesOf(families: readonly Family[]): number {
  return families.reduce((sum, { lines }) => sum + lines.length, 0)
}

function snapshotOf({ projects, models }: Work): Snapshot {
  const names = Array.from({ length: projects }, (_, index) => `project-${index}`)
  const modelNames = Array.from({ length: models }, (_, index) => `model-${index}`)
  const sets = names.flatMap((project) => modelNames.map((model) => labelsOf(project, model)))
  const windowRows = sets.map((labels) => ({ labels, tokens: TOKENS, requests: 1n, estimatedPico: 1n, planPico: 0n }))
  return {
    ...emptySnapshot({ timeZone: 'UTC', seriesLimit: 1 }),
    counters: windowRows.map((totals) => ({
      ...totals,
      cacheReadSavingsPico: 0n,
      cacheWritePremiumPico: 0n,
      webSearches: 0n,
      reversedTokens: NO_TOKENS,
      reversedPico: 0n,
    })),
    today: windowRows,
    last7Days: windowRows,
    monthToDate: windowRows,
    prices: pricesOf(modelNames),
    sessionsStarted: names.map((project) => ({ ...labelsOf(project, ''), sessions: 1n })),
    sources: [
      {
        source: 'claude-code',
        up: true,
        roots: [],
        streams: 0,
        tailMode: 'events',
        lines: 0,
        bytes: 0,
        rejected: Object.fromEntries(REJECT_REASONS.map((reason) => [reason, 0])),
        duplicates: 0,
        lastSuccess: 0,
        watermark: 0,
      },
    ],
  }
}

function labelsOf(project: string, model: string): UsageLabels {
  return { source: 'claude-code', agent: 'none', project, provider: 'anthropic', model, machine: null }
}

function pricesOf(models: readonly string[]): Snapshot['prices'] {
  return models.flatMap((model) => TOKEN_CLASSES.map((tokenClass) => ({ model, tokenClass, pico: 1 })))
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function sizeText(bytes: number): string {
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(0)} MB`
  return bytes < 1e12 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e12).toFixed(1)} TB`
}
