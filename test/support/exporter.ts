import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface RunningExporter {
  readonly url: string
  readonly process: ChildProcess
  /** What it logged so far. */
  log(): string
  /** Value per series as text, `name{labels}`; null while the history is not loaded. */
  scrape(): Promise<ReadonlyMap<string, string> | null>
  /** Ends it and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>
}

export interface ExporterOptions {
  /** Home folder: logs are looked for below it. */
  readonly home: string
  readonly storage: string
  readonly flags?: readonly string[]
  /** Flags of node itself. */
  readonly nodeFlags?: readonly string[]
  /** `host:port`; by default a free port of this machine. */
  readonly address?: string
  /** Besides PATH, HOME and TZ. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the built program on a free port and waits until it listens. */
export async function startExporter({
  home,
  storage,
  flags = [],
  nodeFlags = [],
  address = '127.0.0.1:0',
  env = {},
}: ExporterOptions): Promise<RunningExporter> {
  const child = spawn(
    process.execPath,
    [...nodeFlags, 'dist/main.js', `--web.listen-address=${address}`, `--storage.path=${storage}`, ...flags],
    { env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk
      const listening = /msg=listening address=(\S+)/.exec(log)?.[1]
      if (listening) resolve(`http://${listening}`)
    })
    child.once('exit', (code, signal) => reject(new Error(`the exporter ended (${code ?? signal}): ${log}`)))
  })
  return {
    url,
    process: child,
    log: () => log,
    async scrape() {
      const text = await (await fetch(`${url}/metrics`)).text()
      const series = seriesOf(text)
      return series.get('claude_exporter_load_complete') === '1' ? series : null
    },
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}

/** Repeats until the value is not null or the time is up. */
export async function eventually<T>(what: string, look: () => Promise<T | null>, timeoutMs = 20_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const value = await look()
    if (value !== null) return value
    if (Date.now() > end) throw new Error(`${what} did not happen within ${timeoutMs} ms`)
  }
}

/** Sum over all series of a family whose labels contain the text. */
export function sumOf(series: ReadonlyMap<string, string>, family: string, labels = ''): bigint {
  let sum = 0n
  for (const [name, value] of series) if (name.startsWith(`${family}{`) && name.includes(labels)) sum += BigInt(value)
  return sum
}

function seriesOf(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), line.slice(end + 1)]
    }),
  )
}
