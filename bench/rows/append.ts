import { appendFileSync, readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { commandText } from '../lib/child.ts'
import { ExporterServer } from '../lib/exporter.ts'
import type { Lab } from '../lib/lab.ts'
import { type Row, WrongTotals } from '../lib/row.ts'
import { sumSeries } from '../lib/scrape.ts'
import { milliseconds, quantile, times } from '../lib/statistics.ts'
import { Random } from '../tree/random.ts'

const MAX_MS = 1000
const APPENDS = 200
const FILES = 20
const POLL_MS = 4
const OUTPUT_TOKENS = 100
const PAGE = '/metrics?collect[]=usage'

/** Appends finished responses to logs that are followed, one at a time, and waits for each to be in the metrics. */
export async function append(lab: Lab): Promise<Row[]> {
  const tree = await lab.tree('followed', { bytes: 20e6, responses: null, files: 300, projects: 20, isCompact: false })
  const files = await pickFiles(join(tree.folder, 'projects'))
  const server = await ExporterServer.start(await lab.place(tree))
  await server.looked()
  const random = new Random(7)
  const latencies: number[] = []
  let expected = outputTokens(await server.loaded())
  lab.note(`appending ${APPENDS} responses`)
  for (let count = 0; count < APPENDS; count++) {
    const { path, line } = random.pick(files)
    const text = nextResponse(line, random)
    expected += OUTPUT_TOKENS
    const started = performance.now()
    appendFileSync(path, text)
    await server.scraper.until(PAGE, (body) => outputTokens(body) >= expected, POLL_MS)
    latencies.push(performance.now() - started)
    await delay(random.below(200))
  }
  const served = outputTokens(await server.loaded())
  await server.stop()
  if (served !== expected) throw new WrongTotals(`${served} output tokens are served instead of ${expected}`)
  const p99 = quantile(latencies, 0.99)
  return [
    {
      what: 'appended line visible in /metrics, p99',
      must: `<= ${MAX_MS} ms`,
      measured: `${milliseconds(p99)}, p50 ${milliseconds(quantile(latencies, 0.5))}`,
      ratio: times(p99 / MAX_MS),
      met: p99 <= MAX_MS,
      command: commandText(server.command),
      size: `${APPENDS} responses appended to ${FILES} of the files of: ${tree.description}; asked every ${POLL_MS} ms`,
      samples: { visibleMs: latencies },
    },
  ]
}

function outputTokens(body: string): number {
  return sumSeries(body, 'claude_tokens_total', 'token_type="output"')
}

/** Files that hold a finished response, each with such a line. */
async function pickFiles(folder: string): Promise<{ readonly path: string; readonly line: string }[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jsonl')).toSorted()
  const picked: { path: string; line: string }[] = []
  for (const name of names) {
    const path = join(folder, name)
    const line = readFileSync(path, 'utf8').split('\n').findLast(isFinished)
    if (line !== undefined) picked.push({ path, line })
    if (picked.length === FILES) break
  }
  return picked
}

function isFinished(line: string): boolean {
  return /"stop_reason":"\w+"/.test(line) && /"id":"msg_\w{20,}"/.test(line) && !line.includes('requestSessionId')
}

/** The same response again as a new one. */
function nextResponse(line: string, random: Random): string {
  const entry = JSON.parse(line) as {
    uuid: string
    timestamp: string
    message: { id: string; usage: Record<string, unknown> }
  }
  entry.uuid = random.uuid()
  entry.timestamp = new Date().toISOString()
  entry.message.id = `msg_01${random.base62(22)}`
  entry.message.usage = {
    input_tokens: 3,
    cache_creation_input_tokens: 500,
    cache_read_input_tokens: 40_000,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 500 },
    output_tokens: OUTPUT_TOKENS,
    service_tier: 'standard',
  }
  return `${JSON.stringify(entry)}\n`
}
