import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALERT_GROUPS, RECORDING_GROUPS } from '../../../src/alerts/catalogue.ts'
import { DASHBOARD_UIDS } from '../../../src/cli/doctor/grafana.ts'
import type { Hop } from '../../../src/cli/doctor/hop.ts'
import { retentionDays } from '../../../src/cli/doctor/prometheus.ts'
import { claudeHome } from '../support/claude-home.ts'
import { exampleLines } from '../support/examples.ts'
import { type FakeIoOptions, runLine } from '../support/fake-io.ts'
import { homeWith, SAMPLE } from '../support/sample.ts'
import { startServing } from '../support/serving.ts'
import { serve, serveAnswers } from './servers.ts'

const METRICS = `claude_exporter_build_info{version="1"} 1
claude_exporter_ledger_up 1
claude_exporter_source_up{source="claude-code"} 1
claude_exporter_load_complete 1
`
const EXPORTER = { '/-/ready': 'Ready.\n', '/metrics': METRICS }

async function doctor(line: string, options: FakeIoOptions = {}) {
  const { out, err, exitCode } = await runLine(`doctor --json ${line}`, options)
  expect(err).toBe('')
  const { hops, healthy, firstBroken } = JSON.parse(out) as {
    hops: Hop[]
    healthy: boolean
    firstBroken: string | null
  }
  expect(exitCode).toBe(healthy ? 0 : 1)
  const hop = (name: string) => hops.find((found) => found.name.startsWith(name))
  return { hops, healthy, firstBroken, hop }
}

async function sampleHome(): Promise<string> {
  const home = await homeWith(SAMPLE)
  mkdirSync(join(home, '.claude', 'projects'), { recursive: true })
  return home
}

function prometheus(target: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
  const labels = { job: 'claude-usage-exporter', instance: '127.0.0.1:10061' }
  const own = { labels, scrapeUrl: 'http://127.0.0.1:10061/metrics', health: 'up', lastError: '', ...target }
  const groups = [...RECORDING_GROUPS, ...ALERT_GROUPS].map(({ name }) => ({
    name,
    rules: [{ name: 'r', health: 'ok' }],
  }))
  return {
    '/api/v1/targets': { data: { activeTargets: [own] } },
    '/api/v1/rules': { data: { groups } },
    '/api/v1/status/runtimeinfo': { data: { storageRetention: '400d' } },
    '/api/v1/alertmanagers': { data: { activeAlertmanagers: [{ url: 'http://a' }] } },
    ...more,
  }
}

