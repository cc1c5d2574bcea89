import { isoDate } from '../../core/period.ts'
import type { TokenClass } from '../../core/usage.ts'
import { escapeControls } from '../../lib/escape.ts'
import type { Output } from '../io.ts'
import { countCell, modelCell, NOTHING, nameCell } from '../report/cells.ts'
import { noteLines, titleLines } from '../report/notes.ts'
import { formatCount, formatUsd, formatUsdExact } from '../terminal/figures.ts'
import type { Style } from '../terminal/style.ts'
import { type Cell, type Column, type Row, renderTable } from '../terminal/table.ts'
import type { PriceEntry, PriceReport, UnpricedModel } from './price-report.ts'

interface PriceColumn extends Column {
  readonly cell: (entry: PriceEntry) => Cell | string
}

/** Lines of the prices for people. */
export function pricesLines(report: PriceReport, out: Output): string[] {
  const { entries, at, unpriced } = report
  const { style, width } = out
  const columns = columnsOf(entries, style)
  const rows = entries.map(
    (entry): Row => ({
      cells: columns.map(({ cell }) => cell(entry)),
      kind: entry.state === 'in force' ? 'row' : 'rest',
    }),
  )
  return [
    ...titleLines('Dollars per million tokens', `on ${isoDate(at, 'UTC')} (UTC)`, out),
    '',
    ...renderTable({ columns, rows }, width, style),
    ...(unpriced !== null && unpriced.length > 0 ? ['', ...unpricedLines(unpriced, out)] : []),
    '',
    ...notes(report).flatMap(([label, text]) => noteLines(label, text, out)),
  ]
}

function columnsOf(entries: readonly PriceEntry[], style: Style): PriceColumn[] {
  const price = (header: string, name: TokenClass, dropOrder?: number): PriceColumn => ({
    header,
    align: 'decimal',
    ...(dropOrder !== undefined && { dropOrder }),
    cell: ({ list }) => priceCell(list.rates.none.plain.pico[name], style),
  })
  const hasAliases = entries.some(({ aliases }) => aliases.length > 0)
  return [
    { header: 'Model', align: 'left', shrinkTo: 19, cell: ({ model }) => priceModelCell(model, entries) },
    { header: 'List', align: 'left', cell: listText },
    price('Input', 'input'),
    price('Write 5m', 'cache_write_5m', 4),
    price('Write 1h', 'cache_write_1h', 5),
    price('Read', 'cache_read', 3),
    price('Output', 'output'),
    { header: 'In force', align: 'left', dropOrder: 2, cell: periodCell },
    { header: 'From', align: 'left', dropOrder: 6, cell: (entry) => originCell(entry, style) },
    ...(hasAliases
      ? [{ header: 'Also', align: 'left', dropOrder: 7, shrinkTo: 16, cell: aliasCell } satisfies PriceColumn]
      : []),
  ]
}

/** The short name keeps the date where that alone tells two models from each other. */
function priceModelCell(model: string, entries: readonly PriceEntry[]): Cell {
  const cell = modelCell(model)
  const isShared = entries.some((other) => other.model !== model && modelCell(other.model).compact === cell.compact)
  return isShared ? { text: cell.text, compact: cell.text.replace(/^(.*\/)?claude-/, '') } : cell
}

function priceCell(pico: number | null, style: Style): Cell {
  if (pico === null) return { text: NOTHING, paint: style.dim }
  return { text: formatUsdExact(BigInt(pico) * 1_000_000n) }
}

function listText({ kind, list }: PriceEntry): string {
  if (kind !== 'long') return kind
  const { thresholdTokens } = list
  return `> ${thresholdTokens % 1_000 === 0 ? `${formatCount(thresholdTokens / 1_000)}k` : formatCount(thresholdTokens)}`
}

function periodCell({ list }: PriceEntry): Cell {
  const end = Number.isFinite(list.until) ? isoDate(list.until - 1, 'UTC') : null
  if (end === null && list.since === '') return { text: 'always' }
  if (end === null) return { text: `since ${list.since}`, compact: `from ${list.since}` }
  if (list.since === '') return { text: `until ${end}` }
  return { text: `${list.since} to ${end}`, compact: `until ${end}` }
}

function originCell({ evidence }: PriceEntry, style: Style): Cell {
  if (evidence === null) return { text: 'configuration', paint: style.cyan }
  if (evidence.confidence === 'published') return { text: `table ${evidence.asOf}` }
  return { text: `${evidence.confidence} ${evidence.asOf}`, paint: style.yellow }
}

function aliasCell({ aliases }: PriceEntry): Cell {
  return aliases.length === 0 ? { text: NOTHING } : nameCell(aliases.join(', '))
}

function unpricedLines(unpriced: readonly UnpricedModel[], { style, width }: Output): string[] {
  const columns: Column[] = [
    { header: 'Without a price', align: 'left', shrinkTo: 16 },
    { header: 'Provider', align: 'left', shrinkTo: 10 },
    { header: 'Tokens', align: 'right' },
  ]
  const rows = unpriced.map(
    ({ model, provider, tokens }): Row => ({
      cells: [{ ...modelCell(model), paint: style.yellow }, nameCell(provider), countCell(tokens)],
    }),
  )
  return renderTable({ columns, rows }, width, style)
}

type Note = readonly [label: string, text: string]

function notes({ table, version, configuredAliases, unpriced }: PriceReport): Note[] {
  const factor = ([over, under]: readonly [number, number]) => over / under
  const { us, region, batch } = table.factors
  const aliases = [...configuredAliases].map(([from, to]) => `${escapeControls(from)} is ${escapeControls(to)}`)
  const search = formatUsd(BigInt(table.webSearchUsdPerThousand) * 1_000_000_000_000n)
  return [
    ['Source', `price table of ${table.asOf}, prices in the configuration (pricing.overrides); version ${version}.`],
    [
      'Factors',
      `inference in the US x${factor(us)}, regional Bedrock ids x${factor(region)}, batch x${factor(batch)}, where a model has them; ${search} per thousand web searches.`,
    ],
    ...(aliases.length === 0 ? [] : ([['Aliases', `${aliases.join(', ')} (pricing.aliases).`]] as const)),
    ...unpricedNote(unpriced),
  ]
}

function unpricedNote(unpriced: PriceReport['unpriced']): Note[] {
  if (unpriced === null) return [['Unpriced', 'not known, there is no ledger yet.']]
  if (unpriced.length === 0) return []
  const count = unpriced.length === 1 ? '1 model' : `${formatCount(unpriced.length)} models`
  return [
    [
      'Unpriced',
      `the tokens of ${count} are in no amount. Give a price under pricing.overrides, or an id with a price under pricing.aliases.`,
    ],
  ]
}
