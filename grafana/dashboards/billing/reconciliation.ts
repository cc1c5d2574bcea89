import { COLORS } from '../../lib/colors.ts'
import { barsPanel, dashed, seriesPanel, statPanel } from '../../lib/panels.ts'
import { atEnd, lastPerBar, type Select } from '../../lib/select.ts'
import { OF_LIMIT } from '../../lib/thresholds.ts'

const SETTLED = 'over the newest 7 UTC days in a row that are settled in every organisation. The filters do not apply.'

export function estimated(select: Select) {
  return amount(
    select,
    40,
    'Estimated, 7 settled days',
    'claude_reconciliation_estimated_usd',
    'Metered use by the session logs, at list prices,',
  )
}

export function billed(select: Select) {
  return amount(
    select,
    41,
    'Billed, 7 settled days',
    'claude_reconciliation_billed_usd',
    'What the provider bills all organisations',
  )
}

export function difference(select: Select) {
  const limit = `max(${atEnd(select('claude_alert_threshold', 'threshold="reconciliation_ratio"'))})`
  return seriesPanel({
    id: 42,
    title: 'Estimate divided by bill',
    description: `At 1 they agree. Below, others use the organisation too; above, the logs also tell of use billed elsewhere. ${SETTLED} Beyond the dashed lines an alert is raised.`,
    unit: 'multiple',
    decimals: 2,
    width: 16,
    height: 7,
    points: true,
    noValue: 'no settled days in the time shown',
    colors: [{ pattern: '/^estimate/', color: COLORS.money }],
    overrides: [dashed('/^alert/', COLORS.limit)],
    queries: [
      { refId: 'A', expr: `avg(${lastPerBar(select('claude_reconciliation_ratio'))})`, legend: 'estimate / bill' },
      { refId: 'B', expr: `1 + ${limit}`, legend: 'alert above' },
      { refId: 'C', expr: `1 - ${limit}`, legend: 'alert below' },
    ],
  })
}

export function spendLimits(select: Select) {
  return barsPanel({
    id: 21,
    title: 'Limits that the provider enforces',
    description:
      'Share used of each spend limit of the organisation, where the API tells both limit and spending. At the limit, ' +
      'requests are refused.',
    unit: 'ratio',
    decimals: 0,
    min: 0,
    max: 1,
    width: 8,
    height: 8,
    names: 'above',
    thresholds: OF_LIMIT,
    noValue: 'none known',
    queries: [
      {
        refId: 'A',
        expr: `sort_desc(max by (budget) (${select('claude_budget_used_ratio')} and on (job, instance, budget) ${select('claude_budget_info', 'origin="official"')}))`,
        legend: '{{budget}}',
      },
    ],
  })
}

function amount(select: Select, id: number, title: string, family: string, words: string) {
  return statPanel({
    id,
    title,
    description: `${words} ${SETTLED}`,
    unit: 'usd',
    decimals: 2,
    width: 4,
    height: 7,
    color: COLORS.money,
    noValue: 'no settled days yet',
    queries: [{ refId: 'A', expr: `sum(${select(family)})` }],
  })
}
