import { durationText } from '../../core/duration-text.ts'
import { TOKEN_CLASSES, type TokenClass } from '../../core/usage.ts'
import type { MachineRow } from '../../ledger/machines.ts'
import type { GroupReport } from '../../report/group-report.ts'
import type { Group, SessionFacts } from '../../report/groups.ts'
import type { Grouping } from '../../report/options.ts'
import { describePeriod, localTime } from '../../report/period.ts'
import type { ReportRequest } from '../../report/request.ts'
import { shortIds } from '../../report/short-ids.ts'
import {
  cacheHitRatio,
  count,
  estimatedPico,
  hasUse,
  planPico,
  type Totals,
  tokensOf,
  totalTokens,
} from '../../report/totals.ts'
import type { Output } from '../io.ts'
import { bar, formatCount } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import { costCell, countCell, modelCell, NOTHING, nameCell, planCell, ratioCell, usdCell } from './cells.ts'
import { emptyLines, freshnessLines, titleLines } from './notes.ts'

/** Lines of a group report for people. */
export async function groupReportLines(report: GroupReport, request: ReportRequest, out: Output): Promise<string[]> {
  const { style, width } = out
  const { kind, period, groups, rest, totals } = report
  const notes = freshnessLines(request, out)
  if (groups.length === 0) return [...(await emptyLines(request, period, out)), ...notes]
  const columns = columnsOf(report, request.context.timeZone, style)
  const rows: Row[] = groups.map((group) => ({ cells: columns.map(({ cell }) => cell(group)) }))
  const summary = (label: string, sums: Totals): readonly (Cell | string)[] =>
    columns.map(({ sum }, index) => (index === 0 ? label : (sum?.(sums) ?? '')))
  if (rest.groups > 0) rows.push({ cells: summary(`${formatCount(rest.groups)} more`, rest.totals), kind: 'rest' })
  if (groups.length + rest.groups > 1) rows.push({ cells: summary('Total', totals), kind: 'total' })
  return [
    ...titleLines(kind.title, describePeriod(period, request.context), out),
    '',
    ...renderTable({ columns, rows }, width, style),
    '',
    ...notes,
  ]
}

interface ReportColumn extends Column {
  readonly cell: (group: Group) => Cell | string
  /** What stands under the column in sums of rows. */
  readonly sum?: (totals: Totals) => Cell | string
}

/** All columns there is something for, in order; `dropOrder` says which go first where room is short. */
function columnsOf(report: GroupReport, timeZone: string, style: Style): ReportColumn[] {
  const { kind, by, groups, rest, totals } = report
  const sums = [...groups.map((group) => group.totals), rest.totals]
  const figures = (header: string, dropOrder: number | null, cell: (totals: Totals) => Cell): ReportColumn => ({
    header,
    align: 'right',
    ...(dropOrder !== null && { dropOrder }),
    cell: (group) => cell(group.totals),
    sum: cell,
  })
  const money = (header: string, cell: (totals: Totals) => Cell): ReportColumn => ({
    ...figures(header, null, cell),
    align: 'decimal',
  })
  const columns = by.map((name, index) => keyColumn(name, index, groups))
  if (kind.name === 'sessions') columns.push(...sessionColumns(by, timeZone))
  if (kind.name === 'machines') columns.push(...machineColumns(report, timeZone))
  if (kind.countSessions) {
    columns.push({ header: 'Sessions', align: 'right', dropOrder: 4, cell: (group) => countCell(group.sessions) })
  }
  for (const tokenClass of TOKEN_CLASSES) {
    if (tokensOf(totals, tokenClass) === 0n) continue
    const [header, dropOrder] = CLASS_COLUMNS[tokenClass]
    columns.push(figures(header, dropOrder, (use) => countCell(tokensOf(use, tokenClass))))
  }
  columns.push(figures('Tokens', 2, (use) => countCell(totalTokens(use))))
  columns.push(figures('Requests', 3, (use) => countCell(count(use, 'requests'))))
  columns.push(figures('Cache hits', 12, (use) => ratioCell(cacheHitRatio(use))))
  if (sums.some((use) => hasUse(use, 'metered'))) columns.push(money('Cost', (use) => costCell(use, style)))
  if (sums.some((use) => hasUse(use, 'plan'))) columns.push(money('Plan value', (use) => planCell(use, style)))
  if (count(totals, 'unpriced') > 0n) {
    columns.push(figures('Unpriced', null, (use) => unpricedCell(count(use, 'unpriced'), style)))
  }
  if (kind.countSessions) {
    columns.push({
      header: 'Per session',
      align: 'decimal',
      dropOrder: 5,
      cell: perSessionCell,
    })
  }
  columns.push(...shareColumns(report, style))
  return columns
}

