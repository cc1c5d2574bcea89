import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { AdminApi } from '../../../src/sources/admin-api/admin-api.ts'
import { tempFolder } from '../../support/temp.ts'
import { apiFor, counting, DAY, failureOf, json, KEY, NOW, never, serve } from './support.ts'

afterEach(() => vi.unstubAllEnvs())

const EMPTY = { data: [], has_more: false, next_page: null }
const read = (api: AdminApi, signal = never) => api.readClaudeCode(DAY, counting(), signal)
const error = (type: string, message: string, code?: string) => ({
  type: 'error',
  error: { type, message, ...(code !== undefined && { details: { error_code: code } }) },
})
const html = (status: number) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'text/html' }).end('<!doctype html><p>Bad')
const status =
  (code: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    json(response, body, code, headers)
const body =
  (text: string, drop = false) =>
  (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write(text)
    if (drop) setTimeout(() => response.destroy(), 20)
    else response.end()
  }

test.each<[string, (response: ServerResponse) => void, object]>([
  [
    '401',
    status(401, error('authentication_error', `invalid ${KEY}`)),
    { reason: 'auth', status: 401, requestId: 'req_1' },
  ],
  ['403', status(403, error('permission_error', 'needs read:analytics')), { reason: 'permission' }],
  ['404', status(404, error('not_found_error', 'no')), { reason: 'unsupported' }],
  [
    '429, seconds',
    status(429, error('rate_limit_error', 'slow'), { 'retry-after': '7' }),
    { reason: 'rate_limit', retryAfterMs: 7000 },
  ],
  [
    '429, ms',
    status(429, {}, { 'retry-after-ms': '250', 'retry-after': '9' }),
    { reason: 'rate_limit', retryAfterMs: 250 },
  ],
  [
    '429, date',
    status(429, {}, { 'retry-after': new Date(NOW + 60_000).toUTCString() }),
    { reason: 'rate_limit', retryAfterMs: 60_000 },
  ],
  ['429, nothing', status(429, {}), { reason: 'rate_limit', retryAfterMs: undefined }],
  [
    'spend limit',
    status(400, error('invalid_request_error', 'x', 'enforced_spend_limit_reached')),
    { reason: 'rate_limit' },
  ],
  [
    'organisation type',
    status(400, error('invalid_request_error', 'x', 'organization_type_not_supported')),
    { reason: 'unsupported' },
  ],
  [
    'not enrolled',
    status(400, error('invalid_request_error', 'x', 'organization_not_enrolled_in_beta')),
    { reason: 'unsupported' },
  ],
  ['400', status(400, error('invalid_request_error', 'ending date\nmust be after')), { reason: 'bad_request' }],
  ['500', status(500, error('api_error', 'x')), { reason: 'overloaded' }],
  ['503', status(503, error('api_error', 'x')), { reason: 'overloaded' }],
  ['529', status(529, error('overloaded_error', 'x')), { reason: 'overloaded' }],
  ['502 HTML', html(502), { reason: 'network', message: expect.stringContaining('an HTML page') }],
  ['504 HTML', html(504), { reason: 'network' }],
  ['504 JSON', status(504, error('timeout_error', 'x')), { reason: 'overloaded' }],
  ['200 HTML', html(200), { reason: 'invalid_response', message: expect.stringContaining('an HTML page') }],
  ['not JSON', body('{"data": ['), { reason: 'invalid_response' }],
  ['body that breaks off', body('{"data": [', true), { reason: 'network' }],
  ['connection reset', (response) => response.destroy(), { reason: 'network' }],
  ['no headers', () => undefined, { reason: 'network', message: expect.stringContaining('0.3 s') }],
])('%s', async (_, answer, expected) => {
  const { baseUrl, seen } = await serve((_seen, response) => answer(response))
  const failure = await failureOf(read(apiFor(baseUrl, { requestTimeoutMs: 300 })))
  expect(failure).toMatchObject(expected)
  expect(`${failure.message} ${String(failure.stack)}`).not.toContain(KEY)
  expect(failure.message).not.toMatch(/[\r\n]/)
  expect(failure.message.length).toBeLessThanOrEqual(300)
  expect(seen).toHaveLength(1)
})

test('no server', async () => {
  expect(await failureOf(read(apiFor('http://127.0.0.1:1')))).toMatchObject({ reason: 'network' })
})

describe('the signal', () => {
  const trickle = () =>
    serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    })

  test('a time limit bounds a body that trickles in', async () => {
    const { baseUrl } = await trickle()
    expect(await failureOf(read(apiFor(baseUrl), AbortSignal.timeout(150)))).toMatchObject({ reason: 'timeout' })
  })

  test('another abort comes out as its reason', async () => {
    const { baseUrl } = await trickle()
    const controller = new AbortController()
    const reason = new Error('stopping')
    setTimeout(() => controller.abort(reason), 50)
    await expect(read(apiFor(baseUrl), controller.signal)).rejects.toBe(reason)
  })

  test('ends the wait for a turn', async () => {
    const { baseUrl, seen } = await serve((_, response) => json(response, EMPTY))
    const api = apiFor(baseUrl, { requestsPerMinute: 1 })
    await read(api)
    expect(await failureOf(read(api, AbortSignal.timeout(50)))).toMatchObject({ reason: 'timeout' })
    expect(seen).toHaveLength(1)
  })
})

