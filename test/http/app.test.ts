import { describe, expect, it, vi } from 'vitest'
import { OperatorError } from '../../src/core/errors.ts'
import { problem, problemOf, sendRaw, startApp } from './support.ts'

describe('health', () => {
  it.each(['/-/healthy', '/healthz'])('%s answers while the process runs, ready or not', async (path) => {
    const { get } = await startApp({ isReady: () => false })
    const { status, body } = await get(path)
    expect([status, body.toString()]).toEqual([200, 'Healthy.\n'])
  })

  it.each(['/-/ready', '/readyz'])('%s follows readiness', async (path) => {
    let isReady = false
    const { get } = await startApp({ isReady: () => isReady })
    expect(problemOf(await get(path))).toEqual(
      problem(503, 'Service Unavailable', 'The exporter is starting or stopping.'),
    )
    isReady = true
    const { status, body } = await get(path)
    expect([status, body.toString()]).toEqual([200, 'Ready.\n'])
  })

  it.each(['/-/healthy', '/readyz', '/'])('%s takes GET and HEAD only', async (path) => {
    const { get } = await startApp()
    expect((await get(path, { method: 'HEAD' })).status).toBe(200)
    const refused = await get(path, { method: 'POST' })
    expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD'])
  })
})

describe('POST /-/reload', () => {
  const post = { method: 'POST' }

  it('is refused unless it was turned on', async () => {
    const reload = vi.fn(async () => {})
    const { get } = await startApp({ reload })
    expect(problemOf(await get('/-/reload', post))).toEqual(
      problem(403, 'Forbidden', 'Reloading over HTTP is off. Start with --web.enable-lifecycle to allow it.'),
    )
    expect(reload).not.toHaveBeenCalled()
  })

  it('reloads', async () => {
    const reload = vi.fn(async () => {})
    const { get } = await startApp({ lifecycle: true, reload })
    const { status, body } = await get('/-/reload', post)
    expect([status, body.toString()]).toEqual([200, 'Reloaded.\n'])
    expect(reload).toHaveBeenCalledOnce()
  })

  it('is not what GET does', async () => {
    const { get } = await startApp({ lifecycle: true })
    const { status, headers } = await get('/-/reload')
    expect([status, headers.allow]).toEqual([405, 'POST'])
  })

  it.each([
    {
      error: new OperatorError('Unknown key "bugets"', { fix: 'Did you mean "budgets"?' }),
      detail: 'Unknown key "bugets". Did you mean "budgets"?',
    },
    { error: new OperatorError('The file is empty'), detail: 'The file is empty' },
    {
      error: new Error('ENOENT /home/ada/secret'),
      detail: 'The configuration could not be read again. The log says why.',
    },
  ])('says why it failed: $detail', async ({ error, detail }) => {
    const { get, errors } = await startApp({ lifecycle: true, reload: () => Promise.reject(error) })
    expect(problemOf(await get('/-/reload', post))).toEqual(problem(500, 'Internal Server Error', detail))
    expect(errors).toEqual([error])
  })

  it.each([
    { origin: 'http://evil.example', status: 403 },
    { origin: 'null', status: 403 },
    { origin: 'http://localhost:10061', status: 200 },
  ])('from a page of $origin answers $status', async ({ origin, status }) => {
    const { get } = await startApp({ lifecycle: true })
    const answer = await get('/-/reload', { ...post, headers: { host: 'localhost:10061', origin } })
    expect(answer.status).toBe(status)
  })
})

describe('the landing page', () => {
  it('says what this is and links to the metrics, without scripts', async () => {
    const { get } = await startApp({ version: '1.0.0-<beta>', telemetryPath: '/m&m' })
    const { status, headers, body } = await get('/')
    const page = body.toString()
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page).toContain('Version 1.0.0-&lt;beta&gt;.')
    expect(page).toContain('<a href="/m&amp;m">Metrics</a>')
    expect(page).not.toMatch(/<script|<link|style=|\son\w+=/)
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})

describe('the Host header', () => {
  const allowedHosts = ['Exporter.lan', 'host.docker.internal']

  it.each([
    'localhost',
    'LOCALHOST:10061',
    'localhost.',
    '127.0.0.1:10061',
    '192.168.1.7',
    '[::1]:10061',
    '[::1]',
    'exporter.lan:80',
    'EXPORTER.LAN',
    'host.docker.internal',
  ])('%s may be asked for', async (host) => {
    const { get } = await startApp({ allowedHosts })
    expect((await get('/metrics', { headers: { host } })).status).toBe(200)
  })

  it.each([
    'evil.example',
    'evil.example:10061',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:127.0.0.1',
    'notexporter.lan',
    '1.2.3.4@evil.example',
    '[evil.example]',
    '127.1',
    ':',
    '<script>',
  ])('%s may not', async (host) => {
    const { get } = await startApp({ allowedHosts })
    const refusal = 'Only localhost, IP addresses and the names in web.allowed_hosts may be asked for here.'
    expect(problemOf(await get('/metrics', { headers: { host } }))).toEqual(problem(403, 'Forbidden', refusal))
    expect((await get('/-/healthy', { headers: { host } })).status).toBe(403)
  })

  it.each([
    { what: 'empty', host: '' },
    { what: 'very long', host: 'a'.repeat(10_000) },
  ])('may not be $what', async ({ host }) => {
    const { address } = await startApp({ allowedHosts })
    expect(await sendRaw(address, `GET /metrics HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /)
  })

  it('may be anything where the check is off', async () => {
    const { get } = await startApp({ allowedHosts: null })
    expect((await get('/metrics', { headers: { host: 'evil.example' } })).status).toBe(200)
  })

  it('may be missing in HTTP/1.0', async () => {
    const { address } = await startApp()
    expect(await sendRaw(address, 'GET /-/healthy HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })
})

describe('whatever else is asked for', () => {
  it.each([
    '/nothing',
    '/metrics/../etc/passwd',
    '/METRICS',
    '/metrics/x',
    '//metrics',
    '/-/',
    '/-/healthyy',
    '/__proto__',
    '/index.html',
    '/%',
    '/%2e%2e%2f',
    '/%00',
    '/metrics%00',
    '/%ff',
  ])('%s is not there', async (path) => {
    const { get, errors } = await startApp()
    expect(problemOf(await get(path))).toEqual(problem(404, 'Not Found', 'There is nothing at this path.'))
    expect(errors).toEqual([])
  })

  it('may be very deep', async () => {
    const { get } = await startApp()
    expect((await get(`/${'a/'.repeat(5_000)}`)).status).toBe(404)
  })

  it.each([
    { sent: 'BREW /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n', status: 400 },
    { sent: 'GET /metrics HTTP/1.1\r\n\r\n', status: 400 },
    { sent: 'GET http://evil.example/metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n', status: 403 },
    { sent: `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, status: 431 },
    { sent: '\x16\x03\x01\x02\x00 no HTTP at all', status: 400 },
  ])('$sent answers $status', async ({ sent, status }) => {
    const { address, get } = await startApp()
    expect(await sendRaw(address, sent)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect((await get('/-/healthy')).status).toBe(200)
  })

  it('a fault of ours is told to the log and not to the client', async () => {
    const fault = new Error('SELECT secret FROM /home/ada')
    const { get, errors } = await startApp({
      snapshot: () => {
        throw fault
      },
    })
    const answer = await get('/metrics')
    expect(problemOf(answer)).toEqual(
      problem(500, 'Internal Server Error', 'The request could not be answered. The log of the exporter says why.'),
    )
    expect(answer.headers).not.toHaveProperty('x-powered-by')
    expect(errors).toEqual([fault])
  })
})
