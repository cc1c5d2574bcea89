import { SyncError, type SyncFailure } from '../../core/sync-run.ts'
import { looksLikeHtml, safeText } from './message.ts'

export interface RequestContext {
  /** What was asked for: `cost_report`. */
  readonly what: string
  readonly signal: AbortSignal
  /** Kept out of every message. */
  readonly secret: string | null
  readonly timeoutMs: number
  readonly now: number
}

const NOT_HERE = new Set(['organization_type_not_supported', 'organization_not_enrolled_in_beta'])

const ADVICE: Partial<Record<SyncFailure, string>> = {
  auth: 'check the credential',
  permission: 'an Admin API key of the organisation is needed',
}

/**
 * What to throw for an error of a request: a SyncError, or the reason of the run's signal when that was aborted for
 * anything but its time limit.
 */
export function failure(error: unknown, context: RequestContext): unknown {
  const { what, signal } = context
  if (signal.aborted) {
    return isTimeLimit(signal.reason) ? new SyncError('timeout', `${what}: the time limit of the run`) : signal.reason
  }
  const own = causes(error).find((cause) => cause instanceof SyncError)
  if (own instanceof SyncError) {
    return new SyncError(own.reason, safeText(`${what}: ${own.message}`, context.secret), detailOf(own))
  }
  if (isAnswer(error)) return answered(error, context)
  const say = (reason: SyncFailure, message: string) =>
    new SyncError(reason, safeText(`${what}: ${message}`, context.secret))
  const name = error instanceof Error ? error.name : ''
  if (name === 'APIConnectionTimeoutError') return say('network', `no answer within ${context.timeoutMs / 1000} s`)
  if (name === 'SyntaxError') return say('invalid_response', 'the answer is not JSON')
  if (name === 'WorkloadIdentityError') return exchangeFailed(error, context)
  if (name === 'APIConnectionError' || error instanceof TypeError || isSystemError(error)) {
    return say('network', `no connection, or it broke: ${deepest(error)}; check network and admin_api.base_url`)
  }
  // What is left comes from the SDK before it sends anything: a profile that is missing or cannot be used.
  return say('auth', `${deepest(error)}; ${ADVICE.auth}`)
}

interface Answer extends Error {
  readonly status: number
  readonly headers: Headers
  readonly error: unknown
}

function isAnswer(error: unknown): error is Answer {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'headers' in error
}

function answered(error: Answer, context: RequestContext): SyncError {
  const { status, headers } = error
  const body = errorBody(error.error)
  const isHtml = body === null && looksLikeHtml(error.message.replace(/^\d+ /, ''))
  const reason = reasonOf(status, body?.code ?? null, isHtml)
  const retryAfterMs = retryAfter(headers, context.now)
  const seen = isHtml ? 'an HTML page' : body === null ? error.message.replace(/^\d+ /, '') : body.text
  const isRedirect = status >= 300 && status < 400
  const said = isRedirect ? 'a redirect, which is not followed; check admin_api.base_url' : seen
  const advice = ADVICE[reason] === undefined ? '' : `; ${ADVICE[reason]}`
  const requestId = headers.get('request-id')
  const message = safeText(said, context.secret).slice(0, 200)
  return new SyncError(reason, safeText(`${context.what}: HTTP ${status}: ${message}${advice}`, context.secret), {
    status,
    ...(requestId !== null && { requestId: safeText(requestId, context.secret).slice(0, 100) }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  })
}

function reasonOf(status: number, code: string | null, isHtml: boolean): SyncFailure {
  if (code !== null && NOT_HERE.has(code)) return 'unsupported'
  if (code === 'enforced_spend_limit_reached') return 'rate_limit'
  if (status < 400) return 'invalid_response'
  if (status === 401) return 'auth'
  if (status === 403) return 'permission'
  if (status === 404) return 'unsupported'
  if (status === 408) return 'network'
  if (status === 429) return 'rate_limit'
  if (status < 500) return 'bad_request'
  return isHtml && (status === 502 || status === 504) ? 'network' : 'overloaded'
}

function errorBody(body: unknown): { readonly text: string; readonly code: string | null } | null {
  const error = property(body, 'error')
  const message = property(error, 'message')
  if (typeof message !== 'string') return null
  const type = property(error, 'type')
  const code = property(property(error, 'details'), 'error_code')
  return {
    text: typeof type === 'string' ? `${type}: ${message}` : message,
    code: typeof code === 'string' ? code : null,
  }
}

/** Milliseconds; null where the server asks for none that can be understood. */
function retryAfter(headers: Headers, now: number): number | null {
  const milliseconds = numberOf(headers.get('retry-after-ms'))
  if (milliseconds !== null) return milliseconds
  const text = headers.get('retry-after')
  const seconds = numberOf(text)
  if (seconds !== null) return seconds * 1000
  const date = Date.parse(text ?? '')
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,12}(\.\d{1,9})?$/.test(text.trim()) ? Number(text) : null
}

function exchangeFailed(error: unknown, context: RequestContext): SyncError {
  const status = property(error, 'statusCode')
  const isUnreached = deepest(error).startsWith('Failed to reach')
  const reason =
    typeof status === 'number' && (status === 429 || status >= 500) ? reasonOf(status, null, false) : 'auth'
  const text = safeText(`${context.what}: no token: ${deepest(error)}`, context.secret)
  return new SyncError(isUnreached ? 'network' : reason, text, typeof status === 'number' ? { status } : {})
}

function detailOf(error: SyncError) {
  return {
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    ...(error.requestId !== undefined && { requestId: error.requestId }),
    ...(error.status !== undefined && { status: error.status }),
  }
}

function isTimeLimit(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && causes(error).some((cause) => cause instanceof Error && 'syscall' in cause)
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = []
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at)
  return chain
}

function deepest(error: unknown): string {
  const last = causes(error).at(-1)
  if (!(last instanceof Error)) return String(error)
  // Several addresses that all failed: the message is empty.
  const code = 'code' in last && typeof last.code === 'string' ? last.code : last.name
  return last.message === '' ? code : last.message
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
