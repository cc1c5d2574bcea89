import { FetchFailure, fetchPage } from './fetch-page.ts'

/** After a failure it is tried sooner, and from then on less and less often. */
const FIRST_RETRY_MS = 10_000

export type RefreshState =
  | { readonly kind: 'fresh'; readonly at: number }
  /** `since`: when the page could be had last, epoch milliseconds. */
  | { readonly kind: 'stale'; readonly since: number; readonly reason: string }

export interface RefreshParts {
  readonly intervalMs: number
  update(page: Document): void
  tell(state: RefreshState): void
}

/** Keeps the page up to date while it can be seen. */
export function startRefreshing({ intervalMs, update, tell }: RefreshParts): void {
  let etag: string | null = null
  let freshAt = Date.now()
  let failures = 0
  let isAsking = false
  let isWanted = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const refresh = async () => {
    clearTimeout(timer)
    isWanted = true
    if (isAsking || document.hidden) return
    isAsking = true
    isWanted = false
    let waitMs = intervalMs
    try {
      const fetched = await fetchPage(etag)
      if (fetched !== null) {
        etag = fetched.etag
        update(fetched.page)
      }
      failures = 0
      freshAt = Date.now()
      tell({ kind: 'fresh', at: freshAt })
    } catch (error) {
      if (!(error instanceof FetchFailure)) throw error
      tell({ kind: 'stale', since: freshAt, reason: error.message })
      waitMs = Math.min(intervalMs, Math.max(error.retryAfterMs ?? 0, FIRST_RETRY_MS * 2 ** failures))
      failures += 1
    } finally {
      isAsking = false
      timer = setTimeout(refresh, isWanted ? 0 : waitMs)
    }
  }

  tell({ kind: 'fresh', at: freshAt })
  timer = setTimeout(refresh, intervalMs)
  document.addEventListener('visibilitychange', refresh)
  addEventListener('online', refresh)
}
