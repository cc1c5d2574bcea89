import type { Report } from '../../core/organization.ts'
import type { SyncFailure } from '../../core/sync-run.ts'

const FIRST_PAUSE_MS = 5 * 60_000
const LAST_PAUSE_MS = 60 * 60_000

/** Failures that repeating the same request with the same credential does not mend. */
const PERMANENT: ReadonlySet<SyncFailure> = new Set<SyncFailure>(['auth', 'permission', 'unsupported', 'bad_request'])

interface Pause {
  readonly until: number
  readonly lengthMs: number
  readonly credentialMark: string
}

/** Remembers what will fail again, so that scheduled runs ask less and less often: after 5 min, doubling to 1 h. */
export class PermanentFailures {
  readonly #pauses = new Map<Report, Pause>()

  /** A run ended; `reason` is null when it went well. Failures that pass change nothing. */
  ended(report: Report, reason: SyncFailure | null, credentialMark: string, now: number): void {
    if (reason === null) this.#pauses.delete(report)
    if (reason === null || !PERMANENT.has(reason)) return
    const last = this.#pauses.get(report)
    const isSame = last !== undefined && last.credentialMark === credentialMark
    if (this.pausedUntil(report, credentialMark, now) !== null) return // asked for by hand meanwhile
    const lengthMs = isSame ? Math.min(2 * last.lengthMs, LAST_PAUSE_MS) : FIRST_PAUSE_MS
    this.#pauses.set(report, { until: now + lengthMs, lengthMs, credentialMark })
  }

  /** Until when scheduled runs are left out with this credential, epoch milliseconds; null when they are not. */
  pausedUntil(report: Report, credentialMark: string, now: number): number | null {
    const pause = this.#pauses.get(report)
    if (pause === undefined || pause.credentialMark !== credentialMark || now >= pause.until) return null
    // A clock that went back must not make the pause longer.
    return pause.until - now > pause.lengthMs ? null : pause.until
  }
}
