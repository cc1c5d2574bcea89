import { hashSync } from 'bcryptjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Api } from '../../src/api/create-api.ts'
import type { AppParts } from '../../src/http/app.ts'
import { createGuard } from '../../src/http/web-config/guard.ts'
import { faultOf, type OpenApi } from '../http/api/support.ts'
import { type Answer, type Asked, startApp } from '../http/support.ts'
import { webConfigFrom } from '../http/web-config/from-yaml.ts'
import { tempLedger } from '../support/temp.ts'
import { apiOn, documentOf, query } from './support.ts'

const SYNC = { sources: () => ['claude-code', 'anthropic-usage'], read: async () => {} }
const OWN = { 'content-type': 'application/json' }
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']

interface Case {
  readonly path: string
  readonly method: string
  readonly status: number
}

/** A path as it is asked for, with names that there are. */
function filled(path: string, names: Readonly<Record<string, string>> = {}): string {
  const known: Readonly<Record<string, string>> = { provider: 'anthropic', source: 'claude-code', ...names }
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = known[name]
    if (value === undefined) throw new Error(`nothing stands for {${name}} of ${path}`)
    return value
  })
}

async function describedApi(): Promise<OpenApi> {
  const ledger = tempLedger()
  onTestFinished(() => ledger.close())
  return documentOf(await apiOn({ ledger }).read('/openapi.json', {}, query())) as OpenApi
}

function casesOf({ paths }: OpenApi): Case[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { responses }]) =>
      Object.keys(responses).map((status) => ({ path, method, status: Number(status) })),
    ),
  )
}

async function serve(parts: Partial<AppParts> = {}, sync = SYNC) {
  const ledger = tempLedger()
  onTestFinished(() => ledger.close())
  const api: Api = apiOn({ ledger, sync })
  return startApp({ api: async () => api, ...parts })
}

type Server = Awaited<ReturnType<typeof serve>>

async function guarded(text: string): Promise<Server> {
  const guard = createGuard(webConfigFrom(text))
  onTestFinished(() => guard.close())
  return serve({ guard: guard.handler })
}

/** How a request comes to have each status. */
type Recipe = (ask: (path: string, asked?: Asked) => Promise<Answer>, operation: Case) => Promise<Answer>

const plain: Recipe = (ask, { path, method }) => ask(filled(path), { method: method.toUpperCase(), headers: OWN })

const RECIPES: Readonly<Record<number, { readonly serve: () => Promise<Server>; readonly recipe: Recipe }>> = {
  200: { serve: () => serve(), recipe: plain },
  202: { serve: () => serve(), recipe: plain },
  304: {
    serve: () => serve(),
    recipe: async (ask, { path }) => ask(filled(path), { headers: { 'if-none-match': '*' } }),
  },
  400: {
    serve: () => serve(),
    recipe: (ask, { path, method }) => ask(`${filled(path)}?nothing=1`, { method: method.toUpperCase(), headers: OWN }),
  },
  401: {
    serve: () => guarded(`basic_auth_users: {ada: '${hashSync('secret', 4)}'}\n`),
    recipe: plain,
  },
  403: {
    serve: () => serve(),
    recipe: (ask, { path, method }) =>
      ask(filled(path), { method: method.toUpperCase(), headers: { ...OWN, host: 'evil.example' } }),
  },
  404: {
    serve: () => serve({}, { ...SYNC, sources: () => ['claude-code'] }),
    recipe: (ask, { path, method }) =>
      ask(filled(path, { provider: 'nobody', source: 'nothing' }), { method: method.toUpperCase(), headers: OWN }),
  },
  413: {
    serve: () => serve(),
    recipe: (ask, { path }) => ask(filled(path), { method: 'POST', headers: { ...OWN, 'content-length': '16385' } }),
  },
  429: {
    serve: async () => {
      const server = await guarded('rate_limit: {interval: 1h, burst: 1}\n')
      expect((await server.get('/-/healthy')).status).toBe(200)
      return server
    },
    recipe: plain,
  },
  503: {
    serve: async () => {
      const server = await serve({ lifecycle: true, maxRequests: 1, reload: () => new Promise(() => {}) })
      server.get('/-/reload', { method: 'POST' }).catch(() => {})
      while ((await server.get('/')).status !== 503) await new Promise(setImmediate)
      return server
    },
    recipe: plain,
  },
}

/** A status that no path of the description may be without. */
const EVERYWHERE = ['400', '401', '403', '429', '503']

describe('the description', () => {
  it('has every status that is really answered, and each of them is', { timeout: 120_000 }, async () => {
    const openApi = await describedApi()
    const cases = casesOf(openApi)
    const statuses = [...new Set(cases.map(({ status }) => status))]
    expect(cases.length).toBeGreaterThan(100)
    const wrong: unknown[] = []
    for (const status of statuses) {
      const known = RECIPES[status]
      if (known === undefined) throw new Error(`nobody knows how to be answered ${status}`)
      const { get, errors } = await known.serve()
      for (const one of cases.filter((each) => each.status === status)) {
        const answer = await known.recipe(get, one)
        const fault = faultOf(openApi, one.path, one.method, answer)
        if (answer.status !== status || fault !== null) wrong.push([one, answer.status, fault])
        if (status === 429 || status === 503) expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/)
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
      }
      expect(errors).toEqual([])
    }
    expect(wrong).toEqual([])
  })

  it('has the problems of every path at every path', async () => {
    for (const [path, item] of Object.entries((await describedApi()).paths)) {
      for (const { responses } of Object.values(item)) {
        expect([path, EVERYWHERE.filter((status) => !(status in responses))]).toEqual([path, []])
      }
    }
  })

  it('has every method that a path takes: all others are answered 405, which tells those', async () => {
    const { paths } = await describedApi()
    const { get } = await serve()
    for (const [path, item] of Object.entries(paths)) {
      const taken = Object.keys(item).map((method) => method.toUpperCase())
      for (const method of METHODS.filter((each) => !taken.includes(each))) {
        const answer = await get(filled(path), { method, headers: OWN })
        expect([path, method, answer.status]).toEqual([path, method, 405])
        const allowed = taken.includes('GET') ? 'GET, HEAD' : 'POST'
        expect(answer.headers.allow).toBe(allowed)
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
        expect(JSON.parse(answer.body.toString())).toMatchObject({ status: 405, detail: `This path takes ${allowed}.` })
      }
    }
  })

  it('has actions whose answers nobody may keep', async () => {
    const { paths } = await describedApi()
    const { get } = await serve()
    for (const [path, item] of Object.entries(paths)) {
      if (!('post' in item)) continue
      const answer = await get(filled(path), { method: 'POST', headers: OWN })
      expect([answer.status, answer.headers['cache-control']]).toEqual([202, 'no-store'])
    }
  })
})
