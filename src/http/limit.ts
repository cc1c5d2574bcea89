import type { Request, RequestHandler } from 'express'
import { sendBusy } from './page/plain.ts'
import { sendProblem } from './problem.ts'

const RETRY_AFTER_SECONDS = 1

/** Answers 503 while this many requests are being answered already; 0 sets no limit. */
export function limitConcurrency(maxRequests: number): RequestHandler {
  const detail = `The exporter answers at most ${maxRequests} requests at a time.`
  let running = 0
  return (request, response, next) => {
    if (maxRequests > 0 && running >= maxRequests) {
      if (isForReading(request)) sendBusy(response, detail, RETRY_AFTER_SECONDS)
      else sendProblem(response, 503, { detail, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } })
      return
    }
    running += 1
    response.once('close', () => {
      running -= 1
    })
    next()
  }
}

/** Whether the answer is to be looked at in a browser. */
function isForReading(request: Request): boolean {
  return request.path === '/' && request.accepts('json', 'html') === 'html'
}