const CLASS_COLUMNS: Readonly<Record<TokenClass, readonly [header: string, dropOrder: number]>> = {
  input: ['Input', 9],
  cache_write_5m: ['Write 5m', 11],
  cache_write_1h: ['Write 1h', 10],
  cache_read: ['Cache read', 8],
  output: ['Output', 5],
}

const KEY_HEADERS: Readonly<Record<Grouping, string>> = {
  day: 'Date',
  source: 'Source',
  agent: 'Agent',
  project: 'Project',
  provider: 'Provider',
  model: 'Model',
  branch: 'Branch',
  billing: 'Billing',
  machine: 'Machine',
  session: 'Session',
}

function keyColumn(name: Grouping, index: number, groups: readonly Group[]): ReportColumn {
  const header = KEY_HEADERS[name]
  const textOf = ({ key }: Group) => key[index] || NOTHING
  switch (name) {
    case 'day':
      return { header, align: 'left', cell: textOf }
    case 'model':
      return { header, align: 'left', shrinkTo: 12, cell: (group) => modelCell(textOf(group)) }
    case 'session': {
      const short = shortIds(groups.map(textOf))
      return { header, align: 'left', shrinkTo: 8, cell: (group) => nameCell(short(textOf(group))) }
    }
    default:
      return { header, align: 'left', shrinkTo: 10, cell: (group) => nameCell(textOf(group)) }
  }
}

function sessionColumns(by: readonly Grouping[], timeZone: string): ReportColumn[] {
  const column = (header: string, dropOrder: number, cell: (session: SessionFacts) => Cell): ReportColumn => ({
    header,
    align: 'left',
    dropOrder,
    cell: ({ session }) => (session === null ? NOTHING : cell(session)),
  })
  const columns = [
    column('Start', 4, ({ first }) => ({ text: localTime(first, timeZone) })),
    column('Duration', 6, ({ first, last }) => ({ text: durationText(last - first) })),
  ]
  if (!by.includes('agent')) columns.push({ ...column('Agent', 13, ({ agent }) => nameCell(agent)), shrinkTo: 10 })
  if (!by.includes('project'))
    columns.push({ ...column('Project', 1, ({ project }) => nameCell(project)), shrinkTo: 10 })
  if (!by.includes('model')) columns.push({ ...column('Model', 7, ({ models }) => modelsCell(models)), shrinkTo: 12 })
  return columns
}

/** How fresh what a machine stores is. */
function machineColumns({ by, machines }: GroupReport, timeZone: string): ReportColumn[] {
  const place = by.indexOf('machine')
  const column = (header: string, dropOrder: number, at: (machine: MachineRow) => number | null): ReportColumn => ({
    header,
    align: 'left',
    dropOrder,
    cell: ({ key }) => {
      const machine = machines.find(({ name }) => name === key[place])
      const time = machine === undefined ? null : at(machine)
      return time === null ? NOTHING : { text: localTime(time, timeZone) }
    },
  })
  return [
    column('Last seen', 2, ({ seenAt }) => seenAt),
    column('Logs read', 7, ({ readAt }) => readAt),
    column('Newest', 8, ({ newestAt }) => newestAt),
  ]
}

function modelsCell([first = NOTHING, ...others]: readonly string[]): Cell {
  return modelCell(first, others.length === 0 ? '' : ` +${others.length}`)
}

function unpricedCell(tokens: bigint, style: Style): Cell {
  return tokens === 0n ? { text: NOTHING, paint: style.dim } : { ...countCell(tokens), paint: style.yellow }
}

function perSessionCell({ totals, sessions }: Group): Cell {
  const pico = hasUse(totals, 'metered') ? estimatedPico(totals) : planPico(totals)
  return sessions === 0 || (pico === 0n && count(totals, 'unpriced') > 0n)
    ? { text: NOTHING }
    : usdCell(pico / BigInt(sessions))
}

const BAR_COLUMNS = 10

/** Each row's part of the whole cost as a number, and as a bar against the largest row. */
function shareColumns({ kind, groups, totals }: GroupReport, style: Style): ReportColumn[] {
  const amount = hasUse(totals, 'metered') ? estimatedPico : planPico
  const whole = Number(amount(totals))
  if (whole === 0) return []
  const largest = Math.max(...groups.map((group) => Number(amount(group.totals))))
  const barColumn: ReportColumn = {
    header: '',
    align: 'left',
    dropOrder: 14,
    cell: (group) => ({
      text: bar(largest === 0 ? 0 : Number(amount(group.totals)) / largest, BAR_COLUMNS),
      paint: style.cyan,
    }),
  }
  if (kind.name === 'daily' || kind.name === 'sessions') return [barColumn]
  const share = (use: Totals) => ratioCell(amount(use) === 0n ? null : Number(amount(use)) / whole)
  return [
    { header: 'Share', align: 'right', dropOrder: 5, cell: (group) => share(group.totals), sum: share },
    barColumn,
  ]
}
