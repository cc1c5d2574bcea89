import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { eventually } from './exporter.ts'

export interface Prometheus {
  readonly url: string
  /** Result of an instant query with one value; null where there is none. `time` in seconds, now by default. */
  value(query: string, time?: number): Promise<number | null>
  /** Times of all samples of the last minutes, in seconds. */
  samples(family: string): Promise<number[]>
  /** Labels and state of the alerts that are pending or firing. */
  alerts(): Promise<readonly { readonly labels: Readonly<Record<string, string>>; readonly state: string }[]>
  kill(): Promise<void>
}

export interface PrometheusOptions {
  /** Where its configuration and data go; what is in `tsdb` there is kept. */
  readonly folder: string
  /** `host:port` of what it scrapes, one or several, by job. */
  readonly targets: Readonly<Record<string, string | readonly string[]>>
  /** Of scrapes and of rules. */
  readonly interval?: string
  readonly ruleFiles?: readonly string[]
  /** `host:port` */
  readonly alertmanager?: string
}

/** Starts the real Prometheus on a free port and waits until it is ready. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { folder, targets, interval = '1s', ruleFiles = [], alertmanager } = options
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    stringify({
      global: { scrape_interval: interval, evaluation_interval: interval },
      rule_files: ruleFiles,
      ...(alertmanager && { alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] } }),
      scrape_configs: Object.entries(targets).map(([job, target]) => ({
        job_name: job,
        static_configs: [{ targets: [target].flat() }],
      })),
    }),
  )
  const address = `127.0.0.1:${await freePort()}`
  const { kill } = await startServer(address, 'prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'tsdb')}`,
    // History that was put there stays.
    '--storage.tsdb.retention.time=800d',
    `--web.listen-address=${address}`,
  ])
  const url = `http://${address}`
  const query = async (expression: string, time = Date.now() / 1000) => {
    const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression, time: String(time) })}`)
    const body = (await answer.json()) as {
      data: { result: { value?: [number, string]; values?: [number, string][] }[] }
    }
    return body.data.result
  }
  return {
    url,
    async value(expression, time) {
      const value = (await query(expression, time))[0]?.value?.[1]
      return value === undefined ? null : Number(value)
    },
    async samples(family) {
      return (await query(`${family}[5m]`)).flatMap(({ values = [] }) => values.map(([time]) => time))
    },
    async alerts() {
      const body = (await (await fetch(`${url}/api/v1/alerts`)).json()) as {
        data: { alerts: { labels: Record<string, string>; state: string }[] }
      }
      return body.data.alerts
    },
    kill,
  }
}

/** Starts the real Alertmanager with this configuration and waits until it is ready. Gives its address. */
export async function startAlertmanager(folder: string, config: unknown) {
  const file = join(folder, 'alertmanager.yml')
  writeFileSync(file, stringify(config))
  const address = `127.0.0.1:${await freePort()}`
  const { kill } = await startServer(address, 'prometheus-alertmanager', [
    `--config.file=${file}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ])
  return { address, kill }
}

async function startServer(address: string, program: string, flags: readonly string[]) {
  const child: ChildProcess = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk
  })
  await eventually(program, async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended: ${log}`)
    const answer = await fetch(`http://${address}/-/ready`).catch(() => null)
    return answer?.ok ? true : null
  })
  return {
    async kill() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** A TCP port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