describe('doctor', () => {
  it('finds nothing broken from the logs to Grafana', async () => {
    const [exporter, prom, alertmanager, grafana] = await Promise.all([
      serveAnswers(EXPORTER),
      serveAnswers(prometheus()),
      serveAnswers({
        '/api/v2/status': {
          versionInfo: { version: '0.28' },
          config: { original: 'receivers: [webhook_configs: []]' },
        },
      }),
      serveAnswers({
        '/api/health': { database: 'ok', version: '12' },
        '/api/search': DASHBOARD_UIDS.map((uid) => ({ uid })),
      }),
    ])
    const line = `--exporter ${exporter} --prometheus ${prom} --alertmanager ${alertmanager} --grafana ${grafana}`
    const { hops, healthy, firstBroken } = await doctor(line, { home: await sampleHome() })
    expect(hops.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Configuration ok',
      'Logs of claude-code ok',
      'Logs of openclaw skipped',
      'Logs of pi skipped',
      'Organisation skipped',
      'Ledger ok',
      'Exporter ok',
      'Prometheus ok',
      'Alertmanager ok',
      'Grafana ok',
    ])
    expect({ healthy, firstBroken }).toEqual({ healthy: true, firstBroken: null })
  })

  it('finds a real exporter well', async () => {
    const home = claudeHome([{ id: '1', output: 5, time: Date.parse('2026-05-04T09:00:00Z') }])
    const serving = await startServing('', { home })
    await serving.logged('following them')
    const { hop } = await doctor(`--exporter ${serving.url}`, { home })
    expect(hop('Exporter')).toMatchObject({ state: 'ok', remedy: null })
    expect(hop('Ledger')).toMatchObject({ state: 'ok' })
    expect(await serving.stop()).toBe(0)
  })

  it('names the first broken hop, with what to do', async () => {
    const { out, exitCode } = await runLine('doctor --exporter http://127.0.0.1:1', { width: 70 })
    expect(exitCode).toBe(1)
    expect(out).toMatch(/^failed {3}Logs of claude-code: no folder of logs/m)
    expect(out).toMatch(/First broken: Logs of claude-code\. Run the agent once as this user/)
    expect(out).toMatch(/^failed {3}Ledger: there is none at/m)
    expect(out).toMatch(/^failed {3}Exporter: /m)
  })

  it('tells what is wrong with the configuration', async () => {
    const { hop, firstBroken } = await doctor('--log.level loud')
    expect(hop('Configuration')).toMatchObject({ state: 'failed' })
    expect(hop('Configuration')?.seen).toContain('--log.level: expected one of')
    expect(firstBroken).toBe('Configuration')
  })

  it('looks at key files and never shows a key', async () => {
    const home = await sampleHome()
    const missing = await doctor(`--admin-api.key-file ${join(home, 'nothing')}`, { home })
    expect(missing.hop('Organisation')).toMatchObject({ state: 'failed' })
    const env = { ANTHROPIC_ADMIN_KEY: 'sk-ant-admin01-secret' }
    const { hops, hop } = await doctor('', { home, env })
    expect(hop('Organisation default')).toMatchObject({ state: 'warning' })
    expect(JSON.stringify(hops)).not.toContain('secret')
  })

  it('finds a damaged ledger', async () => {
    const home = await sampleHome()
    const path = join(home, '.local', 'share', 'claude-usage-exporter', 'ledger.sqlite')
    writeFileSync(path, 'this is no database, whatever its name says'.repeat(100))
    expect((await doctor('', { home })).hop('Ledger')).toMatchObject({ state: 'failed' })
  })
})

describe('the exporter in the eyes of doctor', () => {
  it.each([
    { what: 'another program', metrics: 'node_load1 1\n', state: 'failed', seen: 'the metrics are of another program' },
    {
      what: 'a full disk',
      metrics: METRICS.replace('ledger_up 1', 'ledger_up 0'),
      state: 'failed',
      seen: 'does not take',
    },
    {
      what: 'a source that is down',
      metrics: METRICS.replace('"} 1\nclaude_exporter_load', '"} 0\nclaude_exporter_load'),
      state: 'warning',
      seen: 'it cannot read claude-code',
    },
    { what: 'loading', metrics: METRICS.replace('complete 1', 'complete 0'), state: 'warning', seen: 'still loading' },
    { what: 'a flood', metrics: 'x'.repeat(1_100_000), state: 'failed', seen: 'longer than 1 MiB' },
  ])('$what', async ({ metrics, state, seen }) => {
    const url = await serveAnswers({ ...EXPORTER, '/metrics': metrics })
    const { hop } = await doctor(`--exporter ${url}`)
    expect(hop('Exporter')).toMatchObject({ state })
    expect(hop('Exporter')?.seen).toContain(seen)
  })

  it.each([
    { status: 503, state: 'failed', seen: 'starting or stopping' },
    { status: 401, state: 'warning', seen: 'asks for a login' },
    { status: 302, state: 'failed', seen: 'sends elsewhere' },
    { status: 404, state: 'failed', seen: 'status 404' },
  ])('status $status', async ({ status, state, seen }) => {
    let asked = 0
    const elsewhere = await serve((_, response) => {
      asked++
      response.end()
    })
    const url = await serve((_, response) => response.writeHead(status, { location: elsewhere }).end())
    const { hop } = await doctor(`--exporter ${url}`)
    expect(hop('Exporter')).toMatchObject({ state })
    expect(hop('Exporter')?.seen).toContain(seen)
    expect(asked).toBe(0)
  })
})

