import { FetchFailure, fetchPage } from './fetch-page.ts'

/** After a failure it is tried sooner, and from then on less and less often. */
const FIRST_RETRY_MS = 10_000

/** The server gives no page that is older. One that is was kept by the browser, or one of the two clocks is wrong. */
const OLD_MS = 45_000

export type RefreshState =
  | { readonly kind: 'fresh'; readonly at: number }
  /** `since`: when the page could be had last, epoch milliseconds. */
  | { readonly kind: 'stale'; readonly since: number; readonly reason: string }

export interface RefreshParts {
  readonly intervalMs: number
  /** What the page in the browser is as of, by the clock of the server, epoch milliseconds; NaN: it does not say. */
  readonly asOf: number
  update(page: Document): void
  tell(state: RefreshState): void
}

/** Keeps the page up to date while it can be seen. */
export function startRefreshing({ intervalMs, asOf, update, tell }: RefreshParts): void {
  let etag: string | null = null
  const isOld = Math.abs(Date.now() - asOf) > OLD_MS
  let freshAt = isOld ? asOf : Date.now()
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
        update(fetched.page)
        etag = fetched.etag
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
  timer = setTimeout(refresh, isOld ? 0 : intervalMs)
  document.addEventListener('visibilitychange', refresh)
  addEventListener('online', refresh)
}
