import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { readStart } from '../lib/read-start.ts'
import { VERSION } from '../lib/version.ts'
import { RemoteWriteError } from './client-error.ts'
import { type Credentials, readCredentials } from './credentials.ts'
import type { Destination } from './destination.ts'
import { firstLine } from './first-line.ts'
import type { Answer } from './verdict.ts'

const MAX_ANSWER_BYTES = 4_096

const PROTOCOL_HEADERS = {
  'content-encoding': 'snappy',
  'content-type': 'application/x-protobuf',
  'x-prometheus-remote-write-version': '0.1.0',
  'user-agent': `claude-usage-exporter/${VERSION}`,
}

export interface Client {
  /** Sends the body of a WriteRequest. Rejects with RemoteWriteError where there is no answer. */
  post(body: Uint8Array, destination: Destination, stop: AbortSignal): Promise<Answer>
  close(): void
}

/** Sends to one destination at a time over a connection that is kept for the next request. */
export function createClient(): Client {
  let kept: { readonly key: string; readonly agent: HttpAgent } | null = null

  function agentFor(isTls: boolean, tls: Credentials['tls']): HttpAgent {
    const key = JSON.stringify([isTls, tls])
    if (kept?.key === key) return kept.agent
    kept?.agent.destroy()
    const options = { keepAlive: true, maxSockets: 1 }
    kept = { key, agent: isTls ? new HttpsAgent({ ...options, ...tls }) : new HttpAgent(options) }
    return kept.agent
  }

  return {
    async post(body, destination, stop) {
      const { headers, tls, secrets } = await readCredentials(destination)
      const url = new URL(destination.url)
      const limit = timeLimit(destination.timeoutMs, stop)
      try {
        const isTls = url.protocol === 'https:'
        const options = {
          method: 'POST',
          agent: agentFor(isTls, tls),
          signal: limit.signal,
          headers: { ...headers, ...PROTOCOL_HEADERS, 'content-length': body.length },
        }
        const { text, ...answer } = await exchange(isTls ? httpsRequest : httpRequest, url, options, body)
        return { ...answer, line: firstLine(text, secrets) }
      } catch (error) {
        if (limit.isOver()) throw new RemoteWriteError('timeout', 'no complete answer in time')
        // The message of such an error may name what is secret.
        throw new RemoteWriteError('network', `no connection, or one that broke: ${codeOf(error)}`)
      } finally {
        limit.clear()
      }
    },
    close() {
      kept?.agent.destroy()
      kept = null
    },
  }
}

/** Ends after a time or with the other signal. With a timer of its own, which nothing can collect while it is waited for. */
function timeLimit(ms: number, stop: AbortSignal) {
  const controller = new AbortController()
  const abort = () => controller.abort()
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    abort()
  }, ms)
  stop.addEventListener('abort', abort, { once: true })
  if (stop.aborted) abort()
  return {
    signal: controller.signal,
    isOver: () => isOver,
    clear() {
      clearTimeout(timer)
      stop.removeEventListener('abort', abort)
    },
  }
}

interface RawAnswer extends Omit<Answer, 'line'> {
  readonly text: string
}

function exchange(
  request: typeof httpRequest,
  url: URL,
  options: Parameters<typeof httpRequest>[1] & object,
  body: Uint8Array,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sending = request(url, options, (response) => {
      readStart(response, MAX_ANSWER_BYTES).then((bytes) => {
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'] ?? null,
          text: bytes.toString('utf8'),
        })
      }, reject)
    })
    sending.on('error', reject)
    sending.end(body)
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}
