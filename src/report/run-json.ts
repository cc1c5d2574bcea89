import { isoTime } from '../core/period.ts'
import type { SyncRun } from '../core/sync-run.ts'

/** An entry of the run log as JSON shows it. Its range is in UTC, as the provider has it. */
export function runJson({ startedAt, endedAt, from, to, changes, ...run }: SyncRun, timeZone: string) {
  const time = (instant: number | null, zone: string) => (instant === null ? null : isoTime(instant, zone))
  return {
    id: run.id,
    source: run.source,
    cause: run.cause,
    startedAt: time(startedAt, timeZone),
    endedAt: time(endedAt, timeZone),
    durationSeconds: endedAt === null ? null : (endedAt - startedAt) / 1_000,
    result: run.result,
    generation: run.generation,
    range: from === null || to === null ? null : { from: time(from, 'UTC'), to: time(to, 'UTC') },
    attempts: run.attempts,
    requests: run.requests,
    changes,
    reason: run.reason,
    error: run.error,
  }
}
