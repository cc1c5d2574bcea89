import express from 'express'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Api } from '../../src/api/create-api.ts'
import { limitConcurrency } from '../../src/http/limit.ts'
import { metricsRouter } from '../../src/http/metrics.ts'
import { startServer } from '../../src/http/server.ts'
import { createBody } from '../../src/lib/body.ts'
import { type Answer, ask, problem, problemOf, startApp } from './support.ts'

const BROWSER = { headers: { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' } }
const WAIT = { timeout: 30_000, interval: 5 }

/** What is done when it is told to. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  let waiting = 0
  return {
    open: () => open(),
    waiting: () => waiting,
    pass: () => {
      waiting += 1
      return opened
    },
  }
}

/** An app whose API answers nothing before the gate is opened. */
async function startSlowApi(maxRequests: number) {
  const slow = gate()
  const read = async () => {
    await slow.pass()
    return createBody('{}')
  }
  const started = await startApp({ maxRequests, api: async () => ({ read }) as Partial<Api> as Api })
  return { ...started, slow }
}

const statuses = (answers: readonly Answer[], status: number) => answers.filter((answer) => answer.status === status)

describe('the limit of requests', () => {
  it('turns away what is too much, lets it in again afterwards, and is none for health checks', async () => {
    const { get, slow } = await startSlowApi(1)
    const running = get('/api/status')
    await vi.waitFor(() => expect(slow.waiting()).toBe(1), WAIT)
    for (const path of ['/api/models', '/', '/nothing', '/assets/page.js']) {
      const refused = await get(path)
      const detail = 'The exporter answers at most 1 requests at a time.'
      expect(problemOf(refused)).toEqual(problem(503, 'Service Unavailable', detail))
      expect(refused.headers['retry-after']).toBe('1')
    }
    for (const path of ['/-/healthy', '/healthz', '/-/ready', '/readyz']) expect((await get(path)).status).toBe(200)
    slow.open()
    expect((await running).status).toBe(200)
    await vi.waitFor(async () => expect((await get('/api/models')).status).toBe(200), WAIT)
  })

  it('is said in words that can be read to whoever opens the page in a browser', async () => {
    const { get, slow } = await startSlowApi(1)
    const running = get('/api/status')
    await vi.waitFor(() => expect(slow.waiting()).toBe(1), WAIT)
    const { status, headers, body } = await get('/', BROWSER)
    expect(status).toBe(503)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'retry-after': '1',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; style-src 'sha256-/),
    })
    expect(body.toString()).toContain('The exporter answers at most 1 requests at a time.')
    expect((await get('/', { ...BROWSER, method: 'HEAD' })).body.length).toBe(0)
    expect((await get('/api/models', BROWSER)).headers['content-type']).toMatch(/^application\/problem\+json/)
    slow.open()
    await running
  })

  it('of requests for the API takes no place from scrapes', async () => {
    const { get, slow } = await startSlowApi(40)
    const asked = Array.from({ length: 200 }, () => get('/api/status'))
    await vi.waitFor(() => expect(slow.waiting()).toBe(40), WAIT)
    const scrapes = await Promise.all(Array.from({ length: 20 }, () => get('/metrics')))
    expect(statuses(scrapes, 200)).toHaveLength(20)
    // Nobody is answered before all have come.
    await vi.waitFor(async () => {
      const { body } = await get('/metrics?collect[]=exporter')
      expect(body.toString()).toContain('{handler="/api/status",code="503"} 160\n')
    }, WAIT)
    slow.open()
    const answers = await Promise.all(asked)
    expect([statuses(answers, 200).length, statuses(answers, 503).length]).toEqual([40, 160])
  })

  it('is one for scrapes as well', async () => {
    const slow = gate()
    const exposition = async () => {
      await slow.pass()
      return Buffer.from('up 1\n')
    }
    const app = express().use(metricsRouter({ path: '/metrics', exposition, limit: limitConcurrency(3) }))
    const server = await startServer({ app, addresses: [{ host: '127.0.0.1', port: 0 }], onError: () => {} })
    onTestFinished(() => server.close(0))
    const [address = { host: '', port: 0 }] = server.addresses
    const running = Array.from({ length: 3 }, () => ask(address, '/metrics'))
    await vi.waitFor(() => expect(slow.waiting()).toBe(3), WAIT)
    expect((await ask(address, '/metrics')).status).toBe(503)
    slow.open()
    expect(statuses(await Promise.all(running), 200)).toHaveLength(3)
    await vi.waitFor(async () => expect((await ask(address, '/metrics')).status).toBe(200), WAIT)
  })

  it('of 0 is none', async () => {
    const { get, slow } = await startSlowApi(0)
    const asked = Array.from({ length: 100 }, () => get('/api/status'))
    await vi.waitFor(() => expect(slow.waiting()).toBe(100), WAIT)
    slow.open()
    expect(statuses(await Promise.all(asked), 200)).toHaveLength(100)
  })
})
