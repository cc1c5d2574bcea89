import { DAY_MS } from '../../core/time.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { ReconciledDay } from '../../reconcile/reconcile.ts'
import { localTime } from '../../report/period.ts'
import type { Output } from '../io.ts'
import { NOTHING, nameCell, ratioCell } from '../report/cells.ts'
import { noteLines, titleLines } from '../report/notes.ts'
import { formatCount, formatUsd } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import { wrap } from '../terminal/wrap.ts'
import { reasonLines } from './reason-notes.ts'
import { completeTo, lastRead, type ReconcileReport } from './report.ts'
import { utcDate } from './utc-days.ts'

const COLUMNS: readonly Column[] = [
  { header: 'UTC day', align: 'left', shrinkTo: 10 },
  { header: 'Estimate', align: 'decimal' },
  { header: 'API tokens', align: 'decimal', dropOrder: 3 },
  { header: 'Billed', align: 'decimal' },
  { header: 'Ratio', align: 'right' },
  { header: 'State', align: 'left', dropOrder: 2 },
  { header: 'Unexplained', align: 'decimal', dropOrder: 4 },
  { header: 'Reasons', align: 'left', dropOrder: 1, shrinkTo: 16 },
]

/** Lines of the reconciliation for people. */
export function reconcileLines(report: ReconcileReport, out: Output): string[] {
  const { days } = report.reconciled
  const [first = 0, last = 0] = [days[0]?.day, days.at(-1)?.day]
  const title = titleLines('Estimated and billed cost', `${utcDate(first)} to ${utcDate(last)}, UTC`, out)
  if (report.costCoverage.size === 0 && report.usageCoverage.size === 0) {
    return [...title, '', ...missingLines(report, first, last, out)]
  }
  return [
    ...title,
    '',
    ...renderTable({ columns: COLUMNS, rows: rowsOf(report, out.style) }, out.width, out.style),
    '',
    ...notesOf(report, out),
  ]
}

function rowsOf({ reconciled, byWorkspace, workspaceNames }: ReconcileReport, style: Style): Row[] {
  const { days, totals } = reconciled
  const rows = days.flatMap((day): Row[] => {
    const workspaces = byWorkspace ? day.workspaces : []
    return [
      { cells: dayCells(day, style) },
      ...workspaces.map(({ workspace, apiPico, billedPico }): Row => {
        const name = nameCell(`  ${workspaceNames.get(workspace) ?? workspace}`)
        return { kind: 'rest', cells: [name, NOTHING, usdOrNothing(apiPico), usdOrNothing(billedPico), '', '', '', ''] }
      }),
    ]
  })
  if (totals.days > 0 && days.length > 1) {
    const { localPico, apiPico, billedPico, ratio, settledDays, unexplainedPico } = totals
    const label = totals.days === days.length ? 'Total' : `Total of ${formatCount(totals.days)} days`
    const money = [localPico, apiPico, billedPico].map(usdOrNothing)
    const state = `${formatCount(settledDays)} settled`
    rows.push({
      kind: 'total',
      cells: [label, ...money, ratioCell(ratio), state, unexplainedCell(unexplainedPico), ''],
    })
  }
  return rows
}

function dayCells(day: ReconciledDay, style: Style): (Cell | string)[] {
  return [
    utcDate(day.day),
    usdOrNothing(day.localPico),
    usdOrNothing(day.apiPico),
    usdOrNothing(day.billedPico),
    ratioCell(day.ratio),
    day.billedPico === null ? 'not read' : day.isSettled ? 'settled' : 'may change',
    unexplainedCell(day.unexplainedPico),
    {
      text: day.reasons.map(({ code }) => code.replaceAll('_', ' ')).join(', '),
      paint: day.isSettled ? style.yellow : style.dim,
    },
  ]
}

function usdOrNothing(pico: bigint | null): Cell {
  return { text: pico === null ? NOTHING : formatUsd(pico) }
}

function unexplainedCell(pico: bigint | null): Cell {
  return { text: pico === null || pico === 0n ? '' : formatUsd(pico) }
}

function notesOf(report: ReconcileReport, out: Output): string[] {
  const { reconciled, byWorkspace } = report
  const unread = reconciled.days.length - reconciled.totals.days
  return [
    ...reasonLines(reconciled.days, out),
    ...(unread > 0 && reconciled.totals.days > 0
      ? noteLines('Total', `without the ${formatCount(unread)} days whose cost has not been read.`, out)
      : []),
    ...(byWorkspace ? noteLines('Workspaces', 'session logs know none: the estimate is of the whole day.', out) : []),
    ...noteLines('Freshness', freshnessText(report), out),
  ]
}

function freshnessText({ costCoverage, usageCoverage, freshness }: ReconcileReport): string {
  const of = (what: string, coverage: ReconcileReport['costCoverage']) => {
    const until = completeTo(coverage)
    if (until === null) return `${what} not read`
    const read = localTime(lastRead(coverage) ?? until, 'UTC')
    return `${what} complete to ${localTime(until, 'UTC')} (read ${read})`
  }
  const newest = freshness.newest === null ? 'no response yet' : `newest response ${localTime(freshness.newest, 'UTC')}`
  return `${of('cost', costCoverage)}; ${of('usage', usageCoverage)}; ${newest}; all UTC.`
}

/** Says what is missing and how to get it. */
function missingLines(report: ReconcileReport, first: number, last: number, { style, width }: Output): string[] {
  const local = report.reconciled.days.reduce((sum, { localPico }) => sum + localPico, 0n)
  const logs = `Session logs: ${formatUsd(local)} estimated for these days (metered use, list price).`
  const nothing = `No organisation data from ${utcDate(first)} to ${utcDate(last + DAY_MS - 1)}: there is no bill to compare with.`
  const sentences = report.isConfigured
    ? [
        'An organisation is configured, but none of these days has been read. Run `claude-usage-exporter sync`, or leave the exporter running; `claude-usage-exporter runs` shows what became of the attempts.',
        'Older days than admin_api.history are not read.',
      ]
    : [
        'To get it, make an Admin API key (Claude Console, Settings, Admin keys; an organisation is needed, individual accounts have none) and put it into a file named by admin_api.key_file, or into the environment variable ANTHROPIC_ADMIN_KEY.',
        'Then run `claude-usage-exporter sync`, or the exporter, which reads it by itself.',
      ]
  return [style.yellow(escapeControls(nothing)), ...sentences, logs].flatMap((sentence) => wrap(sentence, width, 2))
}
