import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fold } from '../../src/ingest/fold.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { openPostgresReader, openPostgresStore } from '../../src/ledger/postgres/open.ts'
import { ledgerOn } from '../../src/ledger/sql/ledger.ts'
import { createPricing } from '../../src/pricing/create-pricing.ts'
import { startExporter } from '../../test/support/exporter.ts'
import type { Postgres } from '../../test/support/postgres.ts'
import { WrongTotals } from '../lib/row.ts'
import { parseSeries, Scraper, sumSeries } from '../lib/scrape.ts'
import { mebibytes, median, milliseconds, quantile, seconds } from '../lib/statistics.ts'
import { largestTables, ledgerBytes, ledgerOptions, serverCpuSeconds } from './cluster.ts'
import { fillLedger } from './fill.ts'
import { recordsOf } from './history.ts'

const COMMITS = 10
const CACHED = 20
/** Often enough to tell, and seldom enough that reading the answers takes no processor from what is measured. */
const LOOK_EVERY_MS = 100
const PATHS = [
  '/api/usage/summary?days=1',
  '/api/usage/summary?days=30',
  '/api/usage/summary?days=365',
  '/api/machines?days=30',
  '/api/sessions?days=7',
  '/',
] as const

export interface CentralOptions {
  readonly responses: number
  readonly note: (text: string) => void
}

/** A central instance over a ledger of that size: what its start, a scrape and a page cost. Gives lines to print. */
export async function measureCentral(server: Postgres, { responses, note }: CentralOptions): Promise<string[]> {
  const writer = ledgerOn(await openPostgresStore(ledgerOptions(server.url, 'machine-writer')))
  const home = mkdtempSync(join(tmpdir(), 'claude-usage-team-'))
  try {
    const filled = performance.now()
    await fillLedger(server, { responses, nowMs: Date.now(), note })
    const fillSeconds = (performance.now() - filled) / 1_000
    const bytes = await ledgerBytes(server)
    const tables = await largestTables(server)
    note('checking the ledger')
    const checkSeconds = await check(server, responses)
    note('starting the central instance')
    const cpuBefore = serverCpuSeconds(server)
    const started = performance.now()
    const exporter = await startExporter({
      home,
      storage: home,
      flags: ['--sources=none', '--machine.name=central', '--log.level=info'],
      env: {
        CLAUDE_USAGE_EXPORTER_STORAGE_URL: server.url,
        CLAUDE_USAGE_EXPORTER_METRICS_SERIES_LIMIT: '1000000',
      },
    })
    const scraper = new Scraper(exporter.url)
    try {
      const first = await scraper.until(
        '/metrics',
        (text) => sumSeries(text, 'claude_exporter_load_complete') === 1,
        10,
      )
      const startSeconds = (performance.now() - started) / 1_000
      const cpuAfter = serverCpuSeconds(server)
      if (sumSeries(first.body, 'claude_requests_total') !== responses)
        throw new WrongTotals('/metrics is not the truth')
      const atStart = memoryOf(exporter.process.pid)
      note('commits of another machine')
      const commits = await commitLatency(writer, scraper, responses)
      const cached: number[] = []
      for (let again = 0; again < CACHED; again++) cached.push((await scraper.get('/metrics')).firstByteMs)
      const reads = await readPaths(scraper, note)
      const series = parseSeries(first.body).length
      return [
        `database: ${mebibytes(bytes)}, ${(bytes / responses).toFixed(0)} bytes per response (${tables}); made in ${seconds(fillSeconds)}`,
        `ledger check: ok, ${seconds(checkSeconds)}`,
        `start to first snapshot: ${seconds(startSeconds)}${cpuBefore === null || cpuAfter === null ? '' : `, CPU of the server ${seconds(cpuAfter - cpuBefore)}`}`,
        `memory: ${atStart} at the start, ${memoryOf(exporter.process.pid)} at the end`,
        `/metrics: ${series} series, ${(first.body.length / 1e6).toFixed(1)} MB; first ${milliseconds(first.firstByteMs)}, after a change ${milliseconds(median(commits.scrapeMs))}, cached ${milliseconds(median(cached))} (to the first byte)`,
        `a commit of another machine is on /metrics after: p50 ${milliseconds(median(commits.latencyMs))}, most ${milliseconds(quantile(commits.latencyMs, 1))}; the commit itself ${milliseconds(median(commits.appendMs))}`,
        ...reads,
      ]
    } finally {
      scraper.close()
      await exporter.kill('SIGTERM')
    }
  } finally {
    await writer.close()
    rmSync(home, { recursive: true, force: true })
  }
}

async function check({ url }: Postgres, responses: number): Promise<number> {
  const started = performance.now()
  // As the command does it.
  const ledger = ledgerOn(await openPostgresReader(ledgerOptions(url, 'machine-writer')))
  const report = await ledger.check().finally(() => ledger.close())
  if (report.integrity !== 'ok' || report.differences.length > 0 || report.responses !== responses) {
    throw new WrongTotals(`the ledger check says ${JSON.stringify(report)}`)
  }
  return (performance.now() - started) / 1_000
}

/** Appends single responses as another machine and waits for each on `/metrics`. */
async function commitLatency(writer: Ledger, scraper: Scraper, responses: number) {
  const pricing = createPricing()
  const shape = { machines: 1, linesPerMachine: 100, overlap: 0, nowMs: Date.now() }
  const records = recordsOf(0, shape)
  const latencyMs: number[] = []
  const appendMs: number[] = []
  const scrapeMs: number[] = []
  for (let commit = 0; commit < COMMITS; commit++) {
    const one = records.slice(commit, commit + 1)
    const batch = {
      source: 'claude-code' as const,
      stream: 'bench',
      path: 'bench.jsonl',
      expected: commit === 0 ? null : String(commit),
      cursor: String(commit + 1),
      records: one,
      closed: [],
      claims: [],
      turns: [],
      tally: { lines: 1, bytes: 1_000, rejected: {} },
    }
    const begun = performance.now()
    await writer.append([{ ...fold([batch], pricing), live: true, now: Date.now(), zeroFirstMs: 0 }])
    const committed = performance.now()
    appendMs.push(committed - begun)
    const wanted = responses + commit + 1
    const seen = await scraper.until(
      '/metrics',
      (text) => sumSeries(text, 'claude_requests_total') === wanted,
      LOOK_EVERY_MS,
    )
    latencyMs.push(performance.now() - committed)
    scrapeMs.push(seen.firstByteMs)
    // Commits come at any moment of the central instance's rhythm.
    await delay(300 * (commit % 7))
  }
  return { latencyMs, appendMs, scrapeMs }
}

async function readPaths(scraper: Scraper, note: (text: string) => void): Promise<string[]> {
  const lines: string[] = []
  for (const path of PATHS) {
    note(`GET ${path}`)
    const first = await scraper.get(path)
    const second = await scraper.get(path)
    const failed = first.status === 200 ? '' : `, status ${first.status}`
    lines.push(
      `GET ${path}: first ${milliseconds(first.lastByteMs)}, again ${milliseconds(second.lastByteMs)}${failed}`,
    )
  }
  return lines
}

/** What a process has in memory now and at its most; `unknown` where the system does not say. */
function memoryOf(pid: number | undefined): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string) => mebibytes(1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]))
    return `${field('VmRSS')} (at most ${field('VmHWM')})`
  } catch {
    return 'unknown'
  }
}
