import type { BalanceFigures, BudgetFigures } from '../../budgets/figures.ts'
import { periodName } from '../../budgets/period.ts'
import { type Budget, type BudgetState, unitOf } from '../../core/budget.ts'
import { durationText } from '../../core/duration-text.ts'
import { isoDate } from '../../core/period.ts'
import { escapeControls } from '../../lib/escape.ts'
import { localTime } from '../../report/period.ts'
import type { Output } from '../io.ts'
import { NOTHING, nameCell } from '../report/cells.ts'
import { noteLines, titleLines } from '../report/notes.ts'
import { bar, formatCompact, formatCount, formatRatio, formatUsd } from '../terminal/figures.ts'
import type { Paint, Style } from '../terminal/style.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import { wrap } from '../terminal/wrap.ts'
import { budgetNotes } from './notes.ts'
import type { BudgetReport } from './report.ts'

const BAR_COLUMNS = 10

const COLUMNS: readonly Column[] = [
  { header: 'Budget', align: 'left', shrinkTo: 10 },
  { header: 'Period', align: 'left', dropOrder: 4 },
  { header: 'State', align: 'left' },
  { header: 'Used', align: 'right' },
  { header: 'Limit', align: 'right', dropOrder: 2 },
  { header: '%', align: 'right' },
  { header: '', align: 'left', dropOrder: 7 },
  { header: 'Left', align: 'right', dropOrder: 6 },
  { header: 'Forecast', align: 'right', dropOrder: 3 },
  { header: 'Runs out', align: 'left', dropOrder: 1 },
  { header: 'Resets in', align: 'left', dropOrder: 5 },
]

/** Lines of the report for people. */
export function budgetLines(report: BudgetReport, out: Output): string[] {
  const { budgets, balances, now, timeZone } = report
  if (budgets.length === 0 && balances.length === 0) {
    return NO_BUDGETS.flatMap((text) => (text.startsWith(' ') ? [out.style.cyan(text)] : wrap(text, out.width, 0)))
  }
  const title = titleLines('Budgets', `${localTime(now, timeZone)}, ${timeZone}`, out)
  const rows = budgets.map((figures) => rowOf(figures, report, out.style))
  return [
    ...title,
    ...(rows.length === 0 ? [] : ['', ...renderTable({ columns: COLUMNS, rows }, out.width, out.style)]),
    '',
    ...balances.flatMap((balance) => noteLines('Balance', balanceText(balance), out)),
    ...budgetNotes(report, out),
  ]
}

const NO_BUDGETS = [
  'No budget is configured. Budgets stand in the configuration file (--config.file), for example:',
  '  budgets:',
  '    - name: daily',
  '      limit_usd: 10',
  '      period: day',
  '    - name: monthly',
  '      limit_usd: 200',
  '      period: month',
  'claude-usage-exporter.example.yml shows everything that can be set.',
]

function rowOf(figures: BudgetFigures, report: BudgetReport, style: Style): Row {
  const { budget, period, state, spent, remaining, usedRatio, forecast, exhaustsAt } = figures
  const paint = paintOf(state, style)
  const amount = (value: bigint | null) => amountCell(budget, value)
  return {
    cells: [
      nameCell(budget.name),
      periodName(budget.period),
      { text: state, paint },
      amount(spent),
      amount(budget.limit),
      { text: usedRatio === null ? NOTHING : formatRatio(usedRatio), paint },
      // Only the drawn bar ends at the limit.
      { text: usedRatio === null ? '' : bar(usedRatio, BAR_COLUMNS), paint },
      amount(remaining),
      amount(forecast?.expected ?? null),
      exhaustsAt === null ? NOTHING : { text: exhaustionText(exhaustsAt, report), paint },
      budget.period.kind === 'rolling' ? 'rolling' : durationText(period.end - report.now),
    ],
  }
}

function paintOf(state: BudgetState, { green, yellow, red, dim }: Style): Paint {
  return { ok: green, warning: yellow, critical: red, exceeded: red, unknown: dim }[state]
}

function amountCell(budget: Budget, value: bigint | null): Cell {
  if (value === null) return { text: NOTHING }
  if (unitOf(budget.basis) === 'usd') return { text: formatUsd(value) }
  return { text: `${formatCount(value)} tok`, compact: `${compact(value)} tok` }
}

function compact(value: bigint): string {
  return value < 0n ? `-${formatCompact(-value)}` : formatCompact(value)
}

function exhaustionText(exhaustsAt: number, report: BudgetReport): string {
  const text = timeText(exhaustsAt, report)
  return exhaustsAt <= report.now ? `since ${text}` : text
}

/** The time alone on the day that runs. */
function timeText(instant: number, { now, timeZone }: BudgetReport): string {
  const text = localTime(instant, timeZone)
  return isoDate(instant, timeZone) === isoDate(now, timeZone) ? text.slice(11) : text
}

function balanceText({ organization, balancePico, toppedUpPico, runwayMs }: BalanceFigures): string {
  const name = escapeControls(organization)
  const paid = `${formatUsd(toppedUpPico)} paid in`
  if (balancePico === null) {
    return `${name}: ${paid}; what is left is unknown, because the bill is not known since the first payment.`
  }
  const runway = runwayMs === null ? '' : `, which lasts about ${durationText(runwayMs)} at the rate of the last week`
  return `${name}: ${formatUsd(balancePico)} left of ${paid}, computed from the bill${runway}.`
}
