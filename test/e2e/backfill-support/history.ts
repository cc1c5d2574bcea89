import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Program {
  readonly home: string
  readonly storage: string
  readonly env: Readonly<Record<string, string>>
}

/** Runs the built program on a machine's ledger. Gives what it printed. */
export async function command({ home, storage, env }: Program, ...args: readonly string[]): Promise<string> {
  const settings = { env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', ...env }, maxBuffer: 64 * 1024 * 1024 }
  const argv = ['dist/main.js', ...args, '--no-sync', `--storage.path=${storage}`]
  return (await run(process.execPath, argv, settings)).stdout
}

export interface HistoryOptions {
  readonly job: string
  readonly instance: string
  /** More for `backfill`. */
  readonly flags: readonly string[]
}

/** Writes history and makes blocks of it, which lie in the folder that it gives. */
export async function makeBlocks(program: Program, folder: string, options: HistoryOptions): Promise<string> {
  const { job, instance, flags } = options
  const files = join(folder, `history-${job}`)
  const blocks = join(folder, `blocks-${job}`)
  mkdirSync(files)
  const target = [`--job=${job}`, `--instance=${instance}`]
  // Few points and large files: 15 minutes are what increases are right to.
  const output = [`--output=${join(files, 'history.om')}`, '--split-days=20', '--step=15m']
  await command(program, 'backfill', ...output, ...target, ...flags)
  for (const name of readdirSync(files)) {
    const from = ['create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=486h', join(files, name)]
    await run('promtool', ['tsdb', ...from, blocks])
  }
  return blocks
}

/** Evaluates the shipped recording rules over a time that is over, in seconds. Gives the folder of the blocks. */
export async function recordRules(url: string, folder: string, from: number, to: number): Promise<string> {
  const blocks = join(folder, 'blocks-rules')
  const range = [`--start=${from}`, `--end=${to}`, '--eval-interval=15m']
  const rules = join('prometheus', 'rules', 'recording.yml')
  await run('promtool', [
    'tsdb',
    'create-blocks-from',
    'rules',
    `--url=${url}`,
    `--output-dir=${blocks}`,
    ...range,
    rules,
  ])
  return blocks
}

/** Moves blocks to where Prometheus has its own. */
export function moveBlocks(blocks: string, data: string): void {
  mkdirSync(data, { recursive: true })
  for (const name of readdirSync(blocks)) renameSync(join(blocks, name), join(data, name))
}

export interface Point {
  /** With the name of the metric as `__name__`. */
  readonly labels: Readonly<Record<string, string>>
  /** Time in seconds, and value. */
  readonly points: readonly (readonly [number, number])[]
}

/** Evaluates an expression at an instant, in seconds, or between two at a step. */
export async function query(
  url: string,
  expression: string,
  at: number | { readonly start: number; readonly end: number; readonly step: number },
): Promise<readonly Point[]> {
  const [path, times] = typeof at === 'number' ? ['query', { time: at }] : ['query_range', at]
  const parameters = Object.entries(times).map(([name, time]): [string, string] => [name, String(time)])
  const body = new URLSearchParams([['query', expression], ...parameters])
  const answer = (await (await fetch(`${url}/api/v1/${path}`, { method: 'POST', body })).json()) as Answer
  if (answer.data === undefined) throw new Error(`${expression}: ${JSON.stringify(answer)}`)
  return answer.data.result.map(({ metric, value, values }) => ({
    labels: metric,
    points: (values ?? (value === undefined ? [] : [value])).map(([time, text]) => [time, Number(text)] as const),
  }))
}

interface Answer {
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>
      readonly value?: readonly [number, string]
      readonly values?: readonly (readonly [number, string])[]
    }[]
  }
}
