import { type Request, Router } from 'express'
import { chooseCollectors } from '../metrics/collectors.ts'
import type { Exposition } from '../metrics/exposition.ts'
import { CONTENT_TYPES, negotiateFormat } from './accept.ts'
import { exactPath } from './path.ts'
import { methodNotAllowed, sendProblem } from './problem.ts'

/** The scrape endpoint. */
export function metricsRouter({ path, exposition }: { path: string; exposition: Exposition }): Router {
  const router = Router()
  router
    .route(exactPath(path))
    .get(async (request, response) => {
      const choice = chooseCollectors(queryOf(request))
      if ('problem' in choice) {
        sendProblem(response, 400, { detail: choice.problem })
        return
      }
      const format = negotiateFormat(request.headers.accept)
      const gzip = request.acceptsEncodings('gzip', 'identity') === 'gzip'
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