test('a redirect is not followed', async () => {
  const other = await serve((_, response) => json(response, EMPTY))
  const { baseUrl } = await serve((_, response) => response.writeHead(307, { location: other.baseUrl }).end())
  expect(await failureOf(read(apiFor(baseUrl)))).toMatchObject({
    reason: 'invalid_response',
    message: expect.stringContaining('redirect'),
  })
  expect(other.seen).toHaveLength(0)
})

test('nothing of the environment is sent', async () => {
  const other = await serve((_, response) => json(response, EMPTY))
  vi.stubEnv('ANTHROPIC_CUSTOM_HEADERS', 'Authorization: Bearer other\nX-Gateway: secret\nanthropic-beta: foreign')
  vi.stubEnv('ANTHROPIC_BASE_URL', other.baseUrl)
  vi.stubEnv('ANTHROPIC_API_KEY', 'foreign')
  vi.stubEnv('ANTHROPIC_AUTH_TOKEN', 'foreign')
  const { baseUrl, seen } = await serve((_, response) => json(response, EMPTY))
  await read(apiFor(baseUrl))
  const headers = seen[0]?.headers ?? {}
  expect(headers.authorization).toBe(`Bearer ${KEY}`)
  expect(headers['user-agent']).toBe(
    'claude-usage-exporter/1.2.3 (+https://www.npmjs.com/package/claude-usage-exporter)',
  )
  expect(headers['x-gateway']).toBeUndefined()
  expect(JSON.stringify(headers)).not.toContain('foreign')
  expect(other.seen).toHaveLength(0)
})

describe('a credential file', () => {
  test.each(['key_file', 'token_file'] as const)('%s is read again when it changed', async (kind) => {
    const path = join(tempFolder(), 'key')
    writeFileSync(path, 'first\n')
    const { baseUrl, seen } = await serve((_, response) => json(response, EMPTY))
    const api = apiFor(baseUrl, { credential: { kind, path } })
    await read(api)
    const mark = await api.credentialMark()
    writeFileSync(path, 'the-second\n')
    await read(api)
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer the-second'])
    expect(await api.credentialMark()).not.toBe(mark)
    expect(mark).toMatch(/^[0-9a-f]{16}$/)
  })

  test.each([
    ['missing', null, 'ENOENT'],
    ['empty', ' \n', 'is empty'],
    ['of two lines', 'one\ntwo\n', 'more than one line'],
    ['with odd characters', 'kéy', 'characters'],
  ])('%s', async (_, content, message) => {
    const path = join(tempFolder(), 'key')
    if (content !== null) writeFileSync(path, content)
    const failure = await failureOf(read(apiFor('http://127.0.0.1:1', { credential: { kind: 'key_file', path } })))
    expect(failure).toMatchObject({ reason: 'auth', message: expect.stringContaining(message) })
  })
})

test('federation: a token for an identity, a new one after a 401', async () => {
  const path = join(tempFolder(), 'identity')
  writeFileSync(path, 'jwt')
  let tokens = 0
  const { baseUrl, seen } = await serve(({ url, headers }, response) => {
    if (url.pathname === '/v1/oauth/token')
      json(response, { access_token: `t${++tokens}`, expires_in: 3600, token_type: 'Bearer' })
    else if (headers.authorization === 'Bearer t1') json(response, error('authentication_error', 'expired'), 401)
    else json(response, EMPTY)
  })
  const credential = { kind: 'federation', ruleId: 'fdrl_1', organizationId: 'org', identityTokenFile: path } as const
  await read(apiFor(baseUrl, { credential }))
  expect(seen.map(({ url }) => url.pathname.split('/').at(-1))).toEqual([
    'token',
    'claude_code',
    'token',
    'claude_code',
  ])
})
