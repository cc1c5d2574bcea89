import type { Overview } from '../../overview/overview.ts'
import { bar } from '../bar.ts'
import { amount, amountText, nothing, ratio } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { clock, type Moment } from '../moment.ts'
import { keyOf, name } from '../names.ts'
import { ratioText, timesText } from '../numbers.ts'
import { chip } from '../state.ts'
import { UNKNOWN_TEXTS } from '../unknown-texts.ts'

export type Budget = Overview['budgets']['budgets'][number]

/** Everything about one budget. `index`: its place in the document. */
export function budgetCard(budget: Budget, index: number, moment: Moment): Html {
  const { state, unit, spent, limit, remaining, usedRatio, period, unknownReason, exhaustsAt, forecast } = budget
  const path = `budgets.budgets[${index}]`
  const reason = unknownReason === null ? 'not known' : UNKNOWN_TEXTS[unknownReason]
  return html`<li data-key="${keyOf(budget.name)}" class="budget">
<h3>${name(budget.name)} ${chip(state)}</h3>
<p class="soft">${kindOf(budget, moment)}</p>
${budgetBar(budget)}
<p class="used"><strong>${amount(spent, unit, `${path}.spent`, reason)}</strong> of ${amount(limit, unit, `${path}.limit`, 'no limit is known')}
<span class="share">${ratio(usedRatio, `${path}.usedRatio`, reason)}</span></p>
${state === 'unknown' ? html`<p class="is-unknown">Unknown: ${reason}.</p>` : null}
<dl>
<div><dt>${remaining !== null && remaining < 0 ? 'Over by' : 'Left'}</dt><dd>${left(budget, path, reason)}</dd></div>
${isRolling(budget) && (forecast?.expected ?? null) === null ? null : html`<div><dt>Forecast</dt><dd>${forecastOf(budget, path)}</dd></div>`}
<div><dt>Burn</dt><dd>${burnOf(budget)}</dd></div>
${isAhead(exhaustsAt, moment) ? html`<div><dt>Runs out</dt><dd>${clock(exhaustsAt, moment)}</dd></div>` : null}
<div><dt>Resets</dt><dd>${isRolling(budget) ? 'bit by bit: it is rolling' : clock(period.end, moment, 'its end is not known')}</dd></div>
</dl>
${budget.unpricedTokens > 0 && unit === 'usd' ? html`<p class="is-warning">Tokens without a price are missing.</p>` : null}</li>
`
}

/** Used, the time that is over and the forecast, drawn and in words. */
function budgetBar(budget: Budget): Html {
  const { name: title, unit, spent, limit, usedRatio, state, elapsedRatio, forecast } = budget
  const used =
    spent === null || limit === null ? 'used: unknown' : `${amountText(spent, unit)} of ${amountText(limit, unit)} used`
  const share = usedRatio === null ? '' : `, ${ratioText(usedRatio)}`
  const over = isRolling(budget) ? '' : `, ${ratioText(elapsedRatio)} of the period is over`
  const { low = null, high = null } = forecast ?? {}
  return bar({
    label: `${[...title.slice(0, 80)].join('')}: ${used}${share}${over}`,
    ratio: usedRatio,
    state,
    elapsed: isRolling(budget) ? null : elapsedRatio,
    band:
      low === null || high === null || limit === null || limit <= 0 ? null : { low: low / limit, high: high / limit },
  })
}

const BASES: Readonly<Record<Budget['basis'], string>> = {
  estimated_cost: 'estimated cost',
  plan_value: 'plan value',
  session_tokens: 'tokens',
  billed_cost: 'billed cost',
  api_tokens: "tokens by the provider's count",
}

/** `month · estimated cost · project website` */
function kindOf({ basis, scope, period, owner, origin, thresholds }: Budget, { timeZone }: Moment): Html {
  const parts = Object.entries(scope).map(([label, patterns]) => `${label} ${patterns.join(' or ')}`)
  if (owner !== 'none') parts.push(`owner ${owner}`)
  if (origin === 'official') parts.push('enforced by the provider')
  const zone = period.timeZone === timeZone ? '' : ` (${period.timeZone})`
  return html`<span title="warning at ${ratioText(thresholds.warning)}, critical at ${ratioText(thresholds.critical)}">${period.name}${zone}</span> · ${BASES[basis]}${parts.map((part) => html` · ${name(part)}`)}`
}

function isRolling({ period }: Budget): boolean {
  return period.end === null || period.name.startsWith('rolling')
}

/** What has run out already is told by its state. */
function isAhead(time: string | null, { at }: Moment): boolean {
  return time !== null && Date.parse(time) > at
}

function left({ remaining, suggestedPerDay, unit }: Budget, path: string, reason: string): Html {
  if (remaining !== null && remaining < 0) {
    // The document's figure is negative; in words it is an excess.
    return html`<data value="${remaining}" data-figure="${path}.remaining">${amountText(-remaining, unit)}</data>`
  }
  const perDay =
    suggestedPerDay === null
      ? null
      : html` <small>(${amount(suggestedPerDay, unit, `${path}.suggestedPerDay`)} a day)</small>`
  return html`${amount(remaining, unit, `${path}.remaining`, reason)}${perDay}`
}

function forecastOf({ forecast, unit }: Budget, path: string): Html {
  if (forecast === null || forecast.expected === null)
    return nothing('too little of the period is over, or too little is known')
  const { low, high } = forecast
  const band =
    low === null || high === null ? null : html` <small>(${amountText(low, unit)}–${amountText(high, unit)})</small>`
  return html`${amount(forecast.expected, unit, `${path}.forecast.expected`)}${band}`
}

function burnOf({ burnRate }: Budget): Html {
  const known = (['1h', '6h', '3d'] as const).flatMap((window) => {
    const rate = burnRate[window]
    return rate === null ? [] : [`${timesText(rate)} ${window.replace(/(\d)/, '$1\u00a0')}`]
  })
  if (known.length === 0) return nothing('too little is known')
  return html`${known.join(', ')}`
}
