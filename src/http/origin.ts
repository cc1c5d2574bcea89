import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a page of another origin sent it. Browsers name the origin with every POST to another one, and newer ones say
 * how it stands to this one; programs such as curl do neither.
 */
export function isCrossOrigin({ origin, host, ...headers }: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}
