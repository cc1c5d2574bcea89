import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { eventually } from './exporter.ts'
import { freePort } from './prometheus.ts'

/** Servers that take remote write, by the program that has to be installed. */
export const RECEIVERS = ['prometheus', 'victoria-metrics'] as const
export type ReceiverProgram = (typeof RECEIVERS)[number]

export interface Receiver {
  /** Where to write to. It stays the same when the server is started again. */
  readonly writeUrl: string
  start(): Promise<void>
  /** Ends the process: Prometheus as a crash would, VictoriaMetrics in order, because it writes down the last seconds only then. */
  end(): Promise<void>
  /** Values by series, labels sorted, of an instant query. `time` in seconds. */
  query(expression: string, time: number): Promise<ReadonlyMap<string, number>>
  /** Times of the samples of the last hour, in seconds. */
  times(series: string, time: number): Promise<readonly number[]>
}

/**
 * A real server on a free port that keeps its data in the folder. It is not running yet.
 *
 * @param configuration of Prometheus
 */
export async function createReceiver(
  program: ReceiverProgram,
  folder: string,
  configuration: unknown = {},
): Promise<Receiver> {
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const config = join(folder, 'receiver.yml')
  writeFileSync(config, stringify(configuration))
  const flags = {
    prometheus: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--web.enable-remote-write-receiver',
    ],
    'victoria-metrics': [
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=${address}`,
      '-search.latencyOffset=0s',
      '-search.disableCache',
    ],
  }[program]
  let child: ReturnType<typeof spawn> | null = null

  async function results(expression: string, time: number) {
    // What came in lately is not found by queries before that.
    if (program === 'victoria-metrics') await fetch(`${url}/internal/force_flush`)
    const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression, time: String(time) })}`)
    const body = (await answer.json()) as {
      data: { result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] }
    }
    return body.data.result
  }

  return {
    writeUrl: `${url}/api/v1/write`,
    async start() {
      const started = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
      child = started
      let log = ''
      started.stderr.on('data', (chunk: Buffer) => {
        log += chunk
      })
      await eventually(program, async () => {
        if (started.exitCode !== null) throw new Error(`${program} ended: ${log}`)
        const answer = await fetch(`${url}/-/ready`).catch(() => null)
        return answer?.ok ? true : null
      })
    },
    async end() {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(program === 'prometheus' ? 'SIGKILL' : 'SIGTERM')
      await gone
    },
    async query(expression, time) {
      const rows = await results(expression, time)
      return new Map(rows.map(({ metric, value }) => [seriesName(metric), Number(value?.[1])]))
    },
    async times(series, time) {
      return (await results(`${series}[1h]`, time)).flatMap(({ values = [] }) => values.map(([at]) => at))
    },
  }
}

/** A series by all of its labels, whatever their order. */
export function seriesName(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}
