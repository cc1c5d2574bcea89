import { PICO_PER_USD } from '../../core/money.ts'
import { roundTogether } from '../../owners/apportion.ts'
import type { ChargebackGrouping, ChargebackRow, Charged } from '../../owners/chargeback.ts'
import type { Figures } from '../../owners/figures.ts'
import type { MonthReport } from '../../owners/report.ts'
import type { Output } from '../io.ts'
import { countCell, NOTHING, nameCell } from '../report/cells.ts'
import { titleLines } from '../report/notes.ts'
import { formatUsdExact } from '../terminal/figures.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import { wrap } from '../terminal/wrap.ts'
import { detailRows } from './detail-rows.ts'
import { monthNotes, reportNotes } from './notes.ts'
import type { ChargebackReport } from './report.ts'

const CENT_PICO = PICO_PER_USD / 100n

const NAMES: readonly (Column & { readonly of: keyof Charged; readonly by: ChargebackGrouping })[] = [
  { header: 'Owner', align: 'left', shrinkTo: 12, of: 'owner', by: 'owner' },
  { header: 'Team', align: 'left', shrinkTo: 8, of: 'team', by: 'team' },
  { header: 'Cost centre', align: 'left', shrinkTo: 6, of: 'costCenter', by: 'cost-center' },
]

/** Lines of the chargeback for people: a table per month, then what holds for all. */
export function chargebackLines(report: ChargebackReport, out: Output): string[] {
  return [...report.months.flatMap((month) => [...monthLines(month, report, out), '']), ...reportNotes(report, out)]
}

function monthLines(month: MonthReport, report: ChargebackReport, out: Output): string[] {
  const { timeZone } = report.context
  const days = month.isWhole ? month.month : `${month.first} to ${month.last}`
  const period = `${days}${month.isRunning ? ', not over yet' : ''}; use: ${timeZone}, bill: UTC`
  const title = titleLines('Chargeback', period, out)
  const { rows } = month.chargeback
  if (rows.length === 0) {
    const nothing = 'Nothing was used in this month, as far as the ledger knows, and nothing was billed.'
    return [...title, '', ...wrap(nothing, out.width, 2), ...monthNotes(month, report, out)]
  }
  return [
    ...title,
    '',
    ...renderTable(tableOf(month, report), out.width, out.style),
    '',
    ...monthNotes(month, report, out),
  ]
}

function tableOf(month: MonthReport, { by, share, detail }: ChargebackReport) {
  const { rows, total } = month.chargeback
  const names = NAMES.filter((column) => by === null || column.by === by)
  const hasUnpriced = total.unpricedTokens > 0n
  const columns: Column[] = [
    ...names,
    { header: 'Estimate', align: 'right' },
    { header: 'Plan value', align: 'right' },
    { header: 'Billed', align: 'right' },
    ...(share === 'none' ? [] : [{ header: 'Shared', align: 'right' } as const]),
    { header: 'Tokens', align: 'right', dropOrder: 1 },
    ...(hasUnpriced ? [{ header: 'Unpriced', align: 'right', dropOrder: 2 } as const] : []),
    { header: 'Requests', align: 'right', dropOrder: 3 },
    { header: 'Sessions', align: 'right', dropOrder: 4 },
    { header: 'Projects', align: 'right', dropOrder: 5 },
    { header: 'Machines', align: 'right', dropOrder: 6 },
  ]
  const money = moneyOf(month, share !== 'none')
  const cellsOf = (name: readonly Cell[], amounts: readonly Cell[], figures: Figures) => [
    ...name,
    ...amounts,
    ...usedCells(figures, hasUnpriced),
  ]
  const layout = { names: names.length, columns: columns.length, hasShare: share !== 'none', hasUnpriced }
  return {
    columns,
    rows: [
      ...rows.flatMap((row, index): Row[] => {
        const name = names.map(({ of }) => nameCell(row.charged[of] ?? ''))
        const kind = row.isAllocated ? 'row' : 'rest'
        const sum: Row = { kind, cells: cellsOf(name, money.rows[index] ?? [], row) }
        return detail ? [sum, ...detailRows(row, layout)] : [sum]
      }),
      {
        kind: 'total' as const,
        cells: cellsOf([{ text: 'Total' }, ...names.slice(1).map(() => ({ text: '' }))], money.total, total),
      },
    ],
  }
}

function usedCells(figures: Figures, hasUnpriced: boolean): Cell[] {
  const { tokens, unpricedTokens, requests, sessions, projects, machines } = figures
  const all = tokens.reduce((sum, count) => sum + count, 0n)
  return [all, ...(hasUnpriced ? [unpricedTokens] : []), requests, sessions, projects, machines].map(countCell)
}

/** Amounts in cents, of which those of the rows add up to those of the total. */
function moneyOf({ chargeback, bill }: MonthReport, hasShare: boolean) {
  const columns: readonly ((row: ChargebackRow) => bigint | null)[] = [
    ({ estimatedPico }) => estimatedPico,
    ({ planPico }) => planPico,
    ({ billedPico }) => (bill.isKnown ? billedPico : null),
    ...(hasShare ? [({ sharedPico }: ChargebackRow) => sharedPico] : []),
  ]
  const rounded = columns.map((of) => {
    const amounts = chargeback.rows.map(of)
    const cents = roundTogether(
      amounts.map((pico) => pico ?? 0n),
      CENT_PICO,
    )
    const sum = cents.reduce((all, cent) => all + cent, 0n)
    const isKnown = amounts.some((pico) => pico !== null)
    return { rows: cents.map((cent, index) => (amounts[index] === null ? null : cent)), total: isKnown ? sum : null }
  })
  return {
    rows: chargeback.rows.map((_, index) => rounded.map(({ rows }) => centCell(rows[index] ?? null))),
    total: rounded.map(({ total }) => centCell(total)),
  }
}

function centCell(cents: bigint | null): Cell {
  return { text: cents === null ? NOTHING : formatUsdExact(cents * CENT_PICO) }
}