describe('Prometheus in the eyes of doctor', () => {
  it.each([
    {
      what: 'another target',
      answers: prometheus({ labels: { job: 'node' }, scrapeUrl: 'http://h:9100/metrics' }),
      state: 'failed',
      seen: 'none of them is the exporter',
    },
    {
      what: 'a target that is down',
      answers: prometheus({ health: 'down', lastError: 'refused\u001b[2J' }),
      state: 'failed',
      seen: 'it cannot scrape',
    },
    {
      what: 'another job',
      answers: prometheus({ labels: { job: 'claude', instance: 'x' } }),
      state: 'warning',
      seen: 'the job is called claude',
    },
    {
      what: 'no rules',
      answers: prometheus({}, { '/api/v1/rules': { data: { groups: [] } } }),
      state: 'warning',
      seen: 'the rules are not loaded',
    },
    {
      what: 'a short memory',
      answers: prometheus({}, { '/api/v1/status/runtimeinfo': { data: { storageRetention: '15d' } } }),
      state: 'warning',
      seen: 'it forgets after 15d',
    },
    {
      what: 'nobody to alert',
      answers: prometheus({}, { '/api/v1/alertmanagers': { data: { activeAlertmanagers: [] } } }),
      state: 'warning',
      seen: 'to nobody',
    },
    {
      what: 'nonsense',
      answers: prometheus({}, { '/api/v1/targets': '[1' }),
      state: 'failed',
      seen: 'not what this API promises',
    },
  ])('$what', async ({ answers, state, seen }) => {
    const url = await serveAnswers(answers)
    const { hop } = await doctor(`--prometheus ${url}`)
    expect(hop('Prometheus')).toMatchObject({ state })
    expect(hop('Prometheus')?.seen).toContain(seen)
    const { out } = await runLine(`doctor --prometheus ${url}`)
    expect(out).not.toContain('\u001b')
  })

  it.each([
    { text: '15d', days: 15 },
    { text: '1y1w', days: 372 },
    { text: '36h or 10GiB', days: 1.5 },
    { text: '10GiB', days: null },
    { text: '', days: null },
  ])('a retention of $text is $days days', ({ text, days }) => {
    expect(retentionDays(text)).toBe(days)
  })
})

describe('Grafana in the eyes of doctor', () => {
  it('knows the dashboards there are', () => {
    const files = readdirSync('grafana/generated').filter((name) => name.endsWith('.json'))
    const uids = files.map((name) => JSON.parse(readFileSync(join('grafana/generated', name), 'utf8')).uid)
    expect([...DASHBOARD_UIDS].sort()).toEqual(uids.sort())
  })

  it('sends the token of a file to Grafana only, and shows it nowhere', async () => {
    const home = await sampleHome()
    writeFileSync(join(home, 'token'), 'glsa_secret\n')
    const seen: (string | undefined)[] = []
    const grafana = await serve((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(request.url === '/api/health' ? 200 : 401).end('{"database":"ok","version":"12"}')
    })
    const { hop, hops } = await doctor(`--grafana ${grafana} --grafana-token-file token`, { home })
    expect(hop('Grafana')).toMatchObject({ state: 'warning' })
    expect(seen).toEqual(['Bearer glsa_secret', 'Bearer glsa_secret'])
    expect(JSON.stringify(hops)).not.toContain('secret')
  })

  it.each([
    { line: 'doctor --grafana http://g:3000 --grafana-token-file x', err: 'A token is sent over https only' },
    { line: 'doctor --grafana http://u:p@g:3000', err: 'Leave out user and password' },
    { line: 'doctor --prometheus ftp://p', err: 'Give an address such as' },
  ])('$line is refused', async ({ line, err }) => {
    const result = await runLine(line)
    expect(result).toMatchObject({ exitCode: 2, out: '' })
    expect(result.err).toContain(err)
  })
})

describe('help of doctor', () => {
  it('has examples that run', async () => {
    const lines = await exampleLines('doctor')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect((await runLine(line)).err).toBe('')
  })
})
