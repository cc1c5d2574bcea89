import type { BucketReport, Report } from '../../core/organization.ts'
import type { StoredClaudeCodeRow, StoredDirectory } from '../../ledger/organization.ts'
import { actorRows } from './actor-rows.ts'
import type { BilledRows } from './billed-rows.ts'
import type { Coverage } from './coverage.ts'
import { directoryRows } from './directory-rows.ts'
import type { ApiSourceHealth, OrganizationFigures } from './part.ts'
import { areCredentialsOk, type ReportRuns } from './run-health.ts'
import type { UsageRows } from './usage-rows.ts'

export type ReportCoverage = Readonly<Record<BucketReport, Coverage>>

/** All that the ledger told, for every organisation. */
export interface Findings {
  readonly usage: UsageRows
  readonly billed: BilledRows
  readonly claudeCode: readonly StoredClaudeCodeRow[]
  readonly directories: readonly StoredDirectory[]
}

/** What can be said of one organisation. */
export function figuresOf(
  organization: string,
  { usage, billed, claudeCode, directories }: Findings,
  coverage: ReportCoverage,
  runs: readonly ReportRuns[],
): OrganizationFigures {
  const labelSets = [...usage.labelSets(organization), ...billed.labelSets(organization)]
  const { known: usageKnown } = coverage.usage
  const { known: costKnown } = coverage.cost
  return {
    organization,
    usageToday: usageKnown.today ? usage.rows(organization, 'today') : null,
    usageMonthToDate: usageKnown.monthToDate ? usage.rows(organization, 'monthToDate') : null,
    billedToday: costKnown.today ? billed.rows(organization, 'today') : null,
    billedMonthToDate: costKnown.monthToDate ? billed.rows(organization, 'monthToDate') : null,
    billedPreviousMonth: costKnown.previousMonth ? billed.rows(organization, 'previousMonth') : null,
    claudeCodeMonthToDate: coverage['claude-code'].known.monthToDate ? actorRows(organization, claudeCode) : null,
    sources: runs
      .map((entry) => sourceHealth(entry, coverage))
      .filter(({ lastResult, lastSuccess, watermark }) => (lastResult ?? lastSuccess ?? watermark) !== null),
    credentialsOk: areCredentialsOk(runs),
    directory: directoryRows(
      organization,
      directories.find((directory) => directory.organization === organization),
      labelSets.map((labels) => labels.workspace_id),
    ),
  }
}

function sourceHealth({ report, source, last, lastOk }: ReportRuns, coverage: ReportCoverage): ApiSourceHealth {
  const judged = isBucketReport(report) ? coverage[report] : null
  return {
    source,
    report,
    up: last === null ? null : last.result === 'ok',
    lastResult: last?.result ?? null,
    lastSuccess: lastOk?.endedAt ?? null,
    watermark: judged?.watermark ?? null,
    settled: judged?.settled ?? null,
  }
}

function isBucketReport(report: Report): report is BucketReport {
  return report !== 'directory'
}
