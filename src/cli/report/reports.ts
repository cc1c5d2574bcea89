import { explain } from '../../report/explain.ts'
import { explanationJson } from '../../report/explain-json.ts'
import { groupReportJson } from '../../report/group-json.ts'
import { type GroupReportKind, makeGroupReport } from '../../report/group-report.ts'
import type { ReportRequest } from '../../report/request.ts'
import { findSubject } from '../../report/subject.ts'
import { makeSummary } from '../../report/summary.ts'
import { summaryJson } from '../../report/summary-json.ts'
import { explanationLines } from './explain-table.ts'
import { groupReportLines } from './group-table.ts'
import type { MadeReport } from './run-report.ts'
import { summaryLines } from './summary-table.ts'

export async function summaryReport(request: ReportRequest): Promise<MadeReport> {
  const summary = await makeSummary(request)
  return { lines: (out) => summaryLines(summary, request, out), json: () => summaryJson(summary, request) }
}

export function groupReport(kind: GroupReportKind): (request: ReportRequest) => Promise<MadeReport> {
  return async (request) => {
    const report = await makeGroupReport(kind, request)
    return { lines: (out) => groupReportLines(report, request, out), json: () => groupReportJson(report, request) }
  }
}

/** @param text a session id, the beginning of one, or a day */
export function explainReport(text: string): (request: ReportRequest) => Promise<MadeReport> {
  return async (request) => {
    const { subject, period } = await findSubject(text, request)
    const explanation = await explain(subject, period, request)
    return {
      lines: (out) => explanationLines(explanation, request, out),
      json: () => explanationJson(explanation, request),
    }
  }
}
