import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { isInstalled } from '../support/binaries.ts'
import { eventually } from '../support/exporter.ts'
import { freePort } from '../support/prometheus.ts'
import { tempFolder } from '../support/temp.ts'
import { composeFile, mountsOf, ROOT, readRepositoryFile, serviceOf } from './compose-file.ts'

const run = promisify(execFile)
const file = composeFile()
const running: { end(): Promise<void> }[] = []

afterEach(async () => {
  for (const { end } of running.splice(0)) await end()
})

describe.runIf(isInstalled('prometheus') && isInstalled('promtool'))('prometheus', () => {
  it('starts with the command and the files of the service', async () => {
    const { folder, url } = await start('prometheus', 'prometheus')
    const config = join(folder, 'etc/prometheus/prometheus.yml')
    expect((await run('promtool', ['check', 'config', config])).stdout).toContain('SUCCESS: 2 rule files found')
    const rules = (await (await fetch(`${url}/api/v1/rules`)).json()) as { data: { groups: unknown[] } }
    expect(rules.data.groups.length).toBeGreaterThan(0)
    const { data } = (await (await fetch(`${url}/api/v1/status/flags`)).json()) as { data: Record<string, string> }
    expect(data['storage.tsdb.retention.time']).toMatch(/^(400d|1y5w)$/)
    await isHealthy('prometheus', url)
    // Who may read it from a page: nobody but its own, at the port that is published.
    const allowedFor = async (origin: string) => {
      const answer = await fetch(`${url}/api/v1/query?query=1`, { headers: { origin } })
      return answer.headers.get('access-control-allow-origin')
    }
    expect(await allowedFor('http://localhost:9090')).toBe('http://localhost:9090')
    expect(await allowedFor('http://page.example')).toBeNull()
    expect(await allowedFor('http://localhost:3000')).toBeNull()
  })

  it('scrapes and alerts as without containers, but for the names', () => {
    const plain = readRepositoryFile('prometheus/prometheus.yml')
    const names = plain.replace('127.0.0.1:10061', 'exporter:10061').replace('127.0.0.1:9093', 'alertmanager:9093')
    expect(parse(readRepositoryFile('compose/prometheus.yml'))).toEqual(parse(names))
  })
})

describe.runIf(isInstalled('prometheus-alertmanager'))('alertmanager', () => {
  it('starts with the command and the files of the service', async () => {
    const { url } = await start('alertmanager', 'prometheus-alertmanager')
    const status = (await (await fetch(`${url}/api/v2/status`)).json()) as { cluster: { status: string } }
    expect(status.cluster.status).toBe('disabled')
    await isHealthy('alertmanager', url)
  })
})

describe('grafana', () => {
  const grafana = serviceOf(file, 'grafana')
  const mounts = mountsOf(grafana)

  it('finds dashboards where their provider looks', () => {
    const { providers } = parse(readRepositoryFile('grafana/provisioning/dashboards/claude-usage.yml'))
    const mounted = mounts.find(({ target }) => target === providers[0].options.path)
    expect(mounted?.source).toBe('./grafana/generated')
    const home = grafana.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? ''
    expect(home.startsWith(`${mounted?.target}/`)).toBe(true)
    expect(existsSync(join(ROOT, 'grafana/generated', home.slice(`${mounted?.target}/`.length)))).toBe(true)
  })

  it('asks the Prometheus beside it, as often as that scrapes', () => {
    const { datasources } = parse(readRepositoryFile('grafana/provisioning/datasources/prometheus.yml'))
    const { global } = parse(readRepositoryFile('compose/prometheus.yml'))
    expect(datasources[0].url).toContain('PROMETHEUS_URL')
    expect(datasources[0].jsonData.timeInterval).toBe(global.scrape_interval)
    expect(grafana.environment?.['PROMETHEUS_URL']).toBe('http://prometheus:9090')
    expect(file.services).toHaveProperty('prometheus')
  })

  it('gets all that provisions it', () => {
    const targets = mounts.map(({ target }) => target)
    for (const kind of ['datasources', 'dashboards']) expect(targets).toContain(`/etc/grafana/provisioning/${kind}`)
  })
})

/** Runs the command of a service with what it mounts, on a free port of this machine and in a folder in place of `/`. */
async function start(name: string, program: string) {
  const service = serviceOf(file, name)
  const folder = tempFolder()
  for (const { source, target } of mountsOf(service)) {
    mkdirSync(join(folder, dirname(target)), { recursive: true })
    if (source.startsWith('./')) cpSync(join(ROOT, source), join(folder, target), { recursive: true })
    else mkdirSync(join(folder, target), { recursive: true })
  }
  const address = `127.0.0.1:${await freePort()}`
  const command = (service.command ?? []).map((flag) => flag.replace(/=(?=\/)/, `=${folder}`))
  const child = spawn(program, [...command, `--web.listen-address=${address}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk
  })
  running.push({
    async end() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  })
  const url = `http://${address}`
  await eventually(`${name} being ready`, async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${log}`)
    return (await fetch(`${url}/-/ready`).catch(() => null))?.ok ? true : null
  })
  return { folder, url }
}

/** Runs the health check of a service with the same wget that its image has. */
async function isHealthy(name: string, url: string): Promise<void> {
  if (!isInstalled('busybox')) return
  const [kind, ...command] = serviceOf(file, name).healthcheck?.test ?? []
  expect(kind).toBe('CMD')
  await run(
    'busybox',
    command.map((word) => word.replace(/^http:\/\/127\.0\.0\.1:\d+/, url)),
  )
  const elsewhere = command.map((word) => word.replace(/^http:\/\/127\.0\.0\.1:\d+.*/, `${url}/no-such-page`))
  await expect(run('busybox', elsewhere)).rejects.toThrow()
}
