import type { Overview } from '../../overview/overview.ts'
import { shortIds } from '../../report/short-ids.ts'
import { compactText, countText, percentText, sumUsd, usdText } from '../figures.ts'
import { dayOf, timeText } from '../times.ts'
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
  if (agents.totals === null) return ['Unknown while the history of the logs is read.']
  if (agents.totals.requests === 0) return [`Nothing was used since ${dayOf(agents.range.from)}.`]
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
  const columns = [
    ...headers.map(left),
    right('Estimated cost'),
    right('Share'),
    right('Plan value'),
    right('Tokens'),
    right('Share of tokens'),
  ]
  return [
    `### ${title}`,
    '',
    ...table(
      columns,
      [...shown, ...others].map(({ cells, use }) => [
        ...cells,
        usdText(use.estimatedCostUsd),
        share(use.estimatedCostUsd, totals.estimatedCostUsd),
        usdText(use.planValueUsd),
        compactText(use.tokens.total),
        share(use.tokens.total, totals.tokens.total),
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

function totalText({ estimatedCostUsd, planValueUsd, tokens, requests }: Totals): string {
  const plan = planValueUsd > 0 ? `, ${usdText(planValueUsd)} of plan value` : ''
  return `${usdText(estimatedCostUsd)} of estimated cost${plan}, ${compactText(tokens.total)} tokens in ${countText(requests)} requests`
}
