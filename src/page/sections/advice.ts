import type { Overview } from '../../overview/overview.ts'
import { usd } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { keyOf, sentence } from '../names.ts'
import { empty, section } from '../section.ts'
import { chip } from '../state.ts'

const SHOWN = 12
/** Urgent pieces that need no click; more would push the other titles out of sight. */
const OPENED = 1

export function adviceSection({ advice: { rows, complete } }: Overview): Html {
  if (rows.length === 0) {
    const why = complete
      ? 'Nothing that would save a noticeable amount was found in the last 7 days.'
      : 'Advice is computed once the history of the logs is read.'
    return section('advice', 'Advice', empty(why), FROM)
  }
  const items = html`<ul class="items">${rows.slice(0, SHOWN).map(adviceItem)}</ul>`
  return section('advice', 'Advice', items, html`${FROM}; each opens on why and how`)
}

const FROM = 'computed from the last 7 days'

type Advice = Overview['advice']['rows'][number]

/** What to do and what it saves; inside, why and how that is computed. */
function adviceItem(advice: Advice, index: number): Html {
  const { id, urgency, title, detail, formula } = advice
  const key = keyOf(id)
  const isUrgent = urgency === 'now'
  return html`<li data-key="${key}"><details id="advice-${key}"${isUrgent && index < OPENED ? html` open` : null}><summary><h3>${isUrgent ? html`${chip('critical', 'now')} ` : null}${sentence(title)}</h3>${savingOf(advice, index)}</summary>
<p>${sentence(detail)}</p>${formula === null ? null : html`<p class="formula">${sentence(formula)}</p>`}</details></li>
`
}

function savingOf({ savingUsdPer30Days: saving, planValueUsdPer30Days: plan }: Advice, index: number): Html | null {
  if (saving === null && plan === null) return null
  const path = `advice.rows[${index}]`
  const paid = saving === null ? null : html`saves about <strong>${usd(saving, `${path}.savingUsdPer30Days`)}</strong>`
  const ofPlan =
    plan === null
      ? null
      : html`frees about <strong>${usd(plan, `${path}.planValueUsdPer30Days`)}</strong> of plan value`
  return html` ${paid}${paid && ofPlan ? ', ' : null}${ofPlan} in 30 days`
}
