import { Router } from 'express'
import { OperatorError } from '../core/errors.ts'
import { isCrossOrigin } from './origin.ts'
import { methodNotAllowed, sendProblem } from './problem.ts'

export const RELOAD_PATH = '/-/reload'

export interface ReloadParts {
  /** Whether the operator allowed reloading over HTTP. */
  readonly lifecycle: boolean
  /** Reads the configuration again. Rejects, and leaves everything as it was, when it is not valid. */
  reload(): Promise<void>
  onError(error: unknown): void
}

/** Reloading on request. */
export function reloadRouter({ lifecycle, reload, onError }: ReloadParts): Router {
  const router = Router()
  router
    .route(RELOAD_PATH)
    .post(async (request, response) => {
      if (!lifecycle) {
        sendProblem(response, 403, {
          detail: 'Reloading over HTTP is off. Start with --web.enable-lifecycle to allow it.',
        })
      } else if (isCrossOrigin(request.headers)) {
        sendProblem(response, 403, { detail: 'A page of another origin may not reload the configuration.' })
      } else {
        try {
          await reload()
        } catch (error) {
          onError(error)
          sendProblem(response, 500, { detail: reasonOf(error) })
          return
        }
        response.set('cache-control', 'no-store').type('text/plain').send('Reloaded.\n')
      }
    })
    .all(methodNotAllowed('POST'))
  return router
}

function reasonOf(error: unknown): string {
  if (!(error instanceof OperatorError)) return 'The configuration could not be read again. The log says why.'
  return error.fix === undefined ? error.message : `${error.message}. ${error.fix}`
}
