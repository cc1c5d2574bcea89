import { isIP } from 'node:net'
import type { RequestHandler } from 'express'
import { sendProblem } from './problem.ts'

/**
 * Refuses requests that came by a foreign host name. A web page can point its own name at 127.0.0.1 and then read
 * whatever answers there (DNS rebinding); the Host header still tells the page's name. Addresses are allowed, because
 * a name is what the attack needs.
 */
export function requireKnownHost(allowed: readonly string[]): RequestHandler {
  const names = new Set(['localhost', ...allowed.map((name) => name.toLowerCase())])
  return (request, response, next) => {
    // Whoever stands before this may have looked at another one of them.
    if ((request.headersDistinct['host']?.length ?? 0) > 1) {
      sendProblem(response, 400, { detail: 'A request may name one host only.' })
      return
    }
    const name = hostNameOf(request.headers.host)
    if (name === null || names.has(name) || isIP(name) !== 0) {
      next()
    } else {
      sendProblem(response, 403, {
        detail: 'Only localhost, IP addresses and the names in web.allowed_hosts may be asked for here.',
      })
    }
  }
}

/** Without port, brackets and final dot, in lower case; null where there is no Host header (HTTP/1.0). */
function hostNameOf(header: string | undefined): string | null {
  if (header === undefined) return null
  return header
    .trim()
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
}
