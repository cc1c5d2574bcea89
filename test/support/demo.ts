import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, stringify } from 'yaml'
import { eventually, type RunningExporter, startExporter } from './exporter.ts'
import { type Prometheus, startPrometheus } from './prometheus.ts'

const run = promisify(execFile)
const JOB = 'claude-usage-exporter'

export interface DemoOptions {
  /** Everything goes there. */
  readonly folder: string
  /** Days of history. */
  readonly days: number
  /** Flags besides. */
  readonly flags?: readonly string[]
}

export interface RunningDemo {
  readonly exporter: RunningExporter
  /** `host:port` */
  readonly address: string
  /** Of its ledger. */
  readonly storage: string
}

/** Starts the demo of the built program and waits until everything it has was read once. */
export async function startDemo({ folder, days, flags = [] }: DemoOptions): Promise<RunningDemo> {
  const home = join(folder, 'home')
  const storage = join(folder, 'ledger')
  mkdirSync(home, { recursive: true })
  const exporter = await startExporter({ home, storage, flags: ['demo', `--days=${days}`, ...flags] })
  await eventually(
    'the history and the reports of the demo',
    async () => {
      const names = [...((await exporter.scrape())?.keys() ?? [])]
      const has = (family: string) => names.some((name) => name.startsWith(family))
      return ['claude_billed_cost_month', 'claude_api_tokens_month', 'claude_workspace_info'].every(has) ? true : null
    },
    180_000,
  ).catch(async (error: unknown) => {
    await exporter.kill('SIGKILL')
    throw error
  })
  return { exporter, address: new URL(exporter.url).host, storage }
}

/** Puts what the ledger has of the past into the folder of a Prometheus that was not started yet. `flags`: of `backfill`. */
export async function loadHistory(
  { address, storage }: RunningDemo,
  folder: string,
  flags: readonly string[] = [],
): Promise<void> {
  const files = join(folder, 'history')
  mkdirSync(files)
  await run(
    process.execPath,
    [
      'dist/main.js',
      'backfill',
      `--output=${join(files, 'history.om')}`,
      '--split-days=7',
      '--until=now',
      `--instance=${address}`,
      `--storage.path=${storage}`,
      `--config.file=${join(storage, 'demo.yml')}`,
      '--no-sync',
      ...flags,
    ],
    { env: { PATH: process.env['PATH'], HOME: join(folder, 'home'), TZ: 'UTC' } },
  )
  for (const name of readdirSync(files)) {
    // It reads the whole file once per block.
    const from = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=2000h', join(files, name)]
    await run('promtool', [...from, join(folder, 'tsdb')], { maxBuffer: 64 * 1024 * 1024 })
  }
}

/** Prometheus with the shipped rules, but everything every second. `others`: `host:port` of more exporters. */
export async function startFastPrometheus(
  folder: string,
  address: string,
  others: readonly string[] = [],
): Promise<Prometheus> {
  const ruleFiles = ['recording.yml', 'alerts.yml'].map((name) => {
    const rules = parse(readFileSync(join('prometheus', 'rules', name), 'utf8')) as { groups: { interval?: string }[] }
    for (const group of rules.groups) delete group.interval
    const path = join(folder, name)
    writeFileSync(path, stringify(rules))
    return path
  })
  return startPrometheus({ folder, targets: { [JOB]: [address, ...others] }, ruleFiles })
}
