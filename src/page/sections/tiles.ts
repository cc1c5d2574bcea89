import type { Overview } from '../../overview/overview.ts'
import { count, tokens, usd } from '../figures.ts'
import { type Html, html } from '../html.ts'

type Window = Overview['status']['today']

const LOADING = 'the history of the logs is still being read'
const NO_BILL = 'no organisation is read, or its bill does not cover this'

/** The figures people look for first. */
export function tilesSection({ status }: Overview): Html {
  const { today, last7Days, monthToDate, activeSessions, unpricedTokens } = status
  return html`<section id="figures" aria-labelledby="figures-heading">
<h2 id="figures-heading" class="vh">Spending</h2>
<div class="tiles">
${tile('Today', 'today', today)}
${tile('Last 7 days', 'last7Days', last7Days)}
${tile('This month', 'monthToDate', monthToDate)}
<div class="card tile" data-key="activeSessions"><h3>Active sessions <small>in the last 5 minutes</small></h3>
<p class="big">${count(activeSessions, 'activeSessions', LOADING)}</p>${unpriced(unpricedTokens)}</div>
</div>
</section>`
}

function tile(heading: string, path: string, window: Window): Html {
  const { estimatedCostUsd = null, planValueUsd = null, billedCostUsd = null, requests = null } = window ?? {}
  const billedReason = window === null ? LOADING : NO_BILL
  return html`<div class="card tile" data-key="${path}"><h3>${heading}</h3>
<p class="big">${usd(estimatedCostUsd, `${path}.estimatedCostUsd`, LOADING)}</p>
<dl>
<div><dt>Plan value</dt><dd>${usd(planValueUsd, `${path}.planValueUsd`, LOADING)}</dd></div>
<div><dt>Billed (UTC)</dt><dd>${usd(billedCostUsd, `${path}.billedCostUsd`, billedReason)}</dd></div>
<div><dt>Tokens</dt><dd>${tokens(window?.tokens.total ?? null, `${path}.tokens.total`, LOADING)}</dd></div>
<div><dt>Requests</dt><dd>${count(requests, `${path}.requests`, LOADING)}</dd></div>
</dl></div>`
}

function unpriced(value: number | null): Html | null {
  if (value === null || value === 0) return null
  return html`<p class="is-warning">${tokens(value, 'unpricedTokens')} tokens of models without a known price are in no amount: set <code>pricing.overrides</code>.</p>`
}
