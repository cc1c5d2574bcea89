import type { Anthropic } from '@anthropic-ai/sdk'
import type * as z from 'zod/mini'
import { SyncError } from '../../core/sync-run.ts'
import type { ReadEvents } from './admin-api.ts'
import { createClient } from './client.ts'
import { createSecret } from './credential.ts'
import { failure } from './failure.ts'
import { looksLikeHtml, safeText } from './message.ts'
import { type AdminApiOptions, requestTimeout } from './options.ts'
import { createPacer } from './pacer.ts'

/** Old endpoints keep the shapes they were described with only under the old version. */
export const LEGACY_VERSION = { 'anthropic-version': '2023-06-01' }

const OAUTH_BETA = 'oauth-2025-04-20'

export type Query = Readonly<Record<string, string | number | boolean | readonly string[]>>

export interface Endpoint<Body> {
  /** Below `/v1/organizations/`. */
  readonly path: string
  readonly query: Query
  readonly headers?: Readonly<Record<string, string>>
  readonly body: z.ZodMiniType<Body>
}

export interface Transport {
  /** One request; rejects with SyncError, or with the reason of the signal where that is not a time limit. */
  get<Body>(endpoint: Endpoint<Body>, events: ReadEvents, signal: AbortSignal): Promise<Body>
  credentialMark(): Promise<string>
}

export function createTransport(options: AdminApiOptions): Transport {
  const secret = createSecret(options.credential)
  const pace = createPacer(options.requestsPerMinute)
  const isSdkToken = options.credential.kind === 'profile' || options.credential.kind === 'federation'
  let known: { readonly secret: string | null; readonly client: Promise<Anthropic> } | null = null

  function clientFor(value: string | null): Promise<Anthropic> {
    if (!known || known.secret !== value) known = { secret: value, client: createClient(options, value) }
    return known.client
  }

  async function request<Body>(endpoint: Endpoint<Body>, events: ReadEvents, signal: AbortSignal): Promise<Body> {
    let value: string | null = null
    try {
      signal.throwIfAborted()
      value = await secret.read()
      const client = await clientFor(value)
      await pace(signal)
      events.request()
      const beta = [endpoint.headers?.['anthropic-beta'], options.credential.kind === 'token_file' && OAUTH_BETA]
      const headers = {
        ...endpoint.headers,
        ...(beta.some(Boolean) && { 'anthropic-beta': beta.filter(Boolean).join(',') }),
      }
      const path = `/v1/organizations/${endpoint.path}`
      const answer = client.get<unknown>(path, { query: { ...endpoint.query }, headers, signal })
      return checked(endpoint, await orAborted(answer, signal), value)
    } catch (error) {
      const context = {
        what: endpoint.path,
        signal,
        secret: value,
        timeoutMs: requestTimeout(options),
        now: options.now(),
      }
      throw failure(error, context)
    }
  }

  return {
    credentialMark: secret.mark,
    async get(endpoint, events, signal) {
      try {
        return await request(endpoint, events, signal)
      } catch (error) {
        // A 401 makes the SDK drop its token: the second request gets a new one.
        if (!isSdkToken || !(error instanceof SyncError) || error.status !== 401) throw error
        return request(endpoint, events, signal)
      }
    },
  }
}

function checked<Body>(endpoint: Endpoint<Body>, answer: unknown, secret: string | null): Body {
  if (typeof answer === 'string') {
    throw new SyncError('invalid_response', `${looksLikeHtml(answer) ? 'an HTML page' : 'text'} instead of JSON`)
  }
  const result = endpoint.body.safeParse(answer)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue?.path.join('.') || 'the answer'
  throw new SyncError('invalid_response', safeText(`unexpected answer: ${where}: ${issue?.message ?? ''}`, secret))
}

/** The SDK's exchange of tokens does not know the signal. */
function orAborted<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).then(() => signal.removeEventListener('abort', abort))
  })
}
