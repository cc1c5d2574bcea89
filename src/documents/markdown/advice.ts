import type { Overview } from '../../overview/overview.ts'
import { usdText } from '../figures.ts'
import { LOADING } from '../words.ts'
import { literal, sentence } from './inline.ts'

/** What to do, with what it would save and how that comes about. */
export function adviceLines({ advice: { rows, complete } }: Overview): string[] {
  if (!complete) return [LOADING]
  if (rows.length === 0) return ['Nothing in the last 7 days calls for a change.']
  return rows.flatMap(({ title, detail, urgency, savingUsdPer30Days, planValueUsdPer30Days, formula }, index) => [
    `${index + 1}. **${sentence(title)}**${urgency === 'now' ? ' (now)' : ''}`,
    ...[
      sentence(detail),
      savingText(savingUsdPer30Days, planValueUsdPer30Days),
      ...(formula === null ? [] : [`Formula: ${literal(formula)}`]),
    ]
      .filter((text) => text !== '')
      .map((text) => `   - ${text}`),
  ])
}

function savingText(saving: number | null, ofPlan: number | null): string {
  const parts = [
    ...(saving === null ? [] : [`saves about ${usdText(saving)} in 30 days`]),
    ...(ofPlan === null ? [] : [`frees plan use worth about ${usdText(ofPlan)} in 30 days`]),
  ]
  return parts.length === 0 ? '' : `At the pace of the last 7 days it ${parts.join(' and ')}.`
}
