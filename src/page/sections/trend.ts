import type { Overview, OverviewDay } from '../../overview/overview.ts'
import { usd } from '../figures.ts'
import { type Html, html, jsonScript } from '../html.ts'
import { countText, usdText } from '../numbers.ts'
import { empty, section } from '../section.ts'
import { table } from '../table.ts'
import { trendChart } from '../trend-chart.ts'

/** Spending day by day. */
export function trendSection({ days, summary }: Overview): Html {
  const hasUse = days.some(({ requests, tokens: used }) => requests > 0 || used > 0)
  if (!hasUse) {
    return section(
      'trend-section',
      'Daily trend',
      empty(
        summary.complete
          ? 'Nothing was used in the last 30 days.'
          : 'The trend is drawn once the history of the logs is read.',
      ),
    )
  }
  return section('trend-section', 'Daily trend', figureOf(days), trendNote(days))
}

function figureOf(days: readonly OverviewDay[]): Html {
  const data = {
    days: days.map(({ day }) => day),
    metered: days.map(({ estimatedCostUsd }) => estimatedCostUsd),
    plan: days.map(({ planValueUsd }) => planValueUsd),
    tokens: days.map((day) => day.tokens),
  }
  return html`<figure id="trend">${trendChart(days)}
${jsonScript('trend-data', data)}
<details id="trend-table"><summary>The days as a table</summary>${table<OverviewDay>({
    caption: `The last ${days.length} days, the newest first`,
    rows: [...days].reverse(),
    columns: [
      { header: 'Day', cell: ({ day }) => day },
      { header: 'Estimated', isNumber: true, cell: ({ estimatedCostUsd }) => usd(estimatedCostUsd, null) },
      { header: 'Plan value', isNumber: true, cell: ({ planValueUsd }) => usd(planValueUsd, null) },
      { header: 'Tokens', isNumber: true, cell: (day) => countText(day.tokens) },
      { header: 'Requests', isNumber: true, cell: ({ requests }) => countText(requests) },
    ],
  })}</details></figure>`
}

function trendNote(days: readonly OverviewDay[]): Html {
  const highest = days.reduce((most, day) => (total(day) > total(most) ? day : most))
  const keys = html`<span class="key"><span class="swatch metered"></span> estimated <span class="swatch plan"></span> plan value</span>`
  return html`${keys} · highest ${usdText(total(highest))} on ${highest.day}`
}

function total({ estimatedCostUsd, planValueUsd }: OverviewDay): number {
  return estimatedCostUsd + planValueUsd
}
