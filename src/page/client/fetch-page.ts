import { learnServerTime } from './server-clock.ts'

/** Longer than any answer takes. */
const TIMEOUT_MS = 20_000

/** The page could not be had. The message goes on after "Cannot be reached". */
export class FetchFailure extends Error {
  /** What the server asked to wait; null where it said nothing. */
  readonly retryAfterMs: number | null

  constructor(reason: string, retryAfterMs: number | null = null) {
    super(reason)
    this.retryAfterMs = retryAfterMs
  }
}

export interface FetchedPage {
  readonly etag: string | null
  readonly page: Document
}

/** The page as it is now; null while it is the one with `etag`. Throws FetchFailure. */
export async function fetchPage(etag: string | null): Promise<FetchedPage | null> {
  const response = await ask()
  learnServerTime(response.headers.get('date'))
  if (!response.ok) throw new FetchFailure(reasonOf(response.status), retryAfterMs(response))
  const current = response.headers.get('etag')
  if (current !== null && current === etag) return null
  const text = await response.text().catch(() => null)
  if (text === null) throw new FetchFailure('the answer broke off')
  const page = new DOMParser().parseFromString(text, 'text/html')
  if (page.querySelector('main#content') === null) throw new FetchFailure('something else answers there')
  return { etag: current, page }
}

/** The browser sends the ETag of the page it has, and gives that page again when it is still the same. */
async function ask(): Promise<Response> {
  const options = {
    cache: 'no-cache',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { accept: 'text/html' },
  } as const
  try {
    // The address in full: one that is relative to `http://user:password@host/` would be refused.
    return await fetch(`${location.origin}${location.pathname}`, options)
  } catch {
    throw new FetchFailure('no answer')
  }
}

function reasonOf(status: number): string {
  if (status === 401 || status === 403) return 'access was refused'
  return status === 503 ? 'the exporter is busy' : `it answers with status ${status}`
}

function retryAfterMs({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : null
}
