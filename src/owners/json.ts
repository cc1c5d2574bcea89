import { decimalFromPico, usdFromPico } from '../core/money.ts'
import { isoTime } from '../core/period.ts'
import type { BilledDetail, ChargebackRow, UsageDetail } from './chargeback.ts'
import type { Figures } from './figures.ts'
import type { MonthReport } from './report.ts'

export interface ChargebackJsonOptions {
  readonly timeZone: string
  /** Whether each row tells what it consists of. */
  readonly detail: boolean
}

/** The months of a chargeback document. Amounts are US dollars; under `exact` with all their digits, as text. */
export function monthsJson(months: readonly MonthReport[], { timeZone, detail }: ChargebackJsonOptions) {
  return months.map((month) => {
    const { chargeback, bill } = month
    const billed = bill.isKnown
    return {
      month: month.month,
      firstDay: month.first,
      lastDay: month.last,
      whole: month.isWhole,
      running: month.isRunning,
      from: isoTime(month.from, timeZone),
      to: isoTime(month.to, timeZone),
      billedFrom: isoTime(month.billedFrom, 'UTC'),
      billedTo: isoTime(month.billedTo, 'UTC'),
      ledgerBegan: month.ledgerBegan === null ? null : isoTime(month.ledgerBegan, timeZone),
      organizations: [...bill.organizations],
      openBillDays: [...bill.openDays],
      rows: chargeback.rows.map((row) => ({
        ...row.charged,
        allocated: row.isAllocated,
        ...figuresJson(row, billed ? row.billedPico : null, row.sharedPico),
        ...(detail && detailJson(row, billed)),
      })),
      total: figuresJson(chargeback.total, billed ? chargeback.total.billedPico : null, chargeback.sharedPico),
    }
  })
}

function figuresJson(figures: Figures, billedPico: bigint | null, sharedPico: bigint | null) {
  return {
    ...useJson(figures),
    billedCostUsd: usdOrNull(billedPico),
    sharedCostUsd: usdOrNull(sharedPico),
    projects: figures.projects,
    sessions: figures.sessions,
    machines: figures.machines,
    exact: {
      estimatedCostUsd: decimalFromPico(figures.estimatedPico),
      planValueUsd: decimalFromPico(figures.planPico),
      billedCostUsd: billedPico === null ? null : decimalFromPico(billedPico),
      sharedCostUsd: sharedPico === null ? null : decimalFromPico(sharedPico),
    },
  }
}

function useJson({ estimatedPico, planPico, tokens, requests, unpricedTokens }: Figures) {
  const [input = 0, cacheWrite5m = 0, cacheWrite1h = 0, cacheRead = 0, output = 0] = tokens.map(Number)
  const total = Number(tokens.reduce((sum, count) => sum + count, 0n))
  return {
    estimatedCostUsd: usdFromPico(estimatedPico),
    planValueUsd: usdFromPico(planPico),
    tokens: { input, cacheWrite5m, cacheWrite1h, cacheRead, output, total },
    requests: Number(requests),
    unpricedTokens: Number(unpricedTokens),
  }
}

function detailJson({ usage, billed }: ChargebackRow, isBilledKnown: boolean) {
  return { usage: usage.map(usageDetailJson), billed: isBilledKnown ? billed.map(billedDetailJson) : [] }
}

function usageDetailJson(detail: UsageDetail) {
  const { source, project, agent, machine, sessions } = detail
  return { source, project, agent, machine, sessions, ...useJson(detail) }
}

function billedDetailJson({ organization, workspaceId, apiKeyId, costType, billedPico }: BilledDetail) {
  const exact = decimalFromPico(billedPico)
  return { organization, workspaceId, apiKeyId, costType, billedCostUsd: usdFromPico(billedPico), exactUsd: exact }
}

function usdOrNull(pico: bigint | null): number | null {
  return pico === null ? null : usdFromPico(pico)
}
