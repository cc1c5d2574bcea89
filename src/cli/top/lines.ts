import { durationText } from '../../core/duration-text.ts'
import { isoTime } from '../../core/period.ts'
import { count, hasUse, totalTokens } from '../../report/totals.ts'
import type { Output } from '../io.ts'
import { costCell, countCell, modelCell, NOTHING, nameCell, planCell, usdCell } from '../report/cells.ts'
import { titleLines } from '../report/notes.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import { wrap } from '../terminal/wrap.ts'
import { type Burn, type BurnRow, picoPerHour, tokensPerMinute } from './burn.ts'

const HEADERS = { project: 'Project', agent: 'Agent', session: 'Session', model: 'Model' } as const

export interface TopView {
  readonly timeZone: string
  /** Whether an exporter keeps the ledger up to date. */
  readonly isLive: boolean
  /** Most rows of the table; the rest is left out. */
  readonly maxRows: number
}

/** Lines above the table, and between it and what stands below. */
export const OTHER_LINES = 8

/** Lines of one look, for people. */
export function topLines(burn: Burn, { timeZone, isLive, maxRows }: TopView, out: Output): string[] {
  const { style, width } = out
  const time = isoTime(Math.floor(burn.now / 1_000) * 1_000, timeZone).slice(11, 19)
  const columns = columnsOf(burn, out)
  const shown = burn.rows.slice(0, Math.max(1, maxRows))
  const rows: Row[] = shown.map((row) => ({ cells: columns.map(({ cell }) => cell(row)) }))
  const more = burn.rows.length - shown.length
  const all: BurnRow = {
    name: more > 0 ? `Total of ${burn.rows.length}` : 'Total',
    source: '',
    recent: burn.recent,
    today: burn.today,
    last: null,
  }
  rows.push({ cells: columns.map(({ cell }, index) => (index === 0 ? all.name : cell(all))), kind: 'total' })
  return [
    ...titleLines('Used now', `${time} ${timeZone}, means of the last 5 minutes`, out),
    '',
    ...(burn.rows.length === 0 ? ['Nothing was used today.'] : renderTable({ columns, rows }, width, style)),
    ...(isLive ? [] : wrap('No exporter is running: nothing new appears here.', width).map(style.yellow)),
  ]
}

interface TopColumn extends Column {
  readonly cell: (row: BurnRow) => Cell | string
}

function columnsOf({ by, now, rows, today }: Burn, { style }: Output): TopColumn[] {
  const active =
    (cell: (row: BurnRow) => Cell) =>
    (row: BurnRow): Cell =>
      totalTokens(row.recent) === 0n ? { text: NOTHING, paint: style.dim } : cell(row)
  const hasSources = (by === 'agent' || by === 'session') && rows.length > 0
  const columns: TopColumn[] = [
    {
      header: HEADERS[by],
      align: 'left',
      shrinkTo: 12,
      cell: ({ name }) => (by === 'model' ? modelCell(name) : nameCell(name)),
    },
  ]
  if (hasSources)
    columns.push({ header: 'Source', align: 'left', dropOrder: 3, cell: ({ source }) => nameCell(source) })
  columns.push({
    header: 'Tokens/min',
    align: 'right',
    cell: active(({ recent }) => countCell(Math.round(tokensPerMinute(recent)))),
  })
  if (hasUse(today, 'metered') || !hasUse(today, 'plan')) {
    columns.push({
      header: '$/h',
      align: 'decimal',
      cell: active(({ recent }) => ({ ...usdCell(picoPerHour(recent, 'metered')), paint: style.bold })),
    })
  }
  if (hasUse(today, 'plan')) {
    columns.push({
      header: 'Plan $/h',
      align: 'decimal',
      dropOrder: 1,
      cell: active(({ recent }) => usdCell(picoPerHour(recent, 'plan'))),
    })
  }
  columns.push(
    {
      header: 'Requests',
      align: 'right',
      dropOrder: 4,
      cell: active(({ recent }) => countCell(count(recent, 'requests'))),
    },
    {
      header: 'Last',
      align: 'right',
      dropOrder: 5,
      cell: ({ last }) => (last === null ? '' : `${durationText(now - last)} ago`),
    },
    {
      header: 'Today',
      align: 'decimal',
      dropOrder: 2,
      cell: ({ today: use }) =>
        hasUse(use, 'metered') || !hasUse(use, 'plan') ? costCell(use, style) : planCell(use, style),
    },
  )
  return columns
}
