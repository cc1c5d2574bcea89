import { type Judgement, judgeCacheHits } from '../../core/cache-judgement.ts'
import { isoDate } from '../../core/period.ts'
import { TOKEN_CLASSES, type TokenClass } from '../../core/usage.ts'
import { describePeriod, localTime } from '../../report/period.ts'
import type { ReportRequest } from '../../report/request.ts'
import type { Summary, SummaryWindow } from '../../report/summary.ts'
import { cacheGainPico, cacheHitRatio, count, hasUse, type Totals, tokensOf, totalTokens } from '../../report/totals.ts'
import type { Output } from '../io.ts'
import { formatCount, formatRatio, formatUsd } from '../terminal/figures.ts'
import type { Paint, Style } from '../terminal/style.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import { costCell, countCell, NOTHING, nameCell, planCell, ratioCell, usdCell } from './cells.ts'
import { emptyLines, freshnessLines, noteLines } from './notes.ts'

/** Below this many columns the windows are named briefly. */
const NARROW_COLUMNS = 80

/** Lines of the summary for people. */
export async function summaryLines(summary: Summary, request: ReportRequest, out: Output): Promise<string[]> {
  const { style, width } = out
  const { windows } = summary
  const widest = windows.at(-1)
  if (widest === undefined || (totalTokens(widest.totals) === 0n && count(widest.totals, 'requests') === 0n)) {
    const period = widest?.period ?? { from: 0, to: 0, kind: 'all', isOpen: true }
    return [...(await emptyLines(request, period, out)), ...freshnessLines(request, out)]
  }
  const notes = [...windowNotes(summary, request), ...cacheNotes(windows), ...unloggedNotes(summary)]
  return [
    style.bold('Usage of Claude Code, OpenClaw and pi'),
    '',
    ...renderTable({ columns: windowColumns(windows, width, ''), rows: figureRows(windows, style) }, width, style),
    ...(summary.groups.length > 0 ? ['', ...groupLines(summary, request, out)] : []),
    '',
    ...notes.flatMap(([label, text]) => noteLines(label, text, out)),
    ...freshnessLines(request, out),
  ]
}

function windowColumns(windows: readonly SummaryWindow[], width: number, first: string): Column[] {
  return [
    { header: first, align: 'left', shrinkTo: 12 },
    ...windows.map(({ name, title, shortTitle }): Column => {
      const header = width < NARROW_COLUMNS ? shortTitle : title
      return name === 'monthToDate' ? { header, align: 'right', dropOrder: 1 } : { header, align: 'right' }
    }),
  ]
}

function figureRows(windows: readonly SummaryWindow[], style: Style): Row[] {
  const all = windows.map(({ totals }) => totals)
  const row = (label: string, cell: (totals: Totals) => Cell | string): Row => ({ cells: [label, ...all.map(cell)] })
  const bold = (label: string, cell: (totals: Totals) => Cell): Row => ({
    cells: [{ text: label, paint: style.bold }, ...all.map((totals) => ({ paint: style.bold, ...cell(totals) }))],
  })
  const rows = [bold('Cost (estimated)', (use) => costCell(use, style))]
  if (all.some((use) => count(use, 'unpriced') > 0n)) {
    rows.push(row('+ unpriced tokens', (use) => ({ ...countCell(count(use, 'unpriced')), paint: style.yellow })))
  }
  if (all.some((use) => hasUse(use, 'plan'))) rows.push(row('Plan value', (use) => planCell(use, style)))
  rows.push(row('Requests', (use) => countCell(count(use, 'requests'))))
  rows.push(bold('Tokens', (use) => countCell(totalTokens(use))))
  for (const tokenClass of TOKEN_CLASSES) {
    rows.push(row(CLASS_LABELS[tokenClass], (use) => countCell(tokensOf(use, tokenClass))))
  }
  rows.push(row('Cache hits', (use) => hitCell(use, style)))
  rows.push(row('Saved by caching', gainCell))
  return rows
}

const CLASS_LABELS: Readonly<Record<TokenClass, string>> = {
  input: '  input',
  cache_write_5m: '  cache write 5m',
  cache_write_1h: '  cache write 1h',
  cache_read: '  cache read',
  output: '  output',
}

function hitCell(totals: Totals, style: Style): Cell {
  const ratio = cacheHitRatio(totals)
  if (ratio === null) return ratioCell(ratio)
  return { ...ratioCell(ratio), paint: paintOf(judgeCacheHits(ratio), style) }
}

function paintOf({ word }: Judgement, style: Style): Paint {
  return word === 'poor' ? style.red : word === 'fair' ? style.yellow : style.green
}

function gainCell(totals: Totals): Cell {
  if (totalTokens(totals) === 0n) return { text: NOTHING }
  return usdCell(cacheGainPico(totals, hasUse(totals, 'metered') ? 'metered' : 'plan'))
}

function groupLines(summary: Summary, { options }: ReportRequest, { style, width }: Output): string[] {
  const { windows, groups, moreGroups } = summary
  const header = `Cost by ${(options.by ?? []).join(' · ')}`
  const rows: Row[] = groups.map(({ key, totals }) => ({
    cells: [nameCell(key.map((name) => name || NOTHING).join(' · ')), ...totals.map((use) => costCell(use, style))],
  }))
  const lines = renderTable({ columns: windowColumns(windows, width, header), rows }, width, style)
  if (moreGroups > 0) lines.push(style.dim(`${formatCount(moreGroups)} more; --top shows them`))
  return lines
}

type Note = readonly [label: string, text: string]

function windowNotes({ windows }: Summary, { context }: ReportRequest): Note[] {
  const { timeZone, span } = context
  const chosen = windows.find(({ name }) => name === 'period')
  if (chosen !== undefined) return [['Period', `${describePeriod(chosen.period, context)}.`]]
  const texts = windows.map(({ title, period: { from, kind } }) => {
    const start =
      kind === 'rolling' ? `(rolling) since ${localTime(from, timeZone)}` : `since ${isoDate(from, timeZone)}`
    return `${title.toLowerCase()} ${start}`
  })
  const [first, last] = [span?.first ?? 0, span?.last ?? 0].map((instant) => isoDate(instant, timeZone))
  return [
    ['Windows', `${texts.join(', ')}; ${timeZone}.`],
    ['Active', `${first} to ${last}.`],
  ]
}

/** Judges the longest window that is not all of history, where there was a prompt. */
function cacheNotes(windows: readonly SummaryWindow[]): Note[] {
  const judged = ['period', 'last7Days', 'monthToDate', 'allTime'].flatMap((name) =>
    windows.filter((window) => window.name === name && cacheHitRatio(window.totals) !== null),
  )[0]
  const ratio = judged === undefined ? null : cacheHitRatio(judged.totals)
  if (judged === undefined || ratio === null) return []
  const { word, meaning } = judgeCacheHits(ratio)
  return [['Cache', `${word} (${formatRatio(ratio)} ${judged.title.toLowerCase()}): ${meaning}.`]]
}

function unloggedNotes({ unlogged: { tokens, costPico } }: Summary): Note[] {
  if (tokens === 0n && costPico === 0n) return []
  const amount = `${formatCount(tokens)} tokens, ${formatUsd(costPico)} by the agents' own count`
  return [['Unlogged', `${amount}, for calls that no log line shows, such as titles; in no figure above.`]]
}
