import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Truth } from '../tree/tree.ts'
import { type Command, run, start, stop } from './child.ts'
import { WrongTotals } from './row.ts'
import { Scraper, sumSeries } from './scrape.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const CLASSES = [
  ['input', 'input'],
  ['cache_write_5m', 'cacheWrite5m'],
  ['cache_write_1h', 'cacheWrite1h'],
  ['cache_read', 'cacheRead'],
  ['output', 'output'],
] as const
type TokenName = (typeof CLASSES)[number][1]

/** What the exporter is run on. */
export interface Place {
  /** Holds `projects/`. */
  readonly configFolder: string
  /** Folder of the ledger. */
  readonly storage: string
  /** An empty folder, so that nothing of the person who runs this is read. */
  readonly home: string
}

/** The program as it is released, with one of its sub-commands. */
export function exporterCommand(place: Place, args: readonly string[], env: Record<string, string> = {}): Command {
  return {
    program: process.execPath,
    args: [MAIN, ...args, '--storage.path', place.storage],
    env: { HOME: place.home, CLAUDE_CONFIG_DIR: place.configFolder, ...env },
  }
}

export function syncCommand(place: Place): Command {
  return exporterCommand(place, ['sync', '--type', 'sessions'])
}

interface SummaryDocument {
  readonly windows: {
    readonly allTime: { readonly requests: number; readonly tokens: Readonly<Record<TokenName, number>> }
  }
}

/** Throws WrongTotals unless the ledger holds exactly what is in the tree. */
export async function checkLedger(place: Place, truth: Truth): Promise<void> {
  const { stdout } = await run(exporterCommand(place, ['summary', '--no-sync', '--json']))
  const { allTime } = (JSON.parse(stdout) as SummaryDocument).windows
  compare(truth, allTime.requests, (_, name) => allTime.tokens[name])
}

/** The same for what `/metrics` says. */
export function checkMetrics(body: string, truth: Truth): void {
  compare(truth, sumSeries(body, 'claude_requests_total'), (label) =>
    sumSeries(body, 'claude_tokens_total', `token_type="${label}"`),
  )
}

function compare({ total }: Truth, requests: number, tokens: (label: string, name: TokenName) => number): void {
  const wrong = CLASSES.flatMap(([label, name]) => {
    const seen = tokens(label, name)
    return seen === total.tokens[name] ? [] : [`${label}: ${seen} instead of ${total.tokens[name]}`]
  })
  if (requests !== total.responses) wrong.push(`requests: ${requests} instead of ${total.responses}`)
  if (wrong.length > 0) throw new WrongTotals(`The exporter counted wrong: ${wrong.join(', ')}`)
}

/** A running exporter. */
export class ExporterServer {
  readonly command: Command
  readonly scraper: Scraper
  /** Monotonic time in milliseconds at which the process was started. */
  readonly startedMs: number
  readonly #child: ChildProcess

  private constructor(command: Command, scraper: Scraper, child: ChildProcess, startedMs: number) {
    this.command = command
    this.scraper = scraper
    this.startedMs = startedMs
    this.#child = child
  }

  static async start(place: Place, env: Record<string, string> = {}): Promise<ExporterServer> {
    await mkdir(place.storage, { recursive: true })
    const address = `127.0.0.1:${await freePort()}`
    const command = exporterCommand(place, ['--web.listen-address', address, '--log.level', 'warn'], env)
    const startedMs = performance.now()
    const child = start(command, { stdio: ['ignore', 'inherit', 'inherit'] })
    return new ExporterServer(command, new Scraper(`http://${address}`), child, startedMs)
  }

  /** Waits until all history is served. */
  async loaded(pauseMs = 50): Promise<string> {
    return (await this.scraper.until('/metrics', isLoaded, pauseMs)).body
  }

  /** Waits until the first look at all files is over, too. Asks for little, so as not to be in the way of it. */
  async looked(pauseMs = 50): Promise<void> {
    const hasLooked = (body: string) =>
      isLoaded(body) && sumSeries(body, 'claude_exporter_sync_duration_seconds_count', 'source="claude-code"') > 0
    await this.scraper.until('/metrics?collect[]=exporter', hasLooked, pauseMs)
  }

  async metrics(): Promise<string> {
    return (await this.scraper.get('/metrics')).body
  }

  async stop(): Promise<void> {
    this.scraper.close()
    await stop(this.#child)
  }
}

function isLoaded(body: string): boolean {
  return sumSeries(body, 'claude_exporter_load_complete') === 1
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}
