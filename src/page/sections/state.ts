import type { Overview } from '../../overview/overview.ts'
import type { Headline } from '../headline.ts'
import { type Html, html } from '../html.ts'
import { clockText, type Moment, when } from '../moment.ts'
import { chip } from '../state.ts'

/** The one sentence, and how fresh everything is. */
export function stateSection(overview: Overview, { state, sentence }: Headline, moment: Moment): Html {
  const { status, alerts } = overview
  const news = alerts.rows.length
  return html`<section id="state" aria-labelledby="state-heading" class="state is-${state ?? 'unknown'}">
<h2 id="state-heading" class="headline">${state === null ? null : chip(state)} ${sentence}</h2>
${status.complete ? null : html`<p class="lead">Older logs are still being read: sums and budgets follow when that is done. The page fills in by itself.</p>`}
<dl class="facts">
${news === 0 ? null : html`<div><dt>Now</dt><dd><a href="#alerts">${news === 1 ? '1 alert' : `${news} alerts`}</a></dd></div>`}
<div><dt>${moment.isLive ? 'As of' : 'Made'}</dt><dd><time datetime="${status.generatedAt}">${clockText(status.generatedAt)}</time> (${overview.timeZone})</dd></div>
<div><dt>Last read</dt><dd>${when(status.lastUpdated, moment, 'no source was read yet')}</dd></div>
<div><dt>Next read</dt><dd>${status.nextUpdate === null ? 'logs are followed all the time' : when(status.nextUpdate, moment)}</dd></div>
${status.complete ? null : html`<div><dt>Data</dt><dd>loading</dd></div>`}
</dl>
</section>`
}
