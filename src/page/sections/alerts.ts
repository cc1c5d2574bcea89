import type { Overview } from '../../overview/overview.ts'
import { type Html, html } from '../html.ts'
import { keyOf, sentence } from '../names.ts'
import { empty, section } from '../section.ts'
import { chip } from '../state.ts'

const SHOWN = 6

export function alertsSection({ alerts: { rows, complete } }: Overview): Html {
  const shown = rows.slice(0, SHOWN)
  const content =
    rows.length === 0
      ? empty(complete ? 'Nothing needs attention now.' : 'Alerts are known once the history of the logs is read.')
      : html`<ul class="items">${shown.map(alertItem)}</ul>${more(rows.length - shown.length)}`
  return section('alerts', 'Alerts', content, rows.length === 0 ? null : `${rows.length} now`)
}

type Alert = Overview['alerts']['rows'][number]

function alertItem({ name, severity, summary, description, labels, runbook }: Alert): Html {
  const about = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
  return html`<li data-key="${keyOf(name, ...about)}" class="is-${severity}">
<h3>${chip(severity)} ${sentence(summary)}</h3>
<p>${sentence(description)} ${linkTo(runbook, name)}</p></li>
`
}

/** Nothing but the web is linked to. */
function linkTo(runbook: string, name: string): Html | null {
  if (!/^https?:\/\//.test(runbook)) return null
  return html`<a href="${runbook}">What to do<span class="vh"> about ${sentence(name)}</span></a>`
}

function more(count: number): Html | null {
  return count <= 0 ? null : html`<p class="soft">And ${count} more.</p>`
}
