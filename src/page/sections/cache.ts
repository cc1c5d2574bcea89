import type { BudgetState } from '../../core/budget.ts'
import { type Judgement, judgeCacheHits } from '../../core/cache-judgement.ts'
import type { Overview } from '../../overview/overview.ts'
import { bar } from '../bar.ts'
import { nothing, ratio, usd } from '../figures.ts'
import { type Html, html } from '../html.ts'
import { ratioText } from '../numbers.ts'
import { empty, section } from '../section.ts'

/** What the prompt cache gave in the last days, all agents together. */
export function cacheSection({ agents: { totals, complete } }: Overview): Html {
  if (totals === null || totals.cacheHitRatio === null) {
    return section(
      'cache',
      'Prompt cache',
      empty(complete ? 'No prompt was sent in the last 7 days.' : 'This follows once the history of the logs is read.'),
    )
  }
  const { cacheHitRatio, cacheSavingsUsd, cacheSavingsOfPlanUsd, planValueUsd } = totals
  const { word, meaning } = judgeCacheHits(cacheHitRatio)
  const state = STATES[word]
  return section(
    'cache',
    'Prompt cache',
    html`<p class="used"><strong>${ratio(cacheHitRatio, 'agents.totals.cacheHitRatio')}</strong> of the prompts were read from the cache: <span class="is-${state}">${word}</span></p>
${bar({ label: `Cache hits: ${ratioText(cacheHitRatio)}, ${word}`, ratio: cacheHitRatio, state })}
<p class="soft">${meaning}.</p>
<dl>
<div><dt>Saved, less what writing cost</dt><dd>${usd(cacheSavingsUsd, 'agents.totals.cacheSavingsUsd')}</dd></div>
<div><dt>The same of plan value</dt><dd>${planValueUsd > 0 || cacheSavingsOfPlanUsd !== 0 ? usd(cacheSavingsOfPlanUsd, 'agents.totals.cacheSavingsOfPlanUsd') : nothing('no plan was used')}</dd></div>
</dl>`,
    'the last 7 days',
  )
}

const STATES: Readonly<Record<Judgement['word'], BudgetState>> = {
  'very good': 'ok',
  good: 'ok',
  fair: 'warning',
  poor: 'critical',
}
