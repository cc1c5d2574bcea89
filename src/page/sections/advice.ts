import type { Overview } from '../../overview/overview.ts'
import { usd } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { keyOf, sentence } from '../names.ts'
import { empty, section } from '../section.ts'
import { chip } from '../state.ts'

const SHOWN = 12

export function adviceSection({ advice: { rows, complete } }: Overview): Html {
  const content =
    rows.length === 0
      ? empty(
          complete
            ? 'Nothing that would save a noticeable amount was found in the last 7 days.'
            : 'Advice is computed once the history of the logs is read.',
        )
      : html`<ul class="items">${rows.slice(0, SHOWN).map(adviceItem)}</ul>`
  return section('advice', 'Advice', content, 'computed from the last 7 days')
}

type Advice = Overview['advice']['rows'][number]

function adviceItem(advice: Advice, index: number): Html {
  const { id, urgency, title, detail, formula } = advice
  const key = keyOf(id)
  return html`<li data-key="${key}"${urgency === 'now' ? html` class="is-critical"` : null}>
<h3>${urgency === 'now' ? html`${chip('critical', 'now')} ` : null}${sentence(title)}</h3>
<p>${sentence(detail)}</p>
${savingOf(advice, index)}${
  formula === null
    ? null
    : html`<details id="advice-${key}"><summary>How it is computed<span class="vh">: ${sentence(title)}</span></summary><p class="formula">${sentence(formula)}</p></details>`
}</li>
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
  return html`<p class="saving">${paid}${paid && ofPlan ? ', ' : null}${ofPlan} in 30 days</p>`
}
