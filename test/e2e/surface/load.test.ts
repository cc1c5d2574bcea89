import { Agent, get as httpGet } from 'node:http'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { generateTree } from '../../../bench/tree/tree.ts'
import { faultOf, type OpenApi } from '../../http/api/support.ts'
import type { Answer } from '../../http/support.ts'
import { eventually, startExporter, sumOf } from '../../support/exporter.ts'
import { makeHome } from './support.ts'

const DAY_MS = 86_400_000
const REQUESTS = 1_000
const ASKED = ['/', '/metrics', '/api/status', '/api/usage/summary?days=30', '/api/sessions'] as const
const CLASSES = [
  ['input', 'input'],
  ['cache_write_5m', 'cacheWrite5m'],
  ['cache_write_1h', 'cacheWrite1h'],
  ['cache_read', 'cacheRead'],
  ['output', 'output'],
] as const

/** All at once, each on a connection of its own. */
function ask(url: string, path: string, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpGet(`${url}${path}`, { agent, headers: { 'accept-encoding': 'gzip' } }, async (response) => {
      try {
        const body = Buffer.concat(await response.toArray())
        const isGzip = response.headers['content-encoding'] === 'gzip'
        const { statusCode: status, headers } = response
        resolve({ status, headers, body: isGzip ? gunzipSync(body) : body })
      } catch (error) {
        reject(error)
      }
    })
    sent.on('error', reject)
  })
}

/** What is wrong with an answer of the API; null: nothing. */
function wrongOf(openApi: OpenApi, path: string, answer: Answer): unknown {
  const fault = faultOf(openApi, path, 'get', answer)
  if (fault !== null || answer.status !== 200) return fault
  const { complete, totals, last7Days, grandTotal, rows } = JSON.parse(answer.body.toString())
  if (complete === true) return null
  // Part of a history is not the use of any time.
  const told = [totals ?? null, last7Days ?? null, grandTotal ?? null].filter((value) => value !== null)
  return told.length === 0 && (rows ?? []).length === 0 ? null : { complete, told, rows }
}

describe('a thousand requests while a long history is loaded for the first time', () => {
  it('are answered, or told to come again, and nothing of the history is lost', { timeout: 300_000 }, async () => {
    const home = makeHome()
    onTestFinished(() => home.remove())
    const truth = generateTree({
      directory: join(home.folder, '.claude'),
      seed: 6,
      files: 600,
      bytes: null,
      responses: 40_000,
      projects: 30,
      nowMs: Date.now() - 2 * DAY_MS,
      isCompact: true,
    })
    const exporter = await startExporter({ home: home.folder, storage: home.storage })
    onTestFinished(() => exporter.kill('SIGKILL'))
    const agent = new Agent({ keepAlive: true, maxSockets: REQUESTS })
    onTestFinished(() => agent.destroy())
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, async (_, index) => {
        const asked = ASKED[index % ASKED.length] ?? '/'
        const [path = ''] = asked.split('?')
        return { path, answer: await ask(exporter.url, asked, agent) }
      }),
    )

    const openApi = JSON.parse((await ask(exporter.url, '/openapi.json', agent)).body.toString()) as OpenApi
    const looked = new Set<string>()
    const statuses = new Map<string, Set<number | undefined>>()
    for (const { path, answer } of answers) {
      const { status, headers, body } = answer
      statuses.set(path, (statuses.get(path) ?? new Set()).add(status))
      expect([200, 503]).toContain(status)
      if (status === 503) expect(headers['retry-after']).toMatch(/^[1-9]\d*$/)
      const text = body.toString()
      const id = `${path} ${status} ${text}`
      if (looked.has(id)) continue
      looked.add(id)
      if (path.startsWith('/api/')) expect([path, wrongOf(openApi, path, answer)]).toEqual([path, null])
      else if (status === 200 && path === '/metrics') {
        expect(text).toMatch(/^claude_exporter_load_complete [01]$/m)
        // Counters that grow while history loads look like spending.
        if (/^claude_exporter_load_complete 0$/m.test(text)) expect(text).not.toMatch(/^claude_tokens_total\{/m)
        expect(text.endsWith('\n')).toBe(true)
      } else if (status === 200) expect(text).toContain('<main id="content"')
    }
    // Everything is answered at least once, and some of it came while history was loaded.
    for (const path of ASKED) expect([path, statuses.get(path.split('?')[0] ?? '')?.has(200)]).toEqual([path, true])
    expect([...looked].some((id) => id.startsWith('/api/status 200') && id.includes('"complete":false'))).toBe(true)

    const series = await eventually('the end of the history', () => exporter.scrape(), 200_000)
    expect(sumOf(series, 'claude_requests_total')).toBe(BigInt(truth.total.responses))
    for (const [label, name] of CLASSES) {
      expect(sumOf(series, 'claude_tokens_total', `token_type="${label}"`)).toBe(BigInt(truth.total.tokens[name]))
    }
    for (const path of ['/api/models?days=all&limit=1000', '/api/sessions?days=all&limit=1000']) {
      const { totals } = JSON.parse((await ask(exporter.url, path, agent)).body.toString())
      expect(totals).toMatchObject({
        requests: truth.total.responses,
        tokens: { ...truth.total.tokens, total: truth.totalTokens },
      })
    }
    expect(exporter.log()).not.toMatch(/could not be answered|level=error/)
    expect(exporter.process.exitCode).toBeNull()
  })
})
