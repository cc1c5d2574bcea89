import { isDeepStrictEqual } from 'node:util'
import type { Request, RequestHandler } from 'express'
import { sendProblem } from '../problem.ts'
import { createBucket } from './bucket.ts'
import { type ClientSide, isWelcome } from './client-certificate.ts'
import { type Comparer, createComparer } from './comparer.ts'
import { credentialsOf } from './credentials.ts'
import { createPasswords } from './passwords.ts'
import type { WebConfig } from './web-config.ts'

export interface Guard {
  /** Lets requests through, or answers them. It stands before every path. */
  readonly handler: RequestHandler
  /** Takes over another configuration for the requests to come. */
  configure(config: WebConfig): void
  close(): Promise<void>
}

const CHALLENGE = 'Basic realm="claude-usage-exporter", charset="UTF-8"'

/** Holds requests to a web configuration: its headers, its rate limit, and who may ask. */
export function createGuard(initial: WebConfig, comparer: Comparer = createComparer()): Guard {
  const passwords = createPasswords(comparer)
  let config = initial
  let hasToken = bucketOf(initial)
  return {
    handler: async (request, response, next) => {
      response.set(config.headers)
      if (!hasToken()) {
        sendProblem(response, 429, { detail: 'More requests than rate_limit allows.', headers: { 'retry-after': '1' } })
        return
      }
      // A connection can be older than the configuration.
      if (config.tls !== null && !isWelcome(clientSideOf(request), config.tls.clients)) {
        request.destroy()
        return
      }
      const { users } = config
      if (users.size === 0) {
        next()
        return
      }
      const credentials = credentialsOf(request.headers.authorization)
      const client = request.socket.remoteAddress ?? ''
      const verdict = credentials === null ? 'wrong' : await passwords({ ...credentials, users, client })
      if (verdict === 'right') {
        next()
      } else if (verdict === 'wrong') {
        sendProblem(response, 401, {
          detail: 'This needs the name and the password of a user.',
          headers: { 'www-authenticate': CHALLENGE },
        })
      } else {
        sendProblem(response, 429, {
          detail: 'Too many passwords are being checked.',
          headers: { 'retry-after': '1' },
        })
      }
    },
    configure(changed) {
      if (!isDeepStrictEqual(config.rateLimit, changed.rateLimit)) hasToken = bucketOf(changed)
      config = changed
    },
    close: () => comparer.close(),
  }
}

function bucketOf({ rateLimit }: WebConfig): () => boolean {
  return rateLimit === null ? () => true : createBucket(rateLimit, () => performance.now())
}

/** A connection without TLS shows no certificate. */
function clientSideOf({ socket }: Request): ClientSide {
  return 'getPeerX509Certificate' in socket
    ? (socket as Request['socket'] & ClientSide)
    : { authorized: false, getPeerX509Certificate: () => undefined }
}
