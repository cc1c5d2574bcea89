import type { DropReason, RemoteWriteFailure } from './reasons.ts'

/** What a server answered. */
export interface Answer {
  readonly status: number
  /** The header; null where there is none. */
  readonly retryAfter: string | null
  /** First line of the body, short, without secrets. */
  readonly line: string
}

/** What an answer means for the request. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** To be sent again, not before `retryAfterMs` where the server said so. */
  | { readonly kind: 'retry'; readonly reason: RemoteWriteFailure; readonly retryAfterMs: number | null }
  /** No use to send it again. */
  | { readonly kind: 'drop'; readonly reason: Extract<DropReason, 'refused' | 'too_old'> }

/** Samples that a receiver will never take. Prometheus 2.42 says it with 500, newer ones with 400. */
const TOO_OLD = /too old sample|out of bounds|out of order sample|outside of the (?:time window|out-of-order)/i

/** `now` in epoch milliseconds: a server may name an instant to come back at. */
export function verdictOf({ status, retryAfter, line }: Answer, now: number): Verdict {
  if (status >= 200 && status < 300) return { kind: 'accepted' }
  const retryAfterMs = retryAfterOf(retryAfter, now)
  if (status === 429) return { kind: 'retry', reason: 'throttled', retryAfterMs }
  if (status >= 400 && TOO_OLD.test(line)) return { kind: 'drop', reason: 'too_old' }
  if (status >= 500) return { kind: 'retry', reason: 'server', retryAfterMs }
  if (status >= 400) return { kind: 'drop', reason: 'refused' }
  // The log-in page of a guest network, for example, which is gone some time.
  return { kind: 'retry', reason: 'redirect', retryAfterMs: null }
}

function retryAfterOf(text: string | null, now: number): number | null {
  if (text === null) return null
  if (/^\d{1,9}$/.test(text.trim())) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
