import type { TokenClass } from '../../core/usage.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { ExplainedGroup, Explanation } from '../../report/explain.ts'
import { isEmpty } from '../../report/groups.ts'
import { describePeriod } from '../../report/period.ts'
import type { ReportRequest } from '../../report/request.ts'
import {
  addValues,
  count,
  emptyTotals,
  estimatedPico,
  hasUse,
  planPico,
  type Totals,
  totalTokens,
} from '../../report/totals.ts'
import type { Output } from '../io.ts'
import { formatCount, formatUsdExact } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import { wrap } from '../terminal/wrap.ts'
import { emptyLines, freshnessLines, titleLines } from './notes.ts'

const TOKENS_PER_PRICE = 1_000_000n

const COLUMNS: readonly Column[] = [
  { header: '', align: 'left', shrinkTo: 12 },
  { header: 'Tokens', align: 'right' },
  { header: 'per million', align: 'decimal' },
  { header: 'Amount', align: 'decimal' },
]

/** Lines of an explanation for people. Amounts are exact, so that anybody can add them up. */
export async function explanationLines(
  explanation: Explanation,
  request: ReportRequest,
  out: Output,
): Promise<string[]> {
  const { style, width } = out
  const { groups, period, gone, totals } = explanation
  const title = titleLines(titleOf(explanation), describePeriod(period, request.context), out)
  const freshness = freshnessLines(request, out)
  if (isEmpty(totals)) return [...(await emptyLines(request, period, out)), ...freshness]
  const top = request.options.top ?? groups.length
  const rest = emptyTotals()
  for (const { billing, values } of groups.slice(top)) addValues(rest, billing, values)
  const rows = [
    ...groups.slice(0, top).flatMap((group) => groupRows(explanation, group, width, style)),
    ...sumRows(`${formatCount(Math.max(0, groups.length - top))} more ways of charging`, rest, style),
    ...sumRows('Older than storage.retention: single responses are gone, their sums remain', gone, style),
    ...totalRows(totals, style),
  ]
  return [...title, '', ...renderTable({ columns: COLUMNS, rows }, width, style), '', ...freshness]
}

function titleOf({ subject }: Explanation): string {
  return subject.kind === 'day'
    ? `Cost of ${subject.day}`
    : `Cost of session ${escapeControls(subject.session)} (${subject.source})`
}

const CLASS_LABELS: Readonly<Record<TokenClass, string>> = {
  input: 'input',
  cache_write_5m: 'cache write 5m',
  cache_write_1h: 'cache write 1h',
  cache_read: 'cache read',
  output: 'output',
}

function groupRows({ by }: Explanation, group: ExplainedGroup, width: number, style: Style): Row[] {
  const { origin, classes, webSearches, costPico } = group
  const heading = headingOf(by, group).flatMap((text, index) =>
    wrap(text, width, 2).map(index === 0 ? style.cyan : style.dim),
  )
  const rows: Row[] = classes
    .filter(({ tokens }) => tokens > 0n)
    .map(({ tokenClass, tokens, picoPerToken, costPico: amount }) => ({
      cells: [
        `  ${CLASS_LABELS[tokenClass]}`,
        formatCount(tokens),
        picoPerToken === null ? '' : formatUsdExact(BigInt(picoPerToken) * TOKENS_PER_PRICE),
        amount !== null ? formatUsdExact(amount) : origin === 'recorded' ? '' : unpricedCell(style),
      ],
    }))
  if (webSearches.count > 0n || webSearches.costPico !== 0n) rows.push(searchRow(group))
  const label = origin === 'recorded' ? '  as the log says' : '  together'
  rows.push({ cells: [label, '', '', { text: formatUsdExact(costPico), paint: style.bold }] })
  return rows.map((row, index) => (index === 0 ? { ...row, heading: ['', ...heading] } : row))
}

/** Who and what, then by which rules. */
function headingOf(by: Explanation['by'], group: ExplainedGroup): string[] {
  const { key, model, modelIds, billing, origin, rate, requests } = group
  const names = by.map((name, index) => `${name} ${key[index] || '–'}`).filter((_, index) => by[index] !== 'model')
  const ids = modelIds.filter((id) => id !== model)
  const what = [...names, ids.length === 0 ? model : `${model} (logged as ${ids.join(', ')})`].join(' · ')
  const price =
    origin === 'recorded'
      ? 'cost recorded in the log'
      : (rate?.description ?? 'no price is known for this model: pricing.overrides and pricing.aliases can give it one')
  const count = requests === 1n ? '1 request' : `${formatCount(requests)} requests`
  const payer = billing === 'plan' ? ['covered by a plan'] : []
  return [what, [count, price, ...payer].join('; ')].map(escapeControls)
}

function searchRow({ webSearches: { count: searches, costPico }, origin }: ExplainedGroup): Row {
  const label = `  web searches${searches > 0n ? `: ${formatCount(searches)}` : ''}`
  const isEven = searches > 0n && costPico % searches === 0n
  const each = origin === 'recorded' || !isEven ? '' : `${formatUsdExact(costPico / searches)} each`
  return { cells: [label, '', each, origin === 'recorded' ? '' : formatUsdExact(costPico)] }
}

/** A sum of which no detail is shown. */
function sumRows(label: string, totals: Totals, style: Style): Row[] {
  if (isEmpty(totals)) return []
  const heading = ['', style.dim(label)]
  return moneyRows(totals, '  ', style).map((row, index) => (index === 0 ? { ...row, heading } : row))
}

function totalRows(totals: Totals, style: Style): Row[] {
  return moneyRows(totals, '', style).map((row) => ({ ...row, kind: 'total' }))
}

function moneyRows(totals: Totals, indent: string, style: Style): Row[] {
  const rows: Row[] = []
  const tokens = formatCount(totalTokens(totals))
  if (hasUse(totals, 'metered') || !hasUse(totals, 'plan')) {
    rows.push({ cells: [`${indent}Estimated cost`, tokens, '', formatUsdExact(estimatedPico(totals))] })
  }
  if (hasUse(totals, 'plan')) {
    rows.push({ cells: [`${indent}Plan value`, rows.length === 0 ? tokens : '', '', formatUsdExact(planPico(totals))] })
  }
  const unpriced = count(totals, 'unpriced')
  if (unpriced > 0n) rows.push({ cells: [`${indent}+ unpriced`, formatCount(unpriced), '', unpricedCell(style)] })
  return rows
}

function unpricedCell(style: Style): Cell {
  return { text: 'unpriced', paint: style.yellow }
}
