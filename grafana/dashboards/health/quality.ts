import { barsPanel, seriesPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { NONE_WANTED } from '../../lib/thresholds.ts'

const QUARTER = { width: 6, height: 7 } as const

export function rejected(select: Select) {
  return seriesPanel({
    ...QUARTER,
    id: 20,
    title: 'Rejected lines, by reason',
    description: 'Log lines that were not counted as they stood.',
    noValue: 'none',
    unit: 'count',
    min: 0,
    interval: '5m',
    style: 'bars',
    stacking: 'sum',
    queries: [
      {
        refId: 'A',
        expr: `sum by (source, reason) (increase(${select('claude_exporter_rejected_lines_total')}[$__interval])) > 0`,
        legend: '{{source}}: {{reason}}',
      },
    ],
  })
}

export function unpriced(select: Select) {
  return barsPanel({
    ...QUARTER,
    id: 21,
    title: 'Tokens without a price, by model',
    description:
      'Tokens since the ledger began that no price is known for, so that they are in no cost. Prices can be configured.',
    unit: 'tokens',
    min: 0,
    thresholds: NONE_WANTED,
    noValue: 'none',
    queries: [
      {
        refId: 'A',
        expr: `topk(6, sum by (provider, model) (${select('claude_unpriced_tokens_total')}) > 0)`,
        legend: '{{model}} ({{provider}})',
      },
    ],
  })
}

export function notFinal(select: Select) {
  const share = (family: string) =>
    `sum by (source) (${select(family)})\n/\n(sum by (source) (${select('claude_requests_total')}) > 0)`
  return barsPanel({
    ...QUARTER,
    id: 22,
    title: 'Not final, by source',
    description:
      'Share of responses since the ledger began whose log never got the final output count. They count with the last ' +
      'count there is, so output may be somewhat low.',
    unit: 'ratio',
    decimals: 1,
    min: 0,
    max: 1,
    color: 'blue',
    queries: [{ refId: 'A', expr: share('claude_unfinal_requests_total'), legend: '{{source}}' }],
  })
}

export function dropped(select: Select) {
  const sum = (family: string) => `sum(${select(family)})`
  return barsPanel({
    ...QUARTER,
    id: 23,
    title: 'Other doubts, since the ledger began',
    description:
      'Failed responses without tokens; responses nobody reported tokens for; responses whose parts do not add up; ' +
      'responses that are held until their last line may have come.',
    unit: 'count',
    decimals: 0,
    min: 0,
    color: 'blue',
    queries: [
      { refId: 'A', expr: sum('claude_error_responses_total'), legend: 'failed' },
      { refId: 'B', expr: sum('claude_no_usage_requests_total'), legend: 'without counts' },
      { refId: 'C', expr: sum('claude_unreconciled_requests_total'), legend: 'not adding up' },
      { refId: 'D', expr: sum('claude_exporter_held_requests'), legend: 'held now' },
    ],
  })
}
