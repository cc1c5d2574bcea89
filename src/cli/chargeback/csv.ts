import { decimalFromPico } from '../../core/money.ts'
import { isoTime } from '../../core/period.ts'
import { VERSION } from '../../lib/version.ts'
import type { ChargebackRow } from '../../owners/chargeback.ts'
import type { Figures } from '../../owners/figures.ts'
import type { MonthReport } from '../../owners/report.ts'
import { csvNames, csvRemarks, csvRow } from '../export/csv.ts'
import type { ExportCell, ExportColumn, ExportRow } from '../export/table.ts'
import { dayRanges } from './day-ranges.ts'
import type { ChargebackReport } from './report.ts'

const USED = ['estimated_cost_usd', 'plan_value_usd'] as const
const BILLED = ['billed_cost_usd', 'shared_cost_usd'] as const
const TOKENS = [
  'input_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'cache_read_tokens',
  'output_tokens',
  'requests',
  'unpriced_tokens',
] as const
const COUNTS = ['projects', 'sessions', 'machines'] as const
const USAGE_DETAIL = ['source', 'project', 'agent', 'machine'] as const
const BILLED_DETAIL = ['organization', 'workspace_id', 'api_key_id', 'cost_type'] as const

/** The chargeback as CSV: a row per month and owner, or with details a row for each part of one; no totals. */
export function chargebackCsv(report: ChargebackReport): string {
  const { detail, months } = report
  const columns: ExportColumn[] = [
    ...['month', 'first_day', 'last_day', 'owner', 'team', 'cost_center', 'allocated'].map(textColumn),
    ...(detail ? ['kind', ...USAGE_DETAIL, ...BILLED_DETAIL].map(textColumn) : []),
    ...[...USED, ...BILLED].map((name) => column(name, 'decimal')),
    ...[...TOKENS, ...COUNTS].map((name) => column(name, 'integer')),
  ]
  const rows = months.flatMap((month) =>
    month.chargeback.rows.flatMap((row) => (detail ? detailRows(row, month) : [sumRow(row, month)])),
  )
  return csvRemarks(remarksOf(report)) + csvNames(columns) + rows.map((row) => csvRow(columns, row)).join('')
}

function sumRow(row: ChargebackRow, month: MonthReport): ExportRow {
  return [...chargedCells(row, month), ...usedCells(row), ...billedCells(row, month), ...countCells(row)]
}

function detailRows(row: ChargebackRow, month: MonthReport): ExportRow[] {
  const charged = chargedCells(row, month)
  const used = row.usage.map((part) => [
    ...charged,
    'usage',
    ...USAGE_DETAIL.map((name) => part[name]),
    ...BILLED_DETAIL.map(() => null),
    ...usedCells(part),
    ...BILLED.map(() => null),
    ...countCells(part),
  ])
  const billed = row.billed.map(({ organization, workspaceId, apiKeyId, costType, billedPico }) => [
    ...charged,
    'billed',
    ...USAGE_DETAIL.map(() => null),
    organization,
    workspaceId,
    apiKeyId,
    costType,
    ...USED.map(() => null),
    decimalFromPico(billedPico),
    ...[null, ...TOKENS, ...COUNTS].map(() => null),
  ])
  const shared =
    row.sharedPico === null
      ? []
      : [
          [
            ...charged,
            'shared',
            ...[...USAGE_DETAIL, ...BILLED_DETAIL, ...USED, null].map(() => null),
            decimalFromPico(row.sharedPico),
            ...[...TOKENS, ...COUNTS].map(() => null),
          ],
        ]
  return [...used, ...billed, ...shared]
}

function chargedCells({ charged, isAllocated }: ChargebackRow, { month, first, last }: MonthReport): ExportCell[] {
  return [month, first, last, charged.owner, charged.team, charged.costCenter, String(isAllocated)]
}

function usedCells({ estimatedPico, planPico }: Figures): ExportCell[] {
  return [decimalFromPico(estimatedPico), decimalFromPico(planPico)]
}

function billedCells({ billedPico, sharedPico }: ChargebackRow, { bill }: MonthReport): ExportCell[] {
  return [bill.isKnown ? decimalFromPico(billedPico) : null, sharedPico === null ? null : decimalFromPico(sharedPico)]
}

function countCells({ tokens, requests, unpricedTokens, projects, sessions, machines }: Figures): ExportCell[] {
  return [...tokens, requests, unpricedTokens, projects, sessions, machines]
}

function remarksOf({ months, context, rules }: ChargebackReport): string[] {
  const { now, timeZone } = context
  return [
    `claude-usage-exporter ${VERSION}: who is charged, by ${rules} rules; what none takes is unallocated`,
    `written ${isoTime(Math.floor(now / 1_000) * 1_000, timeZone)}; use of days of ${timeZone}, billed cost of UTC days`,
    'US dollars; estimated_cost_usd, plan_value_usd and billed_cost_usd are never to be added up',
    'shared_cost_usd is part of the billed_cost_usd that is unallocated; empty where nothing is known or shared',
    ...months.flatMap(({ month, isRunning, bill }) => [
      ...(isRunning ? [`${month} is not over`] : []),
      ...(bill.isKnown && bill.openDays.length > 0
        ? [`${month}: the bill is not complete for ${dayRanges(bill.openDays)}`]
        : []),
      ...(bill.isKnown ? [] : [`${month}: no bill of an organisation is known`]),
    ]),
  ]
}

function textColumn(name: string): ExportColumn {
  return column(name, 'text')
}

function column(name: string, kind: ExportColumn['kind']): ExportColumn {
  return { name, path: [name], kind }
}
