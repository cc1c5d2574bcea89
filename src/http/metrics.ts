import { type Request, type RequestHandler, Router } from 'express'
import { chooseCollectors } from '../metrics/collectors.ts'
import type { Exposition } from '../metrics/exposition.ts'
import { CONTENT_TYPES, negotiateFormat } from './accept.ts'
import { exactPath } from './path.ts'
import { methodNotAllowed, sendProblem } from './problem.ts'
import { takesGzip } from './send-body.ts'

export interface MetricsParts {
  readonly path: string
  readonly exposition: Exposition
  /** Stands before every scrape, and before nothing else. */
  readonly limit: RequestHandler
}

/** The scrape endpoint. */
export function metricsRouter({ path, exposition, limit }: MetricsParts): Router {
  const router = Router()
  router
    .route(exactPath(path))
    .get(limit, async (request, response) => {
      const choice = chooseCollectors(queryOf(request))
      if ('problem' in choice) {
        sendProblem(response, 400, { detail: choice.problem })
        return
      }
      const format = negotiateFormat(request.headers.accept)
      const gzip = takesGzip(request)
      const body = await exposition({ format, gzip, collectors: choice.collectors })
      response.setHeader('content-type', CONTENT_TYPES[format])
      response.setHeader('content-length', body.length)
      response.setHeader('cache-control', 'no-cache')
      response.setHeader('vary', 'Accept, Accept-Encoding')
      if (gzip) response.setHeader('content-encoding', 'gzip')
      response.end(request.method === 'HEAD' ? undefined : body)
    })
    .all(methodNotAllowed('GET', 'HEAD'))
  return router
}

function queryOf(request: Request): URLSearchParams {
  const start = request.url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : request.url.slice(start + 1))
}
