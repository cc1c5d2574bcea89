import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
// Loaded before, so that no request waits for it.
import '../../../src/overview/read.ts'
import '../../../src/page/page.ts'
import { type ServedApi, serveSample } from '../api/support.ts'
import { problemOf } from '../support.ts'

const GZIP = { headers: { 'accept-encoding': 'gzip' } }

let served: ServedApi

beforeAll(async () => {
  served = await serveSample()
})
afterAll(() => served.stop())

async function pageText(): Promise<string> {
  return (await served.get('/')).body.toString()
}

/** Paths of the style and the script, as the page names them. */
async function assetPaths() {
  const page = await pageText()
  return {
    style: /<link rel="stylesheet" href="([^"]+)"/.exec(page)?.[1] ?? 'no style',
    script: /<script type="module" src="([^"]+)"/.exec(page)?.[1] ?? 'no script',
  }
}

/** Between two questions the page may have become another one: then they are asked again. */
function withoutChange(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 20_000, interval: 10 })
}

describe('the page', () => {
  it('is HTML, is asked for each time, and lets nothing in from elsewhere', async () => {
    const { status, headers, body } = await served.get('/')
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
      'content-length': String(body.length),
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    })
    expect(body.toString()).toMatch(/^<!doctype html>.*<main id="content".*<\/html>\s*$/s)
  })

  it('has nothing in it that this policy would not let run', async () => {
    const page = await pageText()
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! type="(?:module" src=|application\/json"))/i)
  })

  it('is sent once to who has it', async () => {
    await withoutChange(async () => {
      const { headers, body } = await served.get('/')
      const again = await served.get('/', { headers: { 'if-none-match': headers.etag ?? '' } })
      expect([again.status, again.body.length]).toEqual([304, 0])
      const other = await served.get('/', { headers: { 'if-none-match': '"other", W/"more"' } })
      expect([other.status, other.body.equals(body)]).toEqual([200, true])
    })
  })

  it('is compressed for those who take that', async () => {
    await withoutChange(async () => {
      const { headers, body } = await served.get('/', GZIP)
      expect(headers['content-encoding']).toBe('gzip')
      const plain = await served.get('/')
      expect(gunzipSync(body).equals(plain.body)).toBe(true)
      expect(headers.etag).not.toBe(plain.headers.etag)
      const known = await served.get('/', { headers: { 'if-none-match': headers.etag ?? '' } })
      expect(known.status).toBe(304)
    })
  })

  it('is there for many who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => served.get('/')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('answers HEAD without a body, and no other method', async () => {
    const head = await served.get('/', { method: 'HEAD' })
    expect([head.status, head.body.length]).toEqual([200, 0])
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1_000)
    const post = await served.get('/', { method: 'POST' })
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD'])
  })
})

describe('style and script', () => {
  it.each([
    { asset: 'style', type: 'text/css; charset=utf-8', has: '.u-over' },
    { asset: 'script', type: 'text/javascript; charset=utf-8', has: 'DOMParser' },
  ] as const)('$asset is kept for ever under a name that changes with it', async ({ asset, type, has }) => {
    const path = (await assetPaths())[asset]
    expect(path).toMatch(/^\/assets\/page-[0-9a-f]{16}\.(css|js)$/)
    const { status, headers, body } = await served.get(path)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    })
    expect(body.toString()).toContain(has)
    const compressed = await served.get(path, GZIP)
    expect(gunzipSync(compressed.body).equals(body)).toBe(true)
    const known = await served.get(path, { headers: { 'if-none-match': headers.etag ?? '' } })
    expect(known.status).toBe(304)
    expect((await served.get(path, { method: 'HEAD' })).body.length).toBe(0)
    expect((await served.get(path, { method: 'DELETE' })).status).toBe(405)
  })

  it('can stand in a document as they are', async () => {
    const { style, script } = await assetPaths()
    const texts = [(await served.get(style)).body.toString(), (await served.get(script)).body.toString()]
    for (const text of texts) expect(text).not.toMatch(/<\/(style|script)|<!--|sourceMappingURL|@import|url\(/i)
  })

  it.each([
    '/assets/',
    '/assets/page-0000000000000000.css',
    '/assets/package.json',
    '/assets/../package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/assets//etc/passwd',
    '/assets/toString',
    '/assets/__proto__',
    '/assets/%00',
    '/assets',
    '/ASSETS/page.css',
  ])('there is nothing at %s', async (path) => {
    expect(problemOf(await served.get(path))).toMatchObject({
      status: 404,
      problem: { status: 404, title: 'Not Found' },
    })
  })

  it('a path that cannot be decoded is refused', async () => {
    expect((await served.get('/assets/%E0%A4%A')).status).toBe(400)
  })
})

it('requests for the page and below /assets/ are counted under one name each', async () => {
  await served.get('/')
  for (const path of ['/assets/a', '/assets/b', (await assetPaths()).style]) await served.get(path)
  const metrics = (await served.get('/metrics')).body.toString()
  const handlers = [...metrics.matchAll(/^claude_exporter_http_requests_total\{[^}]*handler="([^"]*)"/gm)].map(
    ([, handler]) => handler,
  )
  expect(handlers).toContain('/')
  expect(handlers.filter((handler) => handler?.startsWith('/assets'))).toEqual(expect.arrayContaining(['/assets/']))
  expect(new Set(handlers.filter((handler) => handler?.startsWith('/assets')))).toEqual(new Set(['/assets/']))
})
