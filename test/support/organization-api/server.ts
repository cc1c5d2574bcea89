import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { analyticsCost, analyticsUsage } from './analytics.ts'
import { claudeCode } from './claude-code.ts'
import type { Context, Endpoint } from './context.ts'
import { authorize, type CredentialKind } from './credentials.ts'
import * as directory from './directory.ts'
import { ApiFailure, badRequest, errorBody } from './failure.ts'
import { createFaults, type Faults, sendBadly, spoil, strike } from './faults.ts'
import { legacyCost, legacyUsage } from './legacy.ts'
import { createSlicer } from './slices.ts'
import { ORGANIZATION } from './streams.ts'
import type { Truth } from './truth.ts'

const BASE = '/v1/organizations'
const ANALYTICS_BETA = 'analytics-usage-cost-2026-08-24'
const SPEND_BETA = 'spend-limit-reads-2026-09-26'

export interface OrganizationApiOptions {
  readonly truth: Truth
  readonly keys: Readonly<Record<string, { readonly kind: CredentialKind }>>
  /** Epoch milliseconds; a function for a clock that runs. */
  readonly now: number | (() => number)
  /** At most this many entries on a page. Default: what `limit` says. */
  readonly pageSize?: number
  /** Shares of an hour, a divisor of 60. Default 4: use in minutes 0, 15, 30 and 45. */
  readonly minuteSplit?: number
  /** Default 5 minutes. */
  readonly legacyDelayMs?: number
  /** Default 1 hour. */
  readonly analyticsDelayMs?: number
  /** What the organisation has. Default both. */
  readonly generations?: { readonly analytics: boolean; readonly legacy: boolean }
  /** How a generation that it has not answers: 404, or 400 `organization_type_not_supported`. Default 404. */
  readonly missing?: 404 | 400
  /** Default `none`: as a Console organisation without the preview. */
  readonly spendLimits?: 'none' | 'configured' | 'effective'
  /** Default 401. */
  readonly workspaceKeyStatus?: 401 | 403
}

export interface LoggedRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Epoch milliseconds of the real clock. */
  readonly at: number
  /** The value of a credential is `***`. */
  readonly headers: IncomingHttpHeaders
}

/** The provider's organisation API on 127.0.0.1, answering from a known truth. */
export interface OrganizationApi {
  readonly url: string
  readonly requests: LoggedRequest[]
  readonly faults: Faults
  readonly truth: Truth
  setNow(now: number): void
  setGenerations(generations: { readonly analytics: boolean; readonly legacy: boolean }): void
  revoke(key: string): void
  restore(key: string): void
  /** Also ends connections that hang. */
  close(): Promise<void>
}

export async function startOrganizationApi(options: OrganizationApiOptions): Promise<OrganizationApi> {
  const requests: LoggedRequest[] = []
  const faults = createFaults()
  const keys = new Map(Object.entries(options.keys).map(([key, { kind }]) => [key, kind]))
  const slices = createSlicer(options.minuteSplit ?? 4)
  let generations = options.generations ?? { analytics: true, legacy: true }
  let now = options.now
  let count = 0

  const answer = (request: IncomingMessage, url: URL): Record<string, unknown> => {
    authorize(request.headers, url.pathname, keys, options.workspaceKeyStatus ?? 401)
    const version = request.headers['anthropic-version']
    if (typeof version !== 'string') throw badRequest('anthropic-version: header is required')
    if (request.method !== 'GET') throw new ApiFailure(404, `No such endpoint: ${request.method} ${url.pathname}`)
    const path = url.pathname.slice(BASE.length)
    const generation = generationOf(path)
    if (generation !== null && !generations[generation]) {
      throw options.missing === 400 ? directory.notForThisType() : new ApiFailure(404, `Not found: ${url.pathname}`)
    }
    requireBeta(path, String(request.headers['anthropic-beta'] ?? ''))
    const endpoint = endpointOf(path)
    if (!url.pathname.startsWith(BASE) || endpoint === undefined)
      throw new ApiFailure(404, `Not found: ${url.pathname}`)
    const context: Context = {
      truth: options.truth,
      now: typeof now === 'function' ? now() : now,
      pageSize: options.pageSize ?? Number.POSITIVE_INFINITY,
      legacyDelayMs: options.legacyDelayMs ?? 5 * 60_000,
      analyticsDelayMs: options.analyticsDelayMs ?? 3_600_000,
      spendLimits: options.spendLimits ?? 'none',
      version,
      slices,
    }
    return endpoint(url, context)
  }

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const { method = '', headers } = request
    requests.push({ method, path: url.pathname, query: url.searchParams, at: Date.now(), headers: withoutKey(headers) })
    const requestId = `req_${String(++count).padStart(12, '0')}`
    response.setHeader('request-id', requestId)
    response.setHeader('anthropic-organization-id', ORGANIZATION.id)
    const fault = faults.take(url.pathname)
    if (fault !== undefined && strike(fault, response, requestId)) return
    try {
      const good = answer(request, url)
      const body = JSON.stringify(fault === undefined ? good : spoil(fault, url, good))
      if (fault !== undefined && sendBadly(fault, response, body)) return
      response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    } catch (error) {
      const failure =
        error instanceof ApiFailure ? error : new ApiFailure(500, `The test server failed: ${String(error)}`)
      const retry = failure.status === 400 ? { 'x-should-retry': 'false' } : {}
      response.writeHead(failure.status, { 'content-type': 'application/json', ...retry })
      response.end(JSON.stringify(errorBody(failure, requestId)))
    }
  }

  // Not closed while idle: a client that is slow to notice would meet a connection that is gone.
  const server = createServer({ keepAliveTimeout: 600_000 }, handle)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the test server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    faults,
    truth: options.truth,
    setNow: (value) => {
      now = value
    },
    setGenerations: (value) => {
      generations = value
    },
    revoke: (key) => void keys.delete(key),
    restore(key) {
      const kind = options.keys[key]?.kind
      if (kind !== undefined) keys.set(key, kind)
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

function endpointOf(path: string): Endpoint | undefined {
  const workspace = /^\/workspaces\/([^/]+)\/rate_limits$/.exec(path)?.[1]
  return workspace === undefined ? ENDPOINTS[path] : directory.workspaceRateLimits(decodeURIComponent(workspace))
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/usage_report/messages': legacyUsage,
  '/cost_report': legacyCost,
  '/usage_report/claude_code': claudeCode,
  '/analytics/usage': analyticsUsage,
  '/analytics/cost': analyticsCost,
  '/me': directory.me,
  '/workspaces': directory.workspaces,
  '/api_keys': directory.apiKeys,
  '/rate_limits': directory.rateLimits,
  '/spend_limits': directory.spendLimits,
  '/spend_limits/effective': directory.effectiveSpend,
}

function generationOf(path: string): 'analytics' | 'legacy' | null {
  if (path.startsWith('/analytics/')) return 'analytics'
  return path === '/usage_report/messages' || path === '/cost_report' ? 'legacy' : null
}

function requireBeta(path: string, given: string): void {
  const needed = path.startsWith('/analytics/') ? ANALYTICS_BETA : path === '/spend_limits' ? SPEND_BETA : ''
  if (!given.includes(needed)) throw badRequest(`anthropic-beta: this endpoint requires ${needed}`)
}

function withoutKey(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const shown = { ...headers }
  for (const name of ['authorization', 'x-api-key']) if (name in shown) shown[name] = '***'
  return shown
}
