import type { RequestHandler } from 'express'
import { sendProblem } from './problem.ts'

/** Answers 503 while this many requests are being answered already; 0 sets no limit. */
export function limitConcurrency(maxRequests: number): RequestHandler {
  let running = 0
  return (_request, response, next) => {
    if (maxRequests > 0 && running >= maxRequests) {
      sendProblem(response, 503, {
        detail: `The exporter answers at most ${maxRequests} requests at a time.`,
        headers: { 'retry-after': '1' },
      })
      return
    }
    running += 1
    response.once('close', () => {
      running -= 1
    })
    next()
  }
}
