import { SyncError } from '../../core/sync-run.ts'

const MAX_BODY_BYTES = 64 * 1024 * 1024

// The SDK adds whatever ANTHROPIC_CUSTOM_HEADERS says; what is meant for another program must not travel with this one.
const ALLOWED_HEADERS =
  /^(accept|authorization|content-type|user-agent|anthropic-(version|beta|workspace-id)|x-stainless-.+)$/

export interface FetchGuard {
  readonly baseUrl: string
  readonly userAgent: string
  /** For requests that bring no signal: the SDK's exchange of tokens. Milliseconds. */
  readonly timeoutMs: number
}

/**
 * A `fetch` for the SDK that sends known headers to one origin, follows no redirect and reads bodies of at most 64 MiB.
 * Rejects with SyncError for another origin; so does a body that is too long.
 */
export function createGuardedFetch(guard: FetchGuard): typeof fetch {
  const { origin } = new URL(guard.baseUrl)
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.origin !== origin) {
      throw new SyncError('auth', `refused to send a credential to ${url.origin}: the configured API is ${origin}`)
    }
    const headers = new Headers()
    for (const [name, value] of new Headers(init.headers)) if (ALLOWED_HEADERS.test(name)) headers.set(name, value)
    headers.set('user-agent', guard.userAgent)
    const signal = init.signal ?? AbortSignal.timeout(guard.timeoutMs)
    return bounded(await fetch(url, { ...init, headers, signal, redirect: 'manual' }))
  }
}

function bounded(response: Response): Response {
  if (!response.body) return response
  let bytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > MAX_BODY_BYTES) controller.error(new SyncError('invalid_response', 'an answer of more than 64 MiB'))
      else controller.enqueue(chunk)
    },
  })
  const { status, statusText, headers } = response
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers })
}
