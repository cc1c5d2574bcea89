import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { readStart } from '../lib/read-start.ts'
import { VERSION } from '../lib/version.ts'
import { redacted } from './redact.ts'
import { WebhookError } from './webhook-error.ts'

const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 4_096
const MAX_RETRY_AFTER_MS = 3_600_000

export interface Answer {
  readonly status: number
  /** Beginning of the body, without anything of the URL. */
  readonly text: string
}

export interface WebhookOptions {
  readonly url: () => Promise<URL>
  /** Longest time for everything, milliseconds; 10 s unless given. */
  readonly timeoutMs?: number
}

/** Sends messages to one address, at most one at a time. */
export class Webhook {
  readonly #options: WebhookOptions

  constructor(options: WebhookOptions) {
    this.#options = options
  }

  /** Sends a JSON text. Rejects with WebhookError unless the answer has a status of 200 to 299. */
  async post(body: string, stop?: AbortSignal): Promise<Answer> {
    const url = await this.#options.url()
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS)
    const signal = stop === undefined ? timeout : AbortSignal.any([timeout, stop])
    try {
      return accepted(await send(url, body, signal))
    } catch (error) {
      if (error instanceof WebhookError) throw error
      if (stop?.aborted) throw new WebhookError('stopped', 'the program is stopping')
      if (timeout.aborted) throw new WebhookError('timeout', 'no complete answer in time')
      // The message of such an error may name the host.
      throw new WebhookError('network', `no connection, or one that broke: ${codeOf(error)}`)
    }
  }
}

interface RawAnswer extends Answer {
  readonly retryAfter: string | undefined
}

function send(url: URL, body: string, signal: AbortSignal): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
      url,
      {
        method: 'POST',
        // A connection of its own: messages are rare, and none is kept open for them.
        agent: false,
        signal,
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': Buffer.byteLength(body),
          'User-Agent': `claude-usage-exporter/${VERSION}`,
          Accept: '*/*',
        },
      },
      (response) => {
        readStart(response, MAX_ANSWER_BYTES).then((bytes) => {
          resolve({
            status: response.statusCode ?? 0,
            text: redacted(bytes.toString('utf8'), url),
            retryAfter: response.headers['retry-after'],
          })
        }, reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

function accepted({ status, text, retryAfter }: RawAnswer): Answer {
  if (status >= 200 && status < 300) return { status, text }
  const detail = { status, answer: text, ...retryDetail(retryAfter) }
  if (status >= 300 && status < 400) {
    throw new WebhookError('redirect', `the webhook answered ${status}; redirects are not followed`, detail)
  }
  throw new WebhookError('status', `the webhook answered ${status}`, detail)
}

/** Seconds, as Slack and Discord give them; a date is left aside. */
function retryDetail(text: string | undefined): { retryAfterMs?: number } {
  if (text === undefined || !/^\d{1,9}(\.\d+)?$/.test(text)) return {}
  return { retryAfterMs: Math.min(MAX_RETRY_AFTER_MS, Number(text) * 1_000) }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}
