import express, { type Express, type RequestHandler } from 'express'
import type { Api } from '../api/create-api.ts'
import { createExposition } from '../metrics/exposition.ts'
import type { Health } from '../metrics/health.ts'
import type { Snapshot } from '../view/snapshot.ts'
import { apiPathOf, apiRouter } from './api/router.ts'
import { HEALTH_PATHS, healthRouter } from './health.ts'
import { requireKnownHost } from './host.ts'
import { limitConcurrency } from './limit.ts'
import { metricsRouter } from './metrics.ts'
import { ASSETS_PATH, pageRouter } from './page/router.ts'
import { notFound, problemHandler } from './problem.ts'
import { RELOAD_PATH, reloadRouter } from './reload.ts'

export interface AppParts {
  snapshot(): Snapshot
  readonly health: Pick<Health, 'families' | 'served'>
  isReady(): boolean
  reload(): Promise<void>
  /** Told of every failure that the answer itself does not explain. */
  onError(error: unknown): void
  readonly version: string
  readonly telemetryPath: string
  /** Whether `POST /-/reload` is allowed. */
  readonly lifecycle: boolean
  /** Most scrapes answered at a time, and most requests for anything else, health checks aside; 0 sets no limit. */
  readonly maxRequests: number
  /** Host names that requests may come by, beside localhost and addresses; null to let every name in. */
  readonly allowedHosts: readonly string[] | null
  /** Gives the JSON API; asked when the first request for it comes. */
  readonly api?: () => Promise<Api>
  /** Stands before every path, health checks included. */
  readonly guard?: RequestHandler | null | undefined
}

/** The web application, not listening yet. */
export function createApp(parts: AppParts): Express {
  const { telemetryPath: path } = parts
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(countRequests(parts.health, [path, '/', RELOAD_PATH, ...HEALTH_PATHS]))
  app.use(securityHeaders)
  if (parts.guard) app.use(parts.guard)
  if (parts.allowedHosts !== null) app.use(requireKnownHost(parts.allowedHosts))
  app.use(healthRouter(parts.isReady))
  const limit = () => limitConcurrency(parts.maxRequests)
  app.use(metricsRouter({ path, exposition: createExposition(parts), limit: limit() }))
  // Neither pages left open nor programs that ask for much take the place of a scrape.
  app.use(limit())
  app.use(reloadRouter(parts))
  app.use(pageRouter(parts))
  if (parts.api) app.use(apiRouter(parts.api))
  app.use(notFound)
  app.use(problemHandler(parts.onError))
  return app
}

/** Counts by known paths only: what clients ask for is not bounded. */
function countRequests(health: Pick<Health, 'served'>, paths: readonly string[]): RequestHandler {
  const known = new Set(paths)
  const handlerOf = (path: string) => {
    if (known.has(path)) return path
    return path.startsWith(ASSETS_PATH) ? ASSETS_PATH : (apiPathOf(path) ?? 'other')
  }
  return (request, response, next) => {
    const handler = handlerOf(request.path)
    response.once('finish', () => health.served(handler, response.statusCode))
    next()
  }
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  })
  next()
}
