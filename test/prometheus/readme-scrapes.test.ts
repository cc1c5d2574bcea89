import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, type TestContext } from 'vitest'
import { parse, stringify } from 'yaml'
import { COLLECTORS } from '../../src/metrics/definition.ts'
import { isInstalled } from '../support/binaries.ts'
import { eventually, type RunningExporter, startExporter } from '../support/exporter.ts'
import { documentedFiles, PASSWORD } from './support/documented-files.ts'
import { startDocumented } from './support/documented-prometheus.ts'
import { yamlUnder } from './support/fenced-blocks.ts'
import { type Admission, startTlsProxy } from './support/tls-proxy.ts'

const README = 'prometheus/README.md'
const UP = 'up{job="claude-usage-exporter"}'

interface ScrapeConfig {
  scrape_configs: { job_name: string; scrape_interval: string; params?: Record<string, string[]> }[]
}

// One for all tests, which run at the same time: tempFolder() would end with the first of them.
const root = mkdtempSync(join(tmpdir(), 'claude-usage-exporter-'))
const newFolder = () => mkdtempSync(join(root, 'test-'))
let exporter: RunningExporter

beforeAll(async () => {
  const folder = newFolder()
  const file = join(folder, 'claude-usage-exporter.yml')
  writeFileSync(file, yamlUnder(README, 'From another machine'))
  const flags = [`--config.file=${file}`]
  exporter = await startExporter({ home: folder, storage: join(folder, 'ledger'), flags })
  await eventually('the first load', () => exporter.scrape())
})

afterAll(async () => {
  await exporter.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

/** Scrapes through a proxy by the configuration under a heading; only the address and the interval are others. */
async function scrapeThrough(
  { onTestFinished }: TestContext,
  heading: string,
  admission: Admission,
  change = (text: string) => text,
) {
  const folder = newFolder()
  const files = documentedFiles(folder)
  const proxy = await startTlsProxy(files, exporter.url, admission)
  onTestFinished(() => proxy.close())
  const documented = yamlUnder(README, heading)
  expect(documented).toContain('usage.example.org:8443')
  const config = files
    .placed(change(documented))
    .replace('usage.example.org:8443', `localhost:${proxy.port}`)
    .replace('scrape_interval: 15s', 'scrape_interval: 1s')
  const prometheus = await startDocumented(folder, config)
  onTestFinished(() => prometheus.kill())
  const [up] = await eventually('a scrape', async () => {
    const found = await prometheus.query(UP)
    return found.length > 0 ? found : null
  })
  return { up, prometheus, proxy }
}

// At the same time: Prometheus waits 5 seconds before its first scrape.
describe.runIf(isInstalled('prometheus') && isInstalled('openssl')).concurrent('a scrape as documented', () => {
  const password: Admission = { user: 'prometheus', password: PASSWORD }

  it('by TLS with an authority of one’s own and a password', async (test) => {
    const { up, prometheus, proxy } = await scrapeThrough(test, 'TLS and a password', password)
    test.expect(up?.value).toBe(1)
    test
      .expect((await prometheus.query('claude_exporter_build_info')).map(({ labels }) => labels['instance']))
      .toEqual([`localhost:${proxy.port}`])
  })

  it('by TLS with a client certificate', async (test) => {
    const { up, prometheus } = await scrapeThrough(test, 'TLS and a client certificate', 'client certificate')
    test.expect(up?.value).toBe(1)
    test.expect(await prometheus.query('claude_exporter_build_info')).toHaveLength(1)
  })

  it('is refused with another password', async (test) => {
    const { up, prometheus } = await scrapeThrough(test, 'TLS and a password', { ...password, password: 'another' })
    test.expect(up?.value).toBe(0)
    test.expect(await prometheus.lastError()).toContain('401')
  })

  it('is refused without a certificate', async (test) => {
    const { up, prometheus } = await scrapeThrough(test, 'TLS and a client certificate', 'client certificate', (text) =>
      text.replaceAll(/^ *(cert|key)_file: .*\n/gm, ''),
    )
    test.expect(up?.value).toBe(0)
    test.expect(await prometheus.lastError()).toMatch(/tls|reset/i)
  })

  it('does not trust a server of another authority', async (test) => {
    const { up, prometheus } = await scrapeThrough(test, 'TLS and a password', password, (text) =>
      text.replace(/^ *ca_file: .*\n/m, ''),
    )
    test.expect(up?.value).toBe(0)
    test.expect(await prometheus.lastError()).toContain('certificate')
  })
})

it('the exporter answers by the name that a proxy passes on, and by no other', async () => {
  const statusFor = async (host: string) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${exporter.url}/metrics`, { headers: { host } }, resolve).once('error', reject)
    })
    answer.resume()
    return answer.statusCode
  }
  expect(await statusFor('usage.example.org:8443')).toBe(200)
  expect(await statusFor('127.0.0.1:10061')).toBe(200)
  expect(await statusFor('other.example.org:8443')).toBe(403)
})

describe('two intervals', () => {
  const documented = parse(yamlUnder(README, 'Two intervals')) as ScrapeConfig
  const [fast, slow] = documented.scrape_configs

  it('ask for every collector exactly once, and leave no gaps', () => {
    expect(fast?.params?.['exclude[]']).toEqual(slow?.params?.['collect[]'])
    expect(COLLECTORS).toEqual(expect.arrayContaining(slow?.params?.['collect[]'] ?? []))
    // Half of what Prometheus looks back.
    expect(slow?.scrape_interval).toBe('2m')
  })

  it.runIf(isInstalled('prometheus'))('are one job with all families', async () => {
    const folder = newFolder()
    const text = await (await fetch(`${exporter.url}/metrics`)).text()
    const families = new Set([...text.matchAll(/^(claude_[a-z0-9_]+)(?:\{.*)? \S+$/gm)].map(([, name]) => name))
    const hurried = { scrape_configs: documented.scrape_configs.map((job) => ({ ...job, scrape_interval: '1s' })) }
    const config = stringify(hurried).replaceAll('127.0.0.1:10061', new URL(exporter.url).host)
    const prometheus = await startDocumented(folder, config)
    onTestFinished(() => prometheus.kill())
    const seen = await eventually('both scrapes', async () => {
      const found = await prometheus.query('count by (__name__, job) ({__name__=~"claude_.+"})')
      const names = new Set(found.map(({ labels }) => labels['__name__']))
      return [...families].every((name) => names.has(name)) ? found : null
    })
    expect(families.size).toBeGreaterThan(20)
    expect(new Set(seen.map(({ labels }) => labels['job']))).toEqual(new Set(['claude-usage-exporter']))
    expect((await prometheus.query('up')).map(({ value }) => value)).toEqual([1])
  })
})
