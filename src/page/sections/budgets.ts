import type { Overview } from '../../overview/overview.ts'
import { amount, ratio } from '../figures.ts'
import { type Html, html } from '../html.ts'
import type { Moment } from '../moment.ts'
import { keyOf, name } from '../names.ts'
import { empty, section } from '../section.ts'
import { chip } from '../state.ts'
import { table } from '../table.ts'
import { type Budget, budgetCard } from './budget-card.ts'

/** Budgets with a bar of their own, and those in the table below them. */
const IN_CARDS = 6
const IN_TABLE = 60
/** A longer table, and one in which all is well, is opened by who wants it. */
const OPEN_UP_TO = 12

interface Placed {
  readonly budget: Budget
  /** In the document. */
  readonly index: number
}

const SERIOUSNESS: readonly Budget['state'][] = ['exceeded', 'critical', 'unknown', 'warning', 'ok']

/** The most serious first. */
export function budgetsSection({ budgets: { budgets } }: Overview, moment: Moment): Html {
  if (budgets.length === 0) return section('budgets', 'Budgets', NO_BUDGETS)
  const placed = budgets.map((budget, index) => ({ budget, index })).sort(bySeriousness)
  const rest = placed.slice(IN_CARDS, IN_CARDS + IN_TABLE)
  const missing = placed.length - IN_CARDS - rest.length
  return section(
    'budgets',
    'Budgets',
    html`<ul class="budgets">${placed.slice(0, IN_CARDS).map(({ budget, index }) => budgetCard(budget, index, moment))}</ul>
${rest.length === 0 ? null : html`<details id="more-budgets"${isOpen(rest) ? html` open` : null}><summary>${restText(rest)}</summary>${restTable(rest)}</details>`}
${missing <= 0 ? null : html`<p class="soft">And ${missing} more, all of them less urgent: ${moment.isLive ? html`<a href="/api/budgets">/api/budgets</a>` : html`<code>claude-usage-exporter budgets</code>`} has them.</p>`}`,
    html`<span class="key"><span class="swatch band"></span> forecast <span class="swatch elapsed"></span> time that is over <span class="swatch limit"></span> limit, where it is passed</span> · burn 1× is an even pace`,
  )
}

function bySeriousness(a: Placed, b: Placed): number {
  const state = SERIOUSNESS.indexOf(a.budget.state) - SERIOUSNESS.indexOf(b.budget.state)
  return state || (b.budget.usedRatio ?? -1) - (a.budget.usedRatio ?? -1) || a.index - b.index
}

function isOpen(rest: readonly Placed[]): boolean {
  return rest.length <= OPEN_UP_TO && !isAllWell(rest)
}

function isAllWell(rest: readonly Placed[]): boolean {
  return rest.every(({ budget }) => budget.state === 'ok')
}

function restText(rest: readonly Placed[]): string {
  return `${rest.length} more${isAllWell(rest) ? (rest.length === 1 ? ', ok' : ', all ok') : ''}`
}

function restTable(rows: readonly Placed[]): Html {
  return table<Placed>({
    caption: 'Further budgets',
    rows,
    key: ({ budget }) => keyOf(budget.name),
    columns: [
      { header: 'Budget', cell: ({ budget }) => name(budget.name) },
      { header: 'State', cell: ({ budget }) => chip(budget.state) },
      { header: 'Used', isNumber: true, cell: ({ budget: { usedRatio } }) => ratio(usedRatio, null) },
      { header: 'Spent', isNumber: true, cell: ({ budget: { spent, unit } }) => amount(spent, unit, null) },
      { header: 'Limit', isNumber: true, cell: ({ budget: { limit, unit } }) => amount(limit, unit, null) },
    ],
  })
}

const NO_BUDGETS =
  empty(html`<p>No budget is configured. With one, this page says how much is left and when it runs out. In the configuration file:</p>
<pre tabindex="0"><code>budgets:
  - name: monthly
    limit_usd: 200
    period: month</code></pre>
<p>It is read again on <code>SIGHUP</code>; <code>claude-usage-exporter check-config</code> says what is wrong with it.</p>`)
