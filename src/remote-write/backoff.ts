/** How long to wait between attempts, milliseconds. */
export interface Backoff {
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * How long to wait after so many failures in a row, milliseconds: twice as long each time, and up to half of it less by
 * chance, so that many machines do not come back at once. Never less than the server asked for.
 *
 * @param chance 0 to 1
 */
export function waitMs(failures: number, retryAfterMs: number | null, chance: number, backoff: Backoff): number {
  const doubled = Math.min(backoff.longestMs, backoff.firstMs * 2 ** Math.min(failures - 1, 30))
  const wait = doubled * (1 - chance / 2)
  // Chance on top: all were told the same.
  return retryAfterMs === null ? wait : Math.max(wait, retryAfterMs + chance * backoff.firstMs)
}
