import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Answer } from '../../api/answer.ts'
import type { Api } from '../../api/create-api.ts'
import { ACTION_PATHS, READ_PATHS } from '../../api/paths.ts'
import type { ApiProblem } from '../../api/problem.ts'
import { limitConcurrency } from '../limit.ts'
import { methodNotAllowed, sendProblem } from '../problem.ts'
import { requireOwnRequest } from './own-request.ts'

/** Shorter bodies do not get shorter. */
const GZIP_FROM_BYTES = 1_000

/** The rest of the requests that may be answered at a time is kept for scrapes and health checks. */
const SHARE = 3 / 4

/**
 * Serves the API, which is loaded when it is first asked for.
 *
 * @param maxRequests most requests of all kinds at a time; 0: no limit
 */
export function apiRouter(load: () => Promise<Api>, maxRequests: number): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const limit = limitConcurrency(Math.ceil(maxRequests * SHARE))
  // A path for actions is also one that is read, with a provider of that name.
  for (const path of ACTION_PATHS) {
    router
      .route(pattern(path))
      .post(
        limit,
        requireOwnRequest,
        answering(async (request, response) => {
          const answer = await (await load()).act(path, pathValues(request), queryOf(request))
          response.status(202).set({ 'cache-control': 'no-store' })
          await send(request, response, answer)
        }),
      )
      .all(methodNotAllowed('POST'))
  }
  for (const path of READ_PATHS) {
    router
      .route(pattern(path))
      .get(
        limit,
        answering(async (request, response) => {
          const answer = await (await load()).read(path, pathValues(request), queryOf(request))
          response.set('cache-control', 'no-cache')
          await send(request, response, answer)
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

async function send(request: Request, response: Response, answer: Answer): Promise<void> {
  const isGzip = answer.body.length >= GZIP_FROM_BYTES && request.acceptsEncodings('gzip', 'identity') === 'gzip'
  const etag = `"${answer.etag}${isGzip ? '-gzip' : ''}"`
  response.set({ etag, vary: 'Accept-Encoding' })
  if (response.statusCode === 200 && matches(request.headers['if-none-match'], answer.etag)) {
    response.status(304).end()
    return
  }
  const body = isGzip ? await answer.compressed() : answer.body
  response.set({ 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length) })
  if (isGzip) response.set('content-encoding', 'gzip')
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** Whether the client has the document, in either encoding. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((given) => {
    const tag = given.trim().replace(/^W\//, '')
    return tag === '*' || tag === `"${etag}"` || tag === `"${etag}-gzip"`
  })
}
