import { isoTime } from '../../core/period.ts'
import { runJson } from '../../report/run-json.ts'
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
