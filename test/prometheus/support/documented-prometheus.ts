import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../../support/exporter.ts'
import { freePort } from '../../support/prometheus.ts'

const PROMETHEUS = 'prometheus'

export interface DocumentedPrometheus {
  readonly url: string
  /** Labels and value of what an instant query finds. `time` in seconds, now by default. */
  query(
    expression: string,
    time?: number,
  ): Promise<readonly { readonly labels: Readonly<Record<string, string>>; value: number }[]>
  /** Why the last scrape of the only target failed; empty where it did not. */
  lastError(): Promise<string>
  kill(): Promise<void>
}

/** Starts the real Prometheus with the text of a configuration, in a folder of its own, and waits until it is ready. */
export async function startDocumented(
  folder: string,
  config: string,
  more: readonly string[] = [],
): Promise<DocumentedPrometheus> {
  const file = join(folder, 'prometheus.yml')
  writeFileSync(file, config)
  const address = `127.0.0.1:${await freePort()}`
  const flags = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`, ...more]
  const child = spawn(PROMETHEUS, [...flags, `--web.listen-address=${address}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk
  })
  await eventually('prometheus', async () => {
    if (child.exitCode !== null) throw new Error(`prometheus ended: ${log}`)
    const answer = await fetch(`http://${address}/-/ready`).catch(() => null)
    return answer?.ok ? true : null
  })
  const get = async (path: string) =>
    (await (await fetch(`http://${address}/api/v1/${path}`)).json()) as { data: unknown }
  return {
    url: `http://${address}`,
    async query(expression, time = Date.now() / 1000) {
      const { data } = await get(`query?${new URLSearchParams({ query: expression, time: String(time) })}`)
      const { result } = data as { result: { metric: Record<string, string>; value: [number, string] }[] }
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
    },
    async lastError() {
      const { data } = await get('targets')
      const [target] = (data as { activeTargets: { lastError: string }[] }).activeTargets
      return target?.lastError ?? ''
    },
    async kill() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
