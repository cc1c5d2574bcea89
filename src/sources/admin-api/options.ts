import type { Credential } from './credential.ts'

export interface AdminApiOptions {
  /** Name from the configuration. */
  readonly organization: string
  readonly credential: Credential
  /** For example `https://api.anthropic.com`. The credential goes to no other origin. */
  readonly baseUrl: string
  readonly api: 'auto' | 'analytics' | 'legacy'
  /** Buckets or rows per page; 0, or more than the API has, for its maximum. */
  readonly pageSize: number
  /** 0: no limit of this program's own. */
  readonly requestsPerMinute: number
  /** Wait for the headers of one answer, milliseconds; half a minute unless given. */
  readonly requestTimeoutMs?: number
  /** Version of this program, for the User-Agent. */
  readonly version: string
  /** Epoch milliseconds. */
  readonly now: () => number
}

export function requestTimeout(options: AdminApiOptions): number {
  return options.requestTimeoutMs ?? 30_000
}

/** The page size to ask for. */
export function pageLimit(pageSize: number, maximum: number): number {
  return pageSize > 0 ? Math.min(pageSize, maximum) : maximum
}
