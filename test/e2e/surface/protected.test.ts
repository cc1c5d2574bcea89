import { cpSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultOf } from '../../http/api/support.ts'
import type { Answer, Asked } from '../../http/support.ts'
import { prometheusFile } from '../../prometheus/rule-files.ts'
import { documentedFiles } from '../../prometheus/support/documented-files.ts'
import { isInstalled } from '../../support/binaries.ts'
import { claudeLine } from '../../support/claude-line.ts'
import { eventually, type RunningExporter, startExporter } from '../../support/exporter.ts'
import { describedBy, everyPath, filled, type Home, makeHome } from './support.ts'

const PASSWORD = 'replace-this-password'
const JSON_POST = { 'content-type': 'application/json' }
const HASH = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
const RIGHT = basic(`prometheus:${PASSWORD}`)

/** Credentials that let nobody in. */
const WRONG: readonly { readonly what: string; readonly headers: Readonly<Record<string, string>> }[] = [
  { what: 'none', headers: {} },
  { what: 'another password', headers: basic('prometheus:guess-1') },
  { what: 'another user', headers: basic(`grafana:${PASSWORD}`) },
  { what: 'no password', headers: basic('prometheus:') },
  { what: 'no user', headers: basic(`:${PASSWORD}`) },
  { what: 'a prefix of the password', headers: basic(`prometheus:${PASSWORD.slice(0, -1)}`) },
  { what: 'another scheme', headers: { authorization: `Bearer ${PASSWORD}` } },
  { what: 'no base64', headers: { authorization: 'Basic ***' } },
  { what: 'the password in a cookie', headers: { cookie: `authorization=${RIGHT.authorization}` } },
]

let home: Home
let exporter: RunningExporter
let agent: Agent
let hash: string

function get(path: string, { method = 'GET', headers = {} }: Asked = {}): Promise<Answer> {
  const { port } = new URL(exporter.url)
  return new Promise((resolve, reject) => {
    // Whatever the Host header says, the certificate is that of this machine.
    const to = { host: 'localhost', servername: 'localhost', port, path, method, headers, agent }
    const sent = request(to, async (response) => {
      try {
        const chunks = await response.toArray()
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) })
      } catch (error) {
        reject(error)
      }
    })
    sent.on('error', reject)
    sent.end()
  })
}

const allowed = (path: string, asked: Asked = {}) => get(path, { ...asked, headers: { ...asked.headers, ...RIGHT } })

describe.runIf(isInstalled('openssl'))('with TLS and users', () => {
  beforeAll(async () => {
    home = makeHome()
    home.write('a', [claudeLine({ id: '1', output: 10, time: Date.now() - 3_600_000 })])
    const { ca } = documentedFiles(home.folder)
    const webConfig = join(dirname(ca), 'web-config.yml')
    cpSync(prometheusFile('web-config.example.yml'), webConfig)
    agent = new Agent({ ca: readFileSync(ca), keepAlive: true, maxSockets: 2 })
    hash = HASH.exec(readFileSync(webConfig, 'utf8'))?.[0] ?? ''
    expect(hash).not.toBe('')
    exporter = await startExporter({
      home: home.folder,
      storage: home.storage,
      flags: [`--web.config.file=${webConfig}`, '--web.enable-lifecycle', '--log.level=debug'],
    })
    await eventually('the history', async () =>
      (await allowed('/metrics')).body.toString().includes('claude_exporter_load_complete 1') ? true : null,
    )
  })

  afterAll(async () => {
    agent.destroy()
    await exporter.kill('SIGKILL')
    home.remove()
  })

  it.each(WRONG)('$what lets nobody in, at any path', async ({ headers }) => {
    const paths = await everyPath(allowed)
    expect(paths.filter((path) => path.startsWith('/assets/')).length).toBeGreaterThanOrEqual(2)
    for (const path of [...paths, '/assets/', '/../', '/%ff', '/claude-usage.json/']) {
      for (const method of ['GET', 'POST']) {
        const answer = await get(path, { method, headers: { ...JSON_POST, ...headers } })
        expect([path, method, answer.status]).toEqual([path, method, 401])
        expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/)
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
        expect(answer.body.toString()).not.toMatch(/claude_|Healthy|Ready|schemaVersion|<main/)
      }
    }
  })

  it('a refusal is as the description says', async () => {
    const openApi = await describedBy(allowed)
    for (const [path, item] of Object.entries(openApi.paths)) {
      for (const method of Object.keys(item)) {
        const answer = await get(filled(path), { method: method.toUpperCase(), headers: JSON_POST })
        expect([path, answer.status, faultOf(openApi, path, method, answer)]).toEqual([path, 401, null])
      }
    }
  })

  it('who has the password is answered at every path', async () => {
    const openApi = await describedBy(allowed)
    const reads = Object.entries(openApi.paths).flatMap(([path, item]) => ('get' in item ? [path] : []))
    expect(reads.length).toBeGreaterThan(10)
    for (const path of reads) {
      const answer = await allowed(filled(path))
      expect([path, answer.status, faultOf(openApi, path, 'get', answer)]).toEqual([path, 200, null])
    }
    const assets = (await everyPath(allowed)).filter((path) => path.startsWith('/assets/'))
    for (const path of [...assets, '/', '/metrics', '/-/healthy', '/healthz', '/-/ready', '/readyz']) {
      expect([path, (await allowed(path)).status]).toEqual([path, 200])
    }
    expect((await allowed('/nothing')).status).toBe(404)
    expect((await allowed('/-/reload', { method: 'POST' })).status).toBe(200)
    expect((await allowed('/api/sync/claude-code', { method: 'POST', headers: JSON_POST })).status).toBe(202)
  })

  it('another origin and another name are refused with the password as well', async () => {
    const posted = { method: 'POST', headers: { ...JSON_POST, origin: 'https://evil.example' } }
    for (const path of ['/api/sync/pi', '/-/reload']) expect((await allowed(path, posted)).status).toBe(403)
    expect((await allowed('/api/status', { headers: { host: 'evil.example' } })).status).toBe(403)
  })

  it('without TLS there is no answer', async () => {
    await expect(fetch(`${exporter.url}/-/healthy`, { headers: RIGHT })).rejects.toThrow()
  })

  it('neither passwords nor hashes come to the log', async () => {
    await get('/metrics', { headers: basic('prometheus:guess-2') })
    await get('/metrics?password=guess-3', { headers: basic('guess-4:guess-5') })
    expect((await allowed('/metrics')).status).toBe(200)
    const log = exporter.log()
    expect(log).toContain('tls=true')
    for (const secret of [PASSWORD, hash, 'guess-', RIGHT.authorization.slice(6), 'PRIVATE KEY']) {
      expect(log).not.toContain(secret)
    }
    expect((await allowed('/metrics')).body.toString()).not.toContain(PASSWORD)
  })
})
