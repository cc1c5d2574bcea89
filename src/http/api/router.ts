import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Api } from '../../api/create-api.ts'
import { ACTION_PATHS, READ_PATHS } from '../../api/paths.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { methodNotAllowed, sendProblem } from '../problem.ts'
import { sendBody } from '../send-body.ts'
import { requireOwnRequest } from './own-request.ts'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Serves the API, which is loaded when it is first asked for. */
export function apiRouter(load: () => Promise<Api>): Router {
  const router = Router({ caseSensitive: true, strict: true })
  // A path for actions is also one that is read, with a provider of that name.
  for (const path of ACTION_PATHS) {
    router
      .route(pattern(path))
      .post(
        requireOwnRequest,
        answering(async (request, response) => {
          const answer = await (await load()).act(path, pathValues(request), queryOf(request))
          response.status(202).set({ 'cache-control': 'no-store' })
          await sendBody(request, response, answer, JSON_TYPE)
        }),
      )
      .all(methodNotAllowed('POST'))
  }
  for (const path of READ_PATHS) {
    router
      .route(pattern(path))
      .get(
        answering(async (request, response) => {
          const answer = await (await load()).read(path, pathValues(request), queryOf(request))
          response.set('cache-control', 'no-cache')
          await sendBody(request, response, answer, JSON_TYPE)
        }),
      )
      .all(methodNotAllowed('GET', 'HEAD'))
  }
  return router
}

const PATHS = [...ACTION_PATHS, ...READ_PATHS].map(
  (path) => [path, new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)] as const,
)

/** The path of the API that a request is for, with words in braces; null for other paths. */
export function apiPathOf(path: string): string | null {
  return PATHS.find(([, pattern]) => pattern.test(path))?.[0] ?? null
}

/** `/api/usage/{provider}` in the language of Express. */
function pattern(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}

function pathValues({ params }: Request): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}

function queryOf({ url }: Request): URLSearchParams {
  const start = url.indexOf('?')
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1))
}

function answering(answer: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return async (request, response) => {
    try {
      await answer(request, response)
    } catch (error) {
      // The class itself would be loaded with it, and with that the whole API.
      if (!(error instanceof Error) || error.name !== 'ApiProblem') throw error
      const { status, message: detail, problem } = error as ApiProblem
      const { retryAfterSeconds, ...members } = problem
      const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
      sendProblem(response, status, { detail, headers, members })
    }
  }
}
