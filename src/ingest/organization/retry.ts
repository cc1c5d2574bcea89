import type { SyncError, SyncFailure } from '../../core/sync-run.ts'

const FIRST_WAIT_MS = 2_000
const LAST_WAIT_MS = 60_000

const PASSING: ReadonlySet<SyncFailure> = new Set<SyncFailure>([
  'rate_limit',
  'overloaded',
  'network',
  'invalid_response',
])

/** True for failures that may be gone a little later. */
export function isPassing(reason: SyncFailure): boolean {
  return PASSING.has(reason)
}

/**
 * How long to wait after the given number of attempts, milliseconds: 2 s doubling to 60 s, of that 50 to 100 %, and
 * never less than the server asks for.
 */
export function retryWait(attempts: number, error: SyncError, random: () => number): number {
  const base = Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LAST_WAIT_MS)
  return Math.max(Math.round(base * (0.5 + random() / 2)), error.retryAfterMs ?? 0)
}
