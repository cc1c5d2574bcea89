import { type RequestHandler, Router } from 'express'
import { methodNotAllowed, sendProblem } from './problem.ts'

export const HEALTH_PATHS = ['/-/healthy', '/healthz', '/-/ready', '/readyz'] as const

/** Answers whether the process runs, and whether it can serve. Neither depends on an agent or on a provider. */
export function healthRouter(isReady: () => boolean): Router {
  const healthy: RequestHandler = (_request, response) => {
    response.set('cache-control', 'no-store').type('text/plain').send('Healthy.\n')
  }
  const ready: RequestHandler = (_request, response) => {
    if (isReady()) {
      response.set('cache-control', 'no-store').type('text/plain').send('Ready.\n')
    } else {
      sendProblem(response, 503, { detail: 'The exporter is starting or stopping.', headers: { 'retry-after': '1' } })
    }
  }
  const router = Router()
  router.route(['/-/healthy', '/healthz']).get(healthy).all(methodNotAllowed('GET', 'HEAD'))
  router.route(['/-/ready', '/readyz']).get(ready).all(methodNotAllowed('GET', 'HEAD'))
  return router
}
