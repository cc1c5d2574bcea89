import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'

export interface ProblemDetail {
  /** What is wrong with this request and what to do about it, for the person who sent it. */
  readonly detail?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Further members of the document. */
  readonly members?: Readonly<Record<string, unknown>>
}

/** Answers with a problem document (RFC 9457). */
export function sendProblem(response: Response, status: number, problem: ProblemDetail = {}): void {
  const { detail, headers = {}, members } = problem
  response
    .status(status)
    .set({ 'cache-control': 'no-store', ...headers })
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...members }))
}

/** For a path that is there, but not for this method. */
export function methodNotAllowed(...allowed: readonly string[]): RequestHandler {
  const allow = allowed.join(', ')
  return (_request, response) => {
    sendProblem(response, 405, { detail: `This path takes ${allow}.`, headers: { allow } })
  }
}

export const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, 404, { detail: 'There is nothing at this path.' })
}

/**
 * The last handler: turns what a route threw into an answer that tells nothing of the inside. Requests that Express
 * itself cannot read keep their 4xx status; everything else is a fault of ours and goes to `onError`.
 */
export function problemHandler(onError: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status = clientErrorStatus(error)
    if (status === null) onError(error)
    if (response.headersSent) {
      next(error)
    } else if (status === null) {
      sendProblem(response, 500, { detail: 'The request could not be answered. The log of the exporter says why.' })
    } else {
      sendProblem(response, status, { detail: 'The request could not be read.' })
    }
  }
}

function clientErrorStatus(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null
  const { status } = error
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null
}
