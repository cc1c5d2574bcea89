import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as basics from '../../../src/api/schema/basics.ts'
import type { Answer, Asked } from '../../http/support.ts'
import { eventually } from '../../support/exporter.ts'
import { everyPath, type Surface, sendPieces, startSurface, statusOf } from './support.ts'

let surface: Surface
let host: string

beforeAll(async () => {
  surface = await startSurface(['--web.enable-lifecycle'])
  host = `127.0.0.1:${surface.address.port}`
})

afterAll(async () => {
  const log = surface.exporter.log()
  await surface.stop()
  expect(log).not.toMatch(/could not be answered|level=error/)
})

/** What comes of a request. No answer at all may give another origin leave to read it. */
async function get(path: string, asked?: Asked): Promise<Answer> {
  const answer = await surface.get(path, asked)
  const telling = Object.keys(answer.headers).filter((name) => /^access-control-|^x-powered-by$|^server$/.test(name))
  expect(telling).toEqual([])
  return answer
}

/** Sends a head as it is. */
async function raw(lines: readonly string[]) {
  return sendPieces(surface.address, [`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`])
}

/** Nothing of the inside may be in an answer that refuses. */
function expectNothingInside(text: string): void {
  expect(text).not.toMatch(
    /node_modules|\bat \S+ \(|file:\/\/|\.[cm]?[jt]s:\d|root:x:|"dependencies"|claude_tokens_total\{/,
  )
}

function expectProblem({ status, headers, body }: Answer): void {
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(basics.problem.parse(JSON.parse(body.toString()))).toMatchObject({ status })
  expectNothingInside(body.toString())
}

async function causesOfRuns(): Promise<string[]> {
  const { rows } = JSON.parse((await get('/api/runs?limit=1000')).body.toString()) as { rows: { cause: string }[] }
  return rows.map(({ cause }) => cause)
}

async function isAnswering(): Promise<void> {
  expect((await get('/-/healthy')).status).toBe(200)
  const scrape = await get('/metrics')
  expect([scrape.status, scrape.body.toString().includes('claude_exporter_load_complete 1')]).toEqual([200, true])
  expect(surface.exporter.process.exitCode).toBeNull()
}

const ACTIONS = ['/api/sync/claude-code', '/api/sync/pi', '/api/usage/sync-anthropic', '/-/reload']
const FORMS = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']
const FOREIGN: readonly { readonly what: string; readonly headers: Readonly<Record<string, string>> }[] = [
  { what: 'JSON of another origin', headers: { 'content-type': 'application/json', origin: 'http://evil.example' } },
  { what: 'the header, of another origin', headers: { 'x-requested-with': 'x', origin: 'https://evil.example' } },
  { what: 'JSON of a sandboxed frame', headers: { 'content-type': 'application/json', origin: 'null' } },
  { what: 'JSON of another port', headers: { 'content-type': 'application/json', origin: 'http://127.0.0.1:1' } },
  { what: 'JSON of another site', headers: { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' } },
  { what: 'JSON of another host of the site', headers: { 'x-requested-with': 'x', 'sec-fetch-site': 'same-site' } },
  ...FORMS.map((type) => ({
    what: `a form (${type})`,
    headers: { 'content-type': type, origin: 'http://evil.example', 'sec-fetch-mode': 'no-cors' },
  })),
]

describe('a POST from a page of another origin', () => {
  it.each(FOREIGN)('as $what starts nothing', async ({ headers }) => {
    const before = await causesOfRuns()
    for (const path of ACTIONS) {
      const answer = await get(path, { method: 'POST', headers })
      expect([path, answer.status]).toEqual([path, 403])
      expectProblem(answer)
    }
    expect(await causesOfRuns()).toEqual(before)
    expect(surface.exporter.log()).not.toContain('configuration reloaded')
  })

  it.each(FORMS)('as a form (%s) that does not name its origin starts no run', async (type) => {
    const before = await causesOfRuns()
    for (const path of ACTIONS.filter((each) => each.startsWith('/api/'))) {
      const answer = await get(path, { method: 'POST', headers: { 'content-type': type } })
      expect([path, answer.status]).toEqual([path, 403])
    }
    expect(await causesOfRuns()).toEqual(before)
  })
})

describe('a name that somebody pointed here', () => {
  it.each([
    () => 'evil.example',
    () => `evil.example:${surface.address.port}`,
    () => 'localhost.evil.example',
    () => '127.0.0.1.evil.example',
    () => 'localhost@evil.example',
    () => '[::1].evil.example',
    () => 'evil.example.',
  ])('%# is refused at every path, and nothing is told', async (name) => {
    const paths = await everyPath(get)
    expect(paths.filter((path) => path.startsWith('/assets/')).length).toBeGreaterThanOrEqual(2)
    for (const path of paths) {
      for (const method of ['GET', 'POST']) {
        const answer = await get(path, { method, headers: { host: name(), 'content-type': 'application/json' } })
        expect([path, method, answer.status]).toEqual([path, method, 403])
        expectProblem(answer)
      }
    }
  })

  it('is refused by every path, and not because of the path', async () => {
    for (const path of await everyPath(get)) {
      const answer = await get(path, { headers: { host: `localhost:${surface.address.port}` } })
      expect([path, answer.status]).not.toEqual([path, 403])
    }
  })

  it.each([
    { what: 'twice', lines: () => [`Host: ${host}`, 'Host: evil.example'] },
    { what: 'not at all', lines: () => [] },
  ])('given $what is no request', async ({ lines }) => {
    const { text } = await raw(['GET /metrics HTTP/1.1', ...lines()])
    expect(statusOf(text)).toBe(400)
    expectNothingInside(text)
  })
})

const PATHS: readonly { readonly path: string; readonly status: number }[] = [
  { path: '/../', status: 404 },
  { path: '/../../etc/passwd', status: 404 },
  { path: '//', status: 404 },
  { path: '//metrics', status: 404 },
  { path: '//evil.example/metrics', status: 404 },
  { path: '/./metrics', status: 404 },
  { path: '/%2e%2e/%2e%2e/etc/passwd', status: 404 },
  { path: '/..%2f..%2fetc%2fpasswd', status: 404 },
  { path: '/..%5c..%5cpackage.json', status: 404 },
  { path: '/%00', status: 404 },
  { path: '/metrics%00.html', status: 404 },
  { path: '/metrics;x=1', status: 404 },
  { path: '/package.json', status: 404 },
  { path: '/dist/main.js', status: 404 },
  { path: '/.git/config', status: 404 },
  { path: '/__proto__', status: 404 },
  { path: '/assets', status: 404 },
  { path: '/assets/', status: 404 },
  { path: '/assets/../../package.json', status: 404 },
  { path: '/assets/..%2f..%2fpackage.json', status: 404 },
  { path: '/assets/%2e%2e/%2e%2e/package.json', status: 404 },
  { path: '/assets/page.css%00', status: 404 },
  { path: '/assets/__proto__', status: 404 },
  { path: '/assets/constructor', status: 404 },
  { path: '/api/usage/__proto__', status: 404 },
  { path: '/api/usage/constructor', status: 404 },
  { path: '/api/usage/toString', status: 404 },
  { path: '/api/usage/%00', status: 404 },
  { path: '/api/usage/..%2fstatus', status: 404 },
  { path: '/api/usage/%3Cscript%3E', status: 404 },
  { path: '/api/usage/%ff', status: 400 },
  { path: '/api/usage/../status', status: 404 },
  { path: '/api/usage/anthropic/../../status', status: 404 },
  { path: '/api/sync/__proto__', status: 405 },
  { path: '/api//status', status: 404 },
  { path: '/API/STATUS', status: 404 },
  { path: `/${'a'.repeat(8_000)}`, status: 404 },
  { path: `/api/usage/${'%41'.repeat(2_000)}`, status: 404 },
  { path: `/${'../'.repeat(2_000)}etc/passwd`, status: 404 },
]

describe('a path', () => {
  it.each(PATHS)('$path is answered $status', async ({ path, status }) => {
    const answer = await get(path)
    expect(answer.status).toBe(status)
    expectProblem(answer)
  })

  it.each(['__proto__', 'constructor', '..%2fruns', '%00', 'claude-code%00', 'x'.repeat(5_000)])(
    'of a source that is not there starts nothing: %s',
    async (name) => {
      const before = await causesOfRuns()
      const answer = await get(`/api/sync/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
      expect(answer.status).toBe(404)
      expectProblem(answer)
      expect(answer.body.length).toBeLessThan(1_000)
      expect(await causesOfRuns()).toEqual(before)
    },
  )

  it.each([
    { line: 'GET metrics HTTP/1.1', status: [400, 404] },
    { line: 'GET \\..\\metrics HTTP/1.1', status: [400, 404] },
    { line: 'GET /metrics#x HTTP/1.1', status: [200, 400, 404] },
    { line: 'GET /a b HTTP/1.1', status: [400] },
    { line: 'GET /\u0000 HTTP/1.1', status: [400] },
    { line: `GET /${'a'.repeat(20_000)} HTTP/1.1`, status: [431] },
    { line: 'OPTIONS * HTTP/1.1', status: [400, 404, 405] },
    { line: 'CONNECT evil.example:443 HTTP/1.1', status: [null, 400, 404, 405] },
    { line: 'NONSENSE /metrics HTTP/1.1', status: [400] },
    { line: 'GET /metrics HTTP/9.9', status: [400, 505] },
    { line: 'PRI * HTTP/2.0', status: [null, 400, 505] },
  ])('that no client sends ($line) is no way in', async ({ line, status }) => {
    const { text } = await raw([line, `Host: ${host}`])
    expect(status).toContain(statusOf(text))
    if (statusOf(text) !== 200) expectNothingInside(text)
    await isAnswering()
  })

  it.each(['http://evil.example/etc/passwd', 'http://evil.example/api/usage/nobody', 'file:///etc/passwd'])(
    'with a host in it is not asked for elsewhere: %s',
    async (target) => {
      const { text } = await raw([`GET ${target} HTTP/1.1`, `Host: ${host}`])
      expect([400, 403, 404]).toContain(statusOf(text))
      expectNothingInside(text)
    },
  )

  it.each(['OPTIONS', 'TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])('by %s is answered 405', async (method) => {
    for (const path of ['/', '/metrics', '/-/healthy', '/-/reload', '/api/status', '/api/sync/claude-code']) {
      const answer = await get(path, {
        method,
        headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST', cookie: 'secret=1' },
      })
      expect([path, answer.status]).toEqual([path, 405])
      expect(answer.headers.allow).toMatch(/^(GET, HEAD|POST)$/)
      expect(answer.body.toString()).not.toContain('secret')
      expectProblem(answer)
    }
  })
})

const QUERIES = [
  'days=7&days=8',
  'days[]=7',
  'days[$gt]=7',
  'days=1e9',
  'days=1000000000',
  'days=99999999999999999999',
  'days=NaN',
  'days=Infinity',
  'days=-1',
  'days=0',
  'days=0x10',
  'days=%00',
  'days=7%00',
  'days=',
  'days',
  '__proto__[x]=1',
  '__proto__=1',
  'constructor[prototype][x]=1',
  'hasOwnProperty=1',
  'from=9999999999999-01-01',
  'from=2026-13-45',
  'to=275760-09-13',
  'tz=../../etc/passwd',
  "tz=UTC'--",
  "project='%20OR%201=1&x=1",
  Array.from({ length: 500 }, (_, index) => `p${index}=1`).join('&'),
]

describe('a parameter', () => {
  it.each(QUERIES)('%s is refused with its name', async (query) => {
    for (const path of ['/api/usage/summary', '/api/usage/anthropic', '/api/sessions', '/api/models']) {
      const answer = await get(`${path}?${query}`)
      expect([path, answer.status]).toEqual([path, 400])
      expectProblem(answer)
      expect(JSON.parse(answer.body.toString()).parameter).toEqual(expect.any(String))
      expect(answer.body.length).toBeLessThan(2_000)
    }
  })

  it.each(['limit=1e9', 'limit=1001', 'limit=0', 'offset=-1', 'offset=1000001', 'limit[]=1', 'sort=__proto__'])(
    '%s of a list is refused',
    async (query) => {
      for (const path of ['/api/sessions', '/api/projects', '/api/agents', '/api/models']) {
        expect([path, (await get(`${path}?${query}`)).status]).toEqual([path, 400])
      }
    },
  )

  it.each(['collect[]=nothing', 'collect[]=__proto__', 'exclude[]=%00', 'collect[]=tokens&collect[]=<script>'])(
    '%s of a scrape is refused',
    async (query) => {
      const answer = await get(`/metrics?${query}`)
      expect(answer.status).toBe(400)
      expectProblem(answer)
    },
  )

  it.each(["'; DROP TABLE message; --", '<script>alert(1)</script>', '\u202egnp', '=cmd|x'])(
    'that is a name is a name only: %s',
    async (name) => {
      const answer = await get(`/api/sessions?project=${encodeURIComponent(name)}`)
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body.toString())).toMatchObject({ filters: { project: name }, rows: [] })
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(answer.headers['x-content-type-options']).toBe('nosniff')
    },
  )
})

const POST = (path: string) => [`POST ${path} HTTP/1.1`, `Host: ${host}`, 'Content-Type: application/json']
const MEBIBYTE = Buffer.alloc(1_048_576, 'x')

function* chunks(head: string, count: number): Generator<string | Buffer> {
  yield `${head}\r\n\r\n`
  for (let index = 0; index < count; index++) {
    yield '100000\r\n'
    yield MEBIBYTE
    yield '\r\n'
  }
}

describe('a body or a head without end', () => {
  it.each([
    { what: 'too large', header: 'Content-Length: 16385' },
    { what: 'far too large', header: 'Content-Length: 1000000000000' },
    { what: 'without a length', header: 'Transfer-Encoding: chunked' },
  ])('is refused: $what', async ({ header }) => {
    const { text, ended } = await sendPieces(surface.address, [
      `${[...POST('/api/sync/pi'), header].join('\r\n')}\r\n\r\n`,
    ])
    expect([statusOf(text), ended]).toEqual([413, true])
    expect(text).toContain('application/problem+json')
  })

  it.each([
    { what: 'two lengths', headers: ['Content-Length: 1', 'Content-Length: 2'] },
    { what: 'a length and none', headers: ['Content-Length: 1', 'Transfer-Encoding: chunked'] },
    { what: 'a negative length', headers: ['Content-Length: -1'] },
    { what: 'no number for a length', headers: ['Content-Length: NaN'] },
  ])('is no request with $what', async ({ headers }) => {
    const { text } = await raw([...POST('/api/sync/pi'), ...headers])
    expect(statusOf(text)).toBe(400)
    expectNothingInside(text)
  })

  it('takes no memory, and everybody else is answered meanwhile', async () => {
    const resident = async () =>
      Number(/^process_resident_memory_bytes (\S+)$/m.exec((await get('/metrics')).body.toString())?.[1])
    const before = await resident()
    expect(before).toBeGreaterThan(0)
    const floods = [
      ...Array.from({ length: 6 }, () =>
        chunks([...POST('/api/sync/pi'), 'Transfer-Encoding: chunked'].join('\r\n'), 40),
      ),
      ...Array.from({ length: 5 }, () =>
        chunks([`GET /metrics HTTP/1.1`, `Host: ${host}`, 'Transfer-Encoding: chunked'].join('\r\n'), 60),
      ),
      ...Array.from({ length: 3 }, () =>
        (function* (): Generator<string | Buffer> {
          yield `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nX-Long: `
          for (let index = 0; index < 10; index++) yield MEBIBYTE
        })(),
      ),
    ].map((pieces, index) => sendPieces(surface.address, pieces, index < 6 || index > 10 ? 30_000 : 1_000))
    for (let index = 0; index < 5; index++) await isAnswering()
    const answers = await Promise.all(floods)
    expect(answers.slice(0, 6).map(({ text, ended }) => [statusOf(text) ?? 413, ended])).toEqual(
      Array.from({ length: 6 }, () => [413, true]),
    )
    expect(answers.slice(11).map(({ text, ended }) => [statusOf(text) ?? 431, ended])).toEqual(
      Array.from({ length: 3 }, () => [431, true]),
    )
    await isAnswering()
    // What was sent is more than twice that.
    expect((await resident()) - before).toBeLessThan(128 * 1_048_576)
  })

  it('that comes ever so slowly keeps nobody out, and is given up', { timeout: 90_000 }, async () => {
    const sockets: Socket[] = []
    let closed = 0
    for (let index = 0; index < 300; index++) {
      const socket = connect(surface.address.port, surface.address.host)
      socket.on('error', () => {})
      socket.on('close', () => closed++)
      socket.on('connect', () => socket.write('GET /metrics HTTP/1.1\r\nX-Slow: '))
      socket.resume()
      sockets.push(socket)
    }
    const drip = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write('x')
    }, 500)
    try {
      for (let index = 0; index < 5; index++) await isAnswering()
      await eventually('the end of all of them', async () => (closed === sockets.length ? true : null), 60_000)
      await isAnswering()
    } finally {
      clearInterval(drip)
      for (const socket of sockets) socket.destroy()
    }
  })
})

describe('starting a run', () => {
  it('two hundred times at once starts one', async () => {
    const before = (await causesOfRuns()).filter((cause) => cause === 'request').length
    const answers = await Promise.all(
      Array.from({ length: 200 }, () =>
        get('/api/sync/claude-code', { method: 'POST', headers: { 'content-type': 'application/json' } }),
      ),
    )
    const begun = answers.flatMap(({ status, body }) =>
      status === 202 ? (JSON.parse(body.toString()) as { runs: { joined: boolean }[] }).runs : [],
    )
    expect(begun.filter(({ joined }) => !joined)).toHaveLength(1)
    for (const answer of answers.filter(({ status }) => status !== 202)) {
      expect([429, 503]).toContain(answer.status)
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
      expectProblem(answer)
    }
    const after = (await causesOfRuns()).filter((cause) => cause === 'request').length
    expect(after - before).toBe(1)
    await isAnswering()
  })
})
