import type { RequestHandler } from 'express'
import { isCrossOrigin } from '../origin.ts'
import { sendProblem } from '../problem.ts'

const MAX_BODY_BYTES = 16_384

/**
 * Lets only requests through that no page of another origin can send without asking first: browsers ask before they
 * send JSON or a header of the page's own to another origin, and nobody here says yes.
 */
export const requireOwnRequest: RequestHandler = (request, response, next) => {
  const { headers } = request
  if (isCrossOrigin(headers)) {
    sendProblem(response, 403, { detail: 'A page of another origin may not start anything.' })
  } else if (!isJson(headers['content-type']) && headers['x-requested-with'] === undefined) {
    sendProblem(response, 403, {
      detail:
        'Send the content type application/json or a header X-Requested-With, which pages of other origins cannot.',
    })
  } else if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    // One without a length may have no end.
    sendProblem(response, 413, {
      detail: 'No body is needed here: send none, or a short one with its length.',
      headers: { connection: 'close' },
    })
  } else {
    next()
  }
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json\s*(;|$)/i.test(type)
}
