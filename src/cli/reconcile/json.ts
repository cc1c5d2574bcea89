import { usdFromPico } from '../../core/money.ts'
import { isoTime } from '../../core/period.ts'
import { REASON_TEXT } from '../../reconcile/reasons.ts'
import type { ReconciledDay, WorkspaceDay } from '../../reconcile/reconcile.ts'
import { jsonHead } from '../../report/json.ts'
import { completeTo, type ReconcileReport } from './report.ts'
import { utcDate } from './utc-days.ts'

/** The reconciliation as a JSON document. Amounts are US dollars. */
export function reconcileJson(report: ReconcileReport) {
  const { reconciled, context, freshness, byWorkspace, workspaceNames } = report
  const { totals } = reconciled
  return {
    ...jsonHead('reconcile', context, freshness),
    organizationConfigured: report.isConfigured,
    costCompleteTo: timeOrNull(completeTo(report.costCoverage)),
    usageCompleteTo: timeOrNull(completeTo(report.usageCoverage)),
    days: reconciled.days.map((day) => ({
      ...dayJson(day),
      ...(byWorkspace && { workspaces: day.workspaces.map((entry) => workspaceJson(entry, workspaceNames)) }),
    })),
    totals: {
      days: totals.days,
      settledDays: totals.settledDays,
      estimatedCostUsd: usdFromPico(totals.localPico),
      apiTokensAtListPriceUsd: usdOrNull(totals.apiPico),
      billedUsd: totals.days === 0 ? null : usdFromPico(totals.billedPico),
      ratio: totals.ratio,
      unexplainedUsd: totals.days === 0 ? null : usdFromPico(totals.unexplainedPico),
    },
  }
}

function dayJson(day: ReconciledDay) {
  return {
    day: utcDate(day.day),
    estimatedCostUsd: usdFromPico(day.localPico),
    apiTokensAtListPriceUsd: usdOrNull(day.apiPico),
    billedUsd: usdOrNull(day.billedPico),
    ratio: day.ratio,
    tokens: Number(day.localTokens),
    apiTokens: day.apiTokens === null ? null : Number(day.apiTokens),
    settled: day.isSettled,
    reasons: day.reasons.map(({ code, pico, tokens, models }) => ({
      reason: code,
      text: REASON_TEXT[code],
      differenceUsd: usdOrNull(pico),
      tokens: tokens === null ? null : Number(tokens),
      models,
    })),
    unexplainedUsd: usdOrNull(day.unexplainedPico),
  }
}

function workspaceJson({ workspace, apiPico, billedPico }: WorkspaceDay, names: ReadonlyMap<string, string>) {
  return {
    workspace,
    name: names.get(workspace) ?? null,
    apiTokensAtListPriceUsd: usdOrNull(apiPico),
    billedUsd: usdOrNull(billedPico),
  }
}

function usdOrNull(pico: bigint | null): number | null {
  return pico === null ? null : usdFromPico(pico)
}

function timeOrNull(instant: number | null): string | null {
  return instant === null ? null : isoTime(instant, 'UTC')
}
