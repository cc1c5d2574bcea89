import { setTimeout as delay } from 'node:timers/promises'
import { commandText } from '../lib/child.ts'
import { ExporterServer } from '../lib/exporter.ts'
import { GrowingLogs, servedOutput } from '../lib/growing-logs.ts'
import type { Lab } from '../lib/lab.ts'
import { type Row, WrongTotals } from '../lib/row.ts'
import { type Answer, parseSeries } from '../lib/scrape.ts'
import { median, milliseconds, quantile, times } from '../lib/statistics.ts'

const SERIES = 10_000
const MAX_FIRST_MS = 10
const MAX_CACHED_MS = 2
const CHANGES = 20
const CACHED_PER_CHANGE = 5
const FILES = 20
/** Long enough for an appended line to be in the ledger. */
const TAKE_UP_MS = 1500

const PLAIN = { 'accept-encoding': 'identity' }
const GZIP = { 'accept-encoding': 'gzip' }

/**
 * Scrapes that find something new and scrapes that do not, over one kept connection. Judged by the time to the first
 * byte: moving some megabytes through the loopback device and into the asking program takes as long with any server.
 */
export async function scrape(lab: Lab): Promise<Row[]> {
  const tree = await lab.freshTree('labels', {
    bytes: null,
    responses: 5200,
    files: 1040,
    projects: 275,
    isCompact: true,
  })
  const logs = await GrowingLogs.in(tree, FILES)
  const server = await ExporterServer.start(await lab.place(tree), {
    CLAUDE_USAGE_EXPORTER_METRICS_SERIES_LIMIT: '1000000',
  })
  await server.looked()
  const body = await server.metrics()
  const seriesCount = parseSeries(body).length
  if (seriesCount < SERIES) throw new Error(`the tree gives ${seriesCount} series only`)
  const command = commandText(server.command)
  const size = `${seriesCount.toLocaleString('en')} series, ${(body.length / 1e6).toFixed(1)} MB of text, from ${tree.description}`
  lab.note(`scraping ${seriesCount} series`)
  const plain = await measure(server, logs, PLAIN)
  const gzip = await measure(server, logs, GZIP)
  await server.stop()
  return [
    row('/metrics after a change', plain.first, MAX_FIRST_MS, command, size),
    row('/metrics unchanged', plain.cached, MAX_CACHED_MS, command, size),
    row('/metrics after a change, gzip', gzip.first, null, command, size),
    row('/metrics unchanged, gzip', gzip.cached, null, command, size),
  ]
}

async function measure({ scraper }: ExporterServer, logs: GrowingLogs, headers: Record<string, string>) {
  const first: Answer[] = []
  const cached: Answer[] = []
  let served = servedOutput((await scraper.get('/metrics', headers)).body)
  for (let change = 0; change < CHANGES; change++) {
    served += logs.append()
    await delay(TAKE_UP_MS)
    const fresh = await scraper.get('/metrics', headers)
    if (servedOutput(fresh.body) !== served) throw new WrongTotals('an appended response is not in the next scrape')
    first.push(fresh)
    for (let again = 0; again < CACHED_PER_CHANGE; again++) cached.push(await scraper.get('/metrics', headers))
  }
  return { first, cached }
}

function row(what: string, answers: readonly Answer[], limitMs: number | null, command: string, size: string): Row {
  const values = answers.map(({ firstByteMs }) => firstByteMs)
  const lastBytes = answers.map(({ lastByteMs }) => lastByteMs)
  const middle = median(values)
  return {
    what,
    must: limitMs === null ? '-' : `<= ${limitMs} ms`,
    measured: `${milliseconds(middle)}, p99 ${milliseconds(quantile(values, 0.99))}, last byte ${milliseconds(median(lastBytes))}`,
    ratio: limitMs === null ? '-' : times(middle / limitMs),
    met: limitMs === null ? null : middle <= limitMs,
    command,
    size,
    samples: { firstByteMs: values, lastByteMs: lastBytes },
  }
}
