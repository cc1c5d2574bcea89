import { apiSource, REPORTS, type Report } from '../../core/organization.ts'
import type { SyncRun } from '../../core/sync-run.ts'
import type { OrganizationLedger } from '../../ledger/organization.ts'

/** The newest runs of one report. */
export interface ReportRuns {
  readonly report: Report
  readonly source: string
  /** The newest that came to an end by itself. */
  readonly last: SyncRun | null
  readonly lastOk: SyncRun | null
}

/** How many of the newest runs may be running or interrupted before an older result is no longer looked for. */
const RUNS_LOOKED_AT = 20

export async function readRuns(
  ledger: Pick<OrganizationLedger, 'runs'>,
  organization: string,
): Promise<readonly ReportRuns[]> {
  return Promise.all(
    REPORTS.map(async (report) => {
      const source = apiSource(organization, report)
      const [runs, [lastOk = null]] = await Promise.all([
        ledger.runs({ source, limit: RUNS_LOOKED_AT }),
        ledger.runs({ source, result: 'ok', limit: 1 }),
      ])
      return { report, source, last: runs.find(hasOwnEnd) ?? null, lastOk }
    }),
  )
}

/**
 * Whether the credential is good: null before any run. A run that succeeds after a refused one shows that the key is
 * valid again, but only one of the same report shows that the report may be read again.
 */
export function areCredentialsOk(reports: readonly ReportRuns[]): boolean | null {
  const runs = reports.flatMap(({ last }) => (last === null ? [] : [last]))
  if (runs.length === 0) return null
  const newest = runs.reduce((a, b) => (endOf(b) > endOf(a) ? b : a))
  return newest.reason !== 'auth' && runs.every(({ reason }) => reason !== 'permission')
}

function hasOwnEnd({ result }: SyncRun): boolean {
  return result === 'ok' || result === 'partial' || result === 'failed'
}

function endOf({ endedAt, startedAt }: SyncRun): number {
  return endedAt ?? startedAt
}
