import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { eventually, type RunningExporter, startExporter } from '../../support/exporter.ts'
import type { Postgres } from '../../support/postgres.ts'
import { tempFolder } from '../../support/temp.ts'

/** The database of a team. */
export interface Database {
  readonly server: Postgres
  readonly schema: string
}

/** A machine with a home of its own, where what the program keeps there is kept, too. */
export interface Member {
  readonly name: string
  readonly home: string
}

export type RunningIngester = Pick<RunningExporter, 'process' | 'log' | 'kill'>

interface RunOptions {
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

interface CentralOptions extends RunOptions {
  /** `host:port`; by default a free port. */
  readonly address?: string
  /** By default series have the names of machines from the beginning. */
  readonly machineLabel?: 'auto' | 'always'
  /** By default `central`. */
  readonly name?: string
}

/** Responses count as soon as they are read. */
const FLAGS = ['--tail.quiet-time=0s', '--metrics.zero-first=0s']

export function member(name: string, home = tempFolder()): Member {
  return { name, home }
}

function databaseEnv({ server, schema }: Database): Record<string, string> {
  return { CLAUDE_USAGE_EXPORTER_STORAGE_URL: server.url, CLAUDE_USAGE_EXPORTER_STORAGE_SCHEMA: schema }
}

/** Starts the instance that reads no logs itself; it ends with the test. */
export async function startCentral(database: Database, options: CentralOptions = {}): Promise<RunningExporter> {
  const { flags = [], env = {}, address, machineLabel = 'always', name = 'central' } = options
  const home = tempFolder()
  const exporter = await startExporter({
    home,
    storage: join(home, 'data'),
    flags: ['--sources=none', `--machine.name=${name}`, `--metrics.machine-label=${machineLabel}`, ...FLAGS, ...flags],
    env: { ...databaseEnv(database), ...env },
    ...(address === undefined ? {} : { address }),
  })
  onTestFinished(() => exporter.kill('SIGKILL'))
  return exporter
}

/** Starts `ingest` on a machine; it ends with the test. */
export function startIngester(database: Database, { name, home }: Member, options: RunOptions = {}): RunningIngester {
  const { flags = [], env = {} } = options
  const own = [`--machine.name=${name}`, `--storage.path=${join(home, `data-${name}`)}`]
  const child = spawn(process.execPath, ['dist/main.js', 'ingest', ...own, ...FLAGS, ...flags], {
    env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', ...databaseEnv(database), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk
  })
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  onTestFinished(() => kill('SIGKILL'))
  return { process: child, log: () => log, kill }
}

/** Waits until a program has written the text into its log. */
export async function logged(program: Pick<RunningExporter, 'log' | 'process'>, text: string): Promise<void> {
  await eventually(
    `"${text}" in the log`,
    async () => {
      if (program.log().includes(text)) return true
      if (isRunning(program)) return null
      throw new Error(`the program ended: ${program.log()}`)
    },
    60_000,
  )
}

export function isRunning({ process: child }: Pick<RunningExporter, 'process'>): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** Answers to a query about the tables of the ledger: a line per row, columns between `|`. */
export function ask({ server, schema }: Database, sql: string): Promise<string> {
  return server.psql(`SET search_path TO ${schema}; ${sql}`)
}

/** What a command prints that is run beside the central instance. */
export async function command(database: Database, ...args: string[]): Promise<string> {
  const home = tempFolder()
  const argv = ['dist/main.js', ...args, '--sources=none', '--machine.name=central', `--storage.path=${home}`]
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, TZ: 'UTC', ...databaseEnv(database) }
  return (await promisify(execFile)(process.execPath, argv, { env })).stdout
}
