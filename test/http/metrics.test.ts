import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { problem, problemOf, startApp } from './support.ts'

const TEXT = 'text/plain; version=0.0.4; charset=utf-8'
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
const PROMETHEUS_ACCEPT =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

describe('GET /metrics', () => {
  it('answers text by default', async () => {
    const { get } = await startApp()
    const { status, headers, body } = await get('/metrics')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': TEXT,
      'content-length': String(body.length),
      'cache-control': 'no-cache',
      vary: 'Accept, Accept-Encoding',
      'x-content-type-options': 'nosniff',
    })
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('content-encoding')
    expect(body.toString()).toContain('# TYPE claude_tokens_total counter\n')
  })

  it('answers Prometheus in OpenMetrics, compressed', async () => {
    const { get } = await startApp()
    const { headers, body } = await get('/metrics', {
      headers: { accept: PROMETHEUS_ACCEPT, 'accept-encoding': 'gzip' },
    })
    expect(headers).toMatchObject({
      'content-type': OPENMETRICS,
      'content-encoding': 'gzip',
      'content-length': String(body.length),
    })
    const text = gunzipSync(body).toString()
    expect(text).toContain('# TYPE claude_tokens counter\n')
    expect(text).toMatch(/\n# EOF\n$/)
  })

  it.each([
    { encodings: 'gzip', encoding: 'gzip' },
    { encodings: 'gzip, deflate, br', encoding: 'gzip' },
    { encodings: 'br;q=1.0, gzip;q=0.5', encoding: 'gzip' },
    { encodings: '*', encoding: 'gzip' },
    { encodings: 'gzip;q=0', encoding: undefined },
    { encodings: 'gzip;q=0.2, identity;q=0.8', encoding: undefined },
    { encodings: 'identity', encoding: undefined },
    { encodings: 'br', encoding: undefined },
    { encodings: '', encoding: undefined },
  ])('with Accept-Encoding "$encodings" is encoded as $encoding', async ({ encodings, encoding }) => {
    const { get } = await startApp()
    const { headers } = await get('/metrics', { headers: { 'accept-encoding': encodings } })
    expect(headers['content-encoding']).toBe(encoding)
  })

  it('answers many at the same time alike', async () => {
    const { get } = await startApp({ maxRequests: 0 })
    const asked = { headers: { 'accept-encoding': 'gzip' } }
    const answers = await Promise.all(Array.from({ length: 60 }, () => get('/metrics?collect[]=usage', asked)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.toString('base64'))).size).toBe(1)
  })

  it('can be at another path, taken literally', async () => {
    const { get } = await startApp({ telemetryPath: '/my.metrics' })
    expect((await get('/my.metrics')).status).toBe(200)
    expect((await get('/my.metrics/')).status).toBe(200)
    expect((await get('/myxmetrics')).status).toBe(404)
    expect((await get('/metrics')).status).toBe(404)
  })
})

describe('collect[] and exclude[]', () => {
  it('choose families', async () => {
    const { get } = await startApp()
    const { body } = await get('/metrics?collect[]=prices&collect%5B%5D=sessions')
    const families = [...body.toString().matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect(families).toEqual([
      'claude_active_sessions',
      'claude_agent_cost_last_hour_usd',
      'claude_agent_cost_usual_hour_usd',
      'claude_agent_model_info',
      'claude_agent_tokens_per_minute',
      'claude_agent_usual_tokens_per_minute',
      'claude_model_price_usd_per_token',
      'claude_project_cost_last_hour_usd',
      'claude_project_cost_usual_hour_usd',
      'claude_project_tokens_per_minute',
      'claude_project_usual_tokens_per_minute',
      'claude_session_tokens_per_minute_max',
      'claude_session_unattended_requests_max',
      'claude_sessions_started_total',
    ])
  })

  it.each([
    { query: 'collect[]=usage&exclude[]=cost', detail: 'collect[] and exclude[] cannot be used together.' },
    {
      query: 'collect[]=nothing',
      detail:
        'collect[] and exclude[] take the names usage, cost, cache, sessions, windows, prices, api, billing, budgets, exporter, process.',
    },
  ])('refuse $query', async ({ query, detail }) => {
    const { get } = await startApp()
    expect(problemOf(await get(`/metrics?${query}`))).toEqual(problem(400, 'Bad Request', detail))
  })

  it('stand a query as long as a request can be', async () => {
    const { get } = await startApp()
    const query = 'collect[]=usage&'.repeat(900)
    expect((await get(`/metrics?${query}`)).status).toBe(200)
    expect((await get(`/metrics?%=%FF&${'&'.repeat(10_000)}`)).status).toBe(200)
    expect((await get(`/metrics?${query.repeat(5)}`)).status).toBe(431)
  })
})

describe('other methods on /metrics', () => {
  it('HEAD has the headers of GET and no body', async () => {
    const { get } = await startApp()
    const head = await get('/metrics?collect[]=usage', { method: 'HEAD' })
    const { headers, body } = await get('/metrics?collect[]=usage')
    expect(head.status).toBe(200)
    expect({ ...head.headers, date: '' }).toEqual({ ...headers, date: '' })
    expect(head.headers['content-length']).toBe(String(body.length))
    expect(head.body.length).toBe(0)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s is not allowed', async (method) => {
    const { get } = await startApp()
    const answer = await get('/metrics', { method })
    expect(problemOf(answer)).toEqual(problem(405, 'Method Not Allowed', 'This path takes GET, HEAD.'))
    expect(answer.headers.allow).toBe('GET, HEAD')
  })
})

describe('the count of requests', () => {
  it('is by known path and status', async () => {
    const { get } = await startApp()
    await get('/metrics')
    await get('/metrics?collect[]=nothing')
    await get('/secret/path/of/somebody')
    await get('/-/healthy')
    const { body } = await get('/metrics?collect[]=exporter')
    const counts = body.toString().match(/^claude_exporter_http_requests_total.*/gm)
    expect(counts).toEqual([
      'claude_exporter_http_requests_total{handler="/metrics",code="200"} 1',
      'claude_exporter_http_requests_total{handler="/metrics",code="400"} 1',
      'claude_exporter_http_requests_total{handler="other",code="404"} 1',
      'claude_exporter_http_requests_total{handler="/-/healthy",code="200"} 1',
    ])
  })
})
