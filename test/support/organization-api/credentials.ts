import type { IncomingHttpHeaders } from 'node:http'
import { ApiFailure } from './failure.ts'

/** `analytics-scoped`: a key with `read:analytics` only; `no-scope`: a valid one without any of use. */
export type CredentialKind = 'admin' | 'analytics-scoped' | 'workspace' | 'no-scope'

/** Rejects a request whose key may not read the path. Both forms of credential are taken. */
export function authorize(
  headers: IncomingHttpHeaders,
  path: string,
  keys: ReadonlyMap<string, CredentialKind>,
  workspaceKeyStatus: 401 | 403,
): void {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  const given = headers['x-api-key'] ?? bearer
  if (typeof given !== 'string') throw new ApiFailure(401, 'x-api-key header is required')
  const kind = keys.get(given)
  if (kind === undefined) throw new ApiFailure(401, 'invalid x-api-key')
  if (kind === 'workspace') {
    throw new ApiFailure(workspaceKeyStatus, workspaceKeyStatus === 401 ? 'invalid x-api-key' : 'Admin key required')
  }
  if (kind === 'admin' || path.endsWith('/me')) return
  if (kind === 'analytics-scoped' && path.includes('/analytics/')) return
  const held = kind === 'analytics-scoped' ? 'read:analytics' : 'none'
  const needed = path.includes('/analytics/')
    ? 'read:analytics'
    : path.includes('/spend_limits')
      ? 'read:spend_limits'
      : 'org:admin'
  throw new ApiFailure(403, `This key lacks a scope. Scopes held: ${held}; needed: ${needed}`)
}
