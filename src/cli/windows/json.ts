import { isoTime } from '../../core/period.ts'
import type { WindowsReport } from './report.ts'

/** Plan windows as a JSON document, those that no longer hold included. */
export function windowsJson({ windows, problems, statusCommand, now, timeZone }: WindowsReport) {
  return {
    schemaVersion: 1,
    report: 'windows',
    generatedAt: isoTime(now, timeZone),
    timeZone,
    windows: windows.map(({ account, window, usedRatio, resetsAt, observedAt, state, origin }) => ({
      account,
      window,
      usedRatio,
      resetsAt: resetsAt === null ? null : isoTime(resetsAt, timeZone),
      observedAt: isoTime(observedAt, timeZone),
      ageSeconds: (now - observedAt) / 1_000,
      state,
      origin,
    })),
    problems,
    statusCommand,
  }
}
