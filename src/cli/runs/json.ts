import { isoTime } from '../../core/period.ts'
import type { SyncRun } from '../../core/sync-run.ts'
import type { RunsReport } from './report.ts'

/** The log of runs as a JSON document. Ranges are in UTC, as the provider has them. */
export function runsJson({ runs, now, timeZone }: RunsReport) {
  return {
    schemaVersion: 1,
    report: 'runs',
    generatedAt: isoTime(now, timeZone),
    timeZone,
    runs: runs.map((run) => runJson(run, timeZone)),
  }
}

function runJson({ startedAt, endedAt, from, to, changes, ...run }: SyncRun, timeZone: string) {
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
