import { COLORS } from '../../lib/colors.ts'
import { barsPanel } from '../../lib/panels.ts'
import { overRange, ratio, type Select } from '../../lib/select.ts'
import { NONE_WANTED } from '../../lib/thresholds.ts'
import { failuresByReason } from './reasons.ts'

const QUARTER = { width: 6, height: 7 } as const

export function rejected(select: Select) {
  return failuresByReason(select, {
    id: 20,
    title: 'Rejected lines, by reason',
    description: 'Log lines that were not counted as they stood.',
    width: 6,
    family: 'claude_exporter_rejected_lines_total',
    bySource: true,
  })
}

export function unpriced(select: Select) {
  return barsPanel({
    ...QUARTER,
    id: 21,
    title: 'Tokens without a price, by model',
    description:
      'Tokens over the time shown that no price is known for, so that they are in no cost. Prices can be configured.',
    unit: 'tokens',
    min: 0,
    thresholds: NONE_WANTED,
    names: 'above',
    noValue: 'none in the time shown',
    queries: [
      {
        refId: 'A',
        expr: `topk(5, sum by (provider, model) (increase(${select('claude_unpriced_tokens_total')}[$__range])) > 0)`,
        legend: '{{model}} ({{provider}})',
      },
    ],
  })
}

export function notFinal(select: Select) {
  const sum = (family: string) => `sum by (source) (increase(${select(family)}[$__range]))`
  return barsPanel({
    ...QUARTER,
    id: 22,
    title: 'Not final, by source',
    description:
      'Share of the responses over the time shown whose log never got the final output count. They count with the last ' +
      'count there is, so output may be somewhat low.',
    unit: 'ratio',
    decimals: 1,
    min: 0,
    max: 1,
    color: COLORS.tokens,
    queries: [
      {
        refId: 'A',
        expr: ratio(sum('claude_unfinal_requests_total'), sum('claude_requests_total')),
        legend: '{{source}}',
      },
    ],
  })
}

export function dropped(select: Select) {
  return barsPanel({
    ...QUARTER,
    id: 23,
    title: 'Other doubts',
    description:
      'Over the time shown: failed responses without tokens; responses nobody reported tokens for; responses whose parts do not add up; ' +
      'and those that are held now until their last line may have come.',
    unit: 'count',
    decimals: 0,
    min: 0,
    color: COLORS.tokens,
    queries: [
      { refId: 'A', expr: overRange(select('claude_error_responses_total')), legend: 'failed' },
      { refId: 'B', expr: overRange(select('claude_no_usage_requests_total')), legend: 'without counts' },
      { refId: 'C', expr: overRange(select('claude_unreconciled_requests_total')), legend: 'not adding up' },
      { refId: 'D', expr: `sum(${select('claude_exporter_held_requests')})`, legend: 'held now' },
    ],
  })
}
