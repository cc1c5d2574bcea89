import type { Overview } from '../../overview/overview.ts'
import { shortIds } from '../../report/short-ids.ts'
import { compactText, countText, percentText, plural, sumUsd, usdText } from '../figures.ts'
import { dayOf, timeText } from '../times.ts'
import { LOADING } from '../words.ts'
import { nameInCell } from './inline.ts'
import { left, right, table } from './table.ts'

const SHOWN = 5

type Totals = NonNullable<Overview['agents']['totals']>

/** A row of any of the lists, with what it is about as cells. */
interface Cause {
  readonly cells: readonly string[]
  readonly use: Pick<Totals, 'estimatedCostUsd' | 'planValueUsd' | 'tokens' | 'requests'>
}

/** Which agent, model, project and session accounts for how much of the last days. */
export function causeLines({ agents, models, projects, sessions }: Overview): string[] {
  if (agents.totals === null) return [LOADING]
  if (agents.totals.requests === 0) return [`The session logs hold nothing since ${dayOf(agents.range.from)}.`]
  const short = shortIds(sessions.rows.map(({ session }) => session))
  const parts = [
    causes('By project', ['Project'], projects, (row) => [nameInCell(row.project)]),
    causes('By agent', ['Agent', 'Source'], agents, (row) => [
      row.agent === 'none' ? 'main agent' : nameInCell(row.agent),
      row.source,
    ]),
    causes('By model', ['Model'], models, (row) => [nameInCell(row.model)]),
    causes('Most expensive sessions', ['Session', 'Project', 'Last response'], sessions, (row) => [
      nameInCell(short(row.session)),
      nameInCell(row.project),
      timeText(row.last),
    ]),
  ]
  return [
    `Since ${dayOf(agents.range.from)}, the last 7 days with today: ${totalText(agents.totals)}.`,
    ...parts.flatMap((lines) => ['', ...lines]),
  ]
}

interface Measured {
  readonly header: string
  readonly shareHeader: string
  readonly amount: (use: Cause['use']) => number
  readonly text: (amount: number) => string
  readonly isShown: (totals: Totals) => boolean
}

const MEASURES: readonly Measured[] = [
  {
    header: 'Estimated cost',
    shareHeader: 'Share of cost',
    amount: ({ estimatedCostUsd }) => estimatedCostUsd,
    text: usdText,
    isShown: isPaid,
  },
  {
    header: 'Plan value',
    shareHeader: 'Share of value',
    amount: ({ planValueUsd }) => planValueUsd,
    text: usdText,
    isShown: ({ planValueUsd }) => planValueUsd > 0,
  },
  {
    header: 'Tokens',
    shareHeader: 'Share of tokens',
    amount: ({ tokens }) => tokens.total,
    text: compactText,
    isShown: () => true,
  },
]

/** Nothing is said of cost where a plan covers everything. */
function isPaid({ estimatedCostUsd, planValueUsd }: Totals): boolean {
  return estimatedCostUsd > 0 || planValueUsd === 0
}

function causes<Row extends Cause['use']>(
  title: string,
  headers: readonly string[],
  {
    rows,
    totals,
    page,
  }: {
    readonly rows: readonly Row[]
    readonly totals: Totals | null
    readonly page: { readonly total: number | null }
  },
  cellsOf: (row: Row) => string[],
): string[] {
  if (totals === null) return []
  const shown = rows.slice(0, SHOWN).map((row) => ({ cells: cellsOf(row), use: row }))
  const count = (page.total ?? rows.length) - shown.length
  const others =
    count > 0
      ? [{ cells: [`${countText(count)} more`, ...headers.slice(1).map(() => '')], use: rest(totals, shown) }]
      : []
  const measures = MEASURES.filter(({ isShown }) => isShown(totals))
  const columns = [
    ...headers.map(left),
    ...measures.flatMap(({ header, shareHeader }) => [right(header), right(shareHeader)]),
  ]
  return [
    `### ${title}`,
    '',
    ...table(
      columns,
      [...shown, ...others].map(({ cells, use }) => [
        ...cells,
        ...measures.flatMap(({ amount, text }) => [text(amount(use)), share(amount(use), amount(totals))]),
      ]),
    ),
  ]
}

function rest(totals: Totals, shown: readonly Cause[]): Cause['use'] {
  const left = (total: number, value: (use: Cause['use']) => number) =>
    Math.max(0, sumUsd([total, ...shown.map(({ use }) => -value(use))]))
  return {
    estimatedCostUsd: left(totals.estimatedCostUsd, (use) => use.estimatedCostUsd),
    planValueUsd: left(totals.planValueUsd, (use) => use.planValueUsd),
    tokens: { ...totals.tokens, total: left(totals.tokens.total, (use) => use.tokens.total) },
    requests: left(totals.requests, (use) => use.requests),
  }
}

/** A dash where there is nothing to have a share of. */
function share(part: number, whole: number): string {
  return whole > 0 ? percentText(part / whole) : '-'
}

function totalText(totals: Totals): string {
  const { estimatedCostUsd, planValueUsd, tokens, requests } = totals
  return [
    ...(isPaid(totals) ? [`${usdText(estimatedCostUsd)} of estimated cost`] : []),
    ...(planValueUsd > 0 ? [`${usdText(planValueUsd)} of plan value`] : []),
    `${compactText(tokens.total)} tokens in ${plural(requests, 'request')}`,
  ].join(', ')
}
