import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { READS } from '../../../src/api/endpoints.ts'
import { READ_PATHS, type ReadPath } from '../../../src/api/paths.ts'
import * as basics from '../../../src/api/schema/basics.ts'
import { syncDocument } from '../../../src/api/schema/lists.ts'
import { faultOf, type OpenApi, type ServedApi, serveSample } from './support.ts'

let api: ServedApi
let openApi: OpenApi

beforeAll(async () => {
  api = await serveSample()
  openApi = (await api.json('/api/openapi.json')) as unknown as OpenApi
})

afterAll(async () => {
  await api.stop()
})

const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json' } }
const fill = (path: string) => path.replace('{provider}', 'anthropic').replace('{source}', 'claude-code')

describe('what is described', () => {
  it('is what there is', () => {
    const described = Object.entries(openApi.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    )
    expect(described.sort()).toEqual(
      [...READ_PATHS.map((path) => `get ${path}`), 'post /api/sync/{source}', 'post /api/usage/sync-anthropic'].sort(),
    )
  })

  it('refers to nothing that is not there', () => {
    const references = JSON.stringify(openApi).match(/#\/components\/schemas\/\w+/g) ?? []
    const missing = references.filter((reference) => !(reference.slice(21) in openApi.components.schemas))
    expect([references.length > 50, missing]).toEqual([true, []])
  })

  it('has a different name for each operation', () => {
    const ids = JSON.stringify(openApi).match(/"operationId":"\w+"/g) ?? []
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('every path', () => {
  it.each(READ_PATHS)('%s answers what the schemas say', async (path) => {
    const answer = await api.get(fill(path))
    expect(answer.status).toBe(200)
    const document: unknown = JSON.parse(answer.body.toString())
    expect(READS[path].document.safeParse(document).error).toBeUndefined()
    expect(faultOf(openApi, path, 'get', answer)).toBeNull()
  })

  it.each([
    [
      '/api/usage/{provider}',
      '?days=400&by=day,source,agent,project,provider,model,branch,billing,session&tz=Asia/Kolkata',
    ],
    ['/api/usage/{provider}', '?from=2026-05-01&to=2026-05-04T10:00:00%2B02:00'],
    ['/api/usage/summary', '?days=1&by=session'],
    ['/api/sessions', '?days=all&sort=start&order=asc&limit=2&offset=1&project=shop'],
    ['/api/projects', '?days=all&sort=name&billing=metered'],
    ['/api/agents', '?from=2026-01-01&source=claude-code'],
    ['/api/models', '?days=7&sort=cache-read&provider=anthropic'],
    ['/api/runs', '?result=ok&limit=1'],
    ['/api/sources', '?order=desc&limit=1'],
    ['/api/prices', '?sort=output&order=desc&limit=3&offset=2'],
  ] as const)('%s%s answers what the schemas say', async (path, query) => {
    const answer = await api.get(`${fill(path)}${query}`)
    expect(answer.status).toBe(200)
    expect(READS[path].document.safeParse(JSON.parse(answer.body.toString())).error).toBeUndefined()
    expect(faultOf(openApi, path, 'get', answer)).toBeNull()
  })

  it.each(READ_PATHS)('%s says so where nothing has changed, with gzip or without', async (path) => {
    const plain = await api.get(fill(path))
    const compressed = await api.get(fill(path), { headers: { 'accept-encoding': 'gzip' } })
    for (const { headers } of [plain, compressed]) {
      const again = await api.get(fill(path), { headers: { 'if-none-match': `"other", W/${headers.etag}` } })
      expect([again.status, again.body.length, faultOf(openApi, path, 'get', again)]).toEqual([304, 0, null])
      expect(headers).toMatchObject({ vary: 'Accept-Encoding', 'cache-control': 'no-cache' })
    }
    const isSmall = plain.body.length < 1_000
    expect(compressed.headers['content-encoding']).toBe(isSmall ? undefined : 'gzip')
    expect(compressed.headers.etag === plain.headers.etag).toBe(isSmall)
    expect((isSmall ? compressed.body : gunzipSync(compressed.body)).toString()).toBe(plain.body.toString())
    const head = await api.get(fill(path), { method: 'HEAD' })
    expect([head.status, head.body.length, head.headers.etag]).toEqual([200, 0, plain.headers.etag])
  })

  it.each(READ_PATHS)('%s refuses what it does not know', async (path) => {
    const refused = await api.get(`${fill(path)}?lmit=3`)
    expect(refused.status).toBe(400)
    expect(basics.problem.parse(JSON.parse(refused.body.toString()))).toMatchObject({ parameter: 'lmit' })
    expect(faultOf(openApi, path, 'get', refused)).toBeNull()
    const posted = await api.get(fill(path), { method: 'POST' })
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD'])
    const foreign = await api.get(fill(path), { headers: { host: 'evil.example' } })
    expect(foreign.status).toBe(403)
    expect(foreign.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('gives no other origin leave to read', async () => {
    const { headers } = await api.get('/api/status', { headers: { origin: 'http://evil.example' } })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
    const asked = await api.get('/api/status', { method: 'OPTIONS', headers: { origin: 'http://evil.example' } })
    expect(asked.status).toBe(405)
  })
})

describe('every problem', () => {
  it.each([
    { path: '/api/usage/{provider}', asked: '/api/usage/nobody', status: 404 },
    { path: '/api/usage/{provider}', asked: '/api/usage/anthropic?days=401', status: 400 },
    { path: '/api/usage/{provider}', asked: '/api/usage/anthropic?from=2020-01-01', status: 400 },
    { path: '/api/usage/summary', asked: '/api/usage/summary?from=2026-05-04&to=2026-05-01', status: 400 },
    { path: '/api/sessions', asked: '/api/sessions?limit=1001', status: 400 },
    { path: '/api/projects', asked: '/api/projects?sort=last', status: 400 },
  ] as const)('$asked answers $status', async ({ path, asked, status }) => {
    const answer = await api.get(asked)
    expect([answer.status, faultOf(openApi, path, 'get', answer)]).toEqual([status, null])
    expect(basics.problem.safeParse(JSON.parse(answer.body.toString())).error).toBeUndefined()
  })

  it('an unknown provider answers those that are known', async () => {
    const { known } = JSON.parse((await api.get('/api/usage/nobody')).body.toString())
    expect(known).toEqual(['anthropic', 'openrouter', 'unknown'])
  })

  it.each([
    '/api',
    '/api/',
    '/api/usage',
    '/api/usage/',
    '/API/status',
    '/api/status/',
    '/api/usage/anthropic/x',
    '/api//status',
    '/api/usage/../../etc/passwd',
    '/claude-usage.json/',
  ])('%s is not there', async (path) => {
    expect((await api.get(path)).status).toBe(404)
  })

  it('a path that cannot be read answers 400', async () => {
    expect((await api.get('/api/usage/%ff')).status).toBe(400)
  })
})

describe('starting a run', () => {
  it('answers the run, and the same one to everybody who asks meanwhile', async () => {
    const [first, ...others] = await Promise.all(
      Array.from({ length: 5 }, () => api.get('/api/sync/claude-code', JSON_POST)),
    )
    for (const answer of [first, ...others]) {
      if (answer === undefined) throw new Error('no answer')
      if (answer.status === 429) continue
      expect([answer.status, faultOf(openApi, '/api/sync/{source}', 'post', answer)]).toEqual([202, null])
      expect(syncDocument.safeParse(JSON.parse(answer.body.toString())).error).toBeUndefined()
    }
    const { rows } = (await api.json('/api/runs?source=claude-code')) as unknown as { rows: { cause: string }[] }
    expect(rows.map(({ cause }) => cause)).toEqual(['request', 'start'])
  })

  it.each([
    { what: 'a form', headers: { 'content-type': 'text/plain' }, status: 403 },
    { what: 'nothing', headers: {}, status: 403 },
    { what: 'another type', headers: { 'content-type': 'application/jsonp' }, status: 403 },
    {
      what: 'a page of another origin',
      headers: { 'content-type': 'application/json', origin: 'http://evil.example' },
      status: 403,
    },
    {
      what: 'a large body',
      headers: { 'content-type': 'application/json', 'content-length': '100000000' },
      status: 413,
    },
    {
      what: 'a name that is not allowed',
      headers: { 'content-type': 'application/json', host: 'evil.example' },
      status: 403,
    },
  ])('by $what is refused', async ({ headers, status }) => {
    const answer = await api.get('/api/sync/pi', { method: 'POST', headers })
    expect(answer.status).toBe(status)
    expect(faultOf(openApi, '/api/sync/{source}', 'post', answer)).toBeNull()
  })

  it('of what there is not answers what there is', async () => {
    const answer = await api.get('/api/sync/opencaw', { method: 'POST', headers: { 'x-requested-with': 'me' } })
    expect(faultOf(openApi, '/api/sync/{source}', 'post', answer)).toBeNull()
    expect(JSON.parse(answer.body.toString())).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no source "opencaw" to read. Did you mean openclaw?',
      known: ['claude-code', 'openclaw', 'pi'],
    })
  })

  it('of organisations where there is none answers that', async () => {
    const answer = await api.get('/api/usage/sync-anthropic', JSON_POST)
    expect([answer.status, faultOf(openApi, '/api/usage/sync-anthropic', 'post', answer)]).toEqual([404, null])
  })

  it('is no reading', async () => {
    const answer = await api.get('/api/usage/sync-anthropic')
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
  })
})

it('nothing is in the description that is not a path', () => {
  const paths: readonly ReadPath[] = READ_PATHS
  expect(Object.keys(READS).sort()).toEqual([...paths].sort())
})
