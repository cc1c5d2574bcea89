import type { BudgetState } from '../../core/budget.ts'
import type { Overview } from '../../overview/overview.ts'
import { bar } from '../bar.ts'
import { ratio } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { agoText, clock, type Moment, when } from '../moment.ts'
import { keyOf, name } from '../names.ts'
import { ratioText } from '../numbers.ts'
import { empty, section } from '../section.ts'
import { chip } from '../state.ts'

type Window = Overview['windows']['rows'][number]

/** The limits of subscriptions that the provider itself tells of. */
export function windowsSection({ windows: { rows } }: Overview, moment: Moment): Html {
  if (rows.length === 0) return section('windows', 'Plan windows', NO_WINDOWS)
  const items = rows.map((row, index) => windowItem(row, index, moment))
  return section(
    'windows',
    'Plan windows',
    html`<ul class="budgets">${items}</ul>`,
    'as Claude Code told its status line',
  )
}

function windowItem(row: Window, index: number, moment: Moment): Html {
  const { account, window, usedRatio, resetsAt, observedAt } = row
  const isOver = resetsAt !== null && Date.parse(resetsAt) <= moment.at
  const state = isOver ? 'unknown' : stateOf(usedRatio)
  return html`<li data-key="${keyOf(account, window)}" class="budget">
<h3>${titleOf(window)} <span class="soft">${name(account)}</span> ${chip(state)}</h3>
${bar({ label: `${window}: ${ratioText(usedRatio)} used, told ${agoText(observedAt, moment)}`, ratio: usedRatio, state })}
<p class="used"><strong>${ratio(usedRatio, `windows.rows[${index}].usedRatio`)}</strong> used</p>
<dl>
<div><dt>${isOver ? 'Was reset' : 'Resets'}</dt><dd>${clock(resetsAt, moment, 'no reset was told')}</dd></div>
<div><dt>Told</dt><dd>${when(observedAt, moment)}</dd></div>
</dl>${isOver ? html`<p class="soft">The window has been reset since; what is used now is not known until Claude Code is used again.</p>` : null}</li>
`
}

function titleOf(window: string): Html {
  if (window === '5h') return html`5 hours`
  return window === '7d' ? html`7 days` : name(window)
}

/** By the thresholds that budgets have when none are given. */
function stateOf(usedRatio: number): BudgetState {
  if (usedRatio >= 1) return 'exceeded'
  if (usedRatio >= 0.95) return 'critical'
  return usedRatio >= 0.8 ? 'warning' : 'ok'
}

const NO_WINDOWS = empty(
  html`<p>The 5-hour and 7-day limits of a subscription are known once Claude Code runs <code>claude-usage-exporter statusline</code> as its status line.</p>`,
)
