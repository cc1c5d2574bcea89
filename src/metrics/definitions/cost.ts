import { metric } from '../definition.ts'
import { USAGE_LABELS } from './labels.ts'

/** Money since the ledger began. Estimated cost and plan value are never added up: see the help of each. */
export const costDefinitions = [
  metric({
    name: 'claude_estimated_cost_usd_total',
    type: 'counter',
    help:
      'Estimated cost of metered use in US dollars since the ledger began: tokens of the session logs times the ' +
      'list price of their day, or the cost the log records. Not a bill, and without use that a plan covers ' +
      '(claude_plan_value_usd_total) and unpriced tokens.',
    unit: 'usd',
    labels: USAGE_LABELS,
    collector: 'cost',
    scale: 'pico',
    read: (snapshot) => snapshot.counters.map((row) => [row.labels, row.estimatedPico] as const),
  }),
  metric({
    name: 'claude_plan_value_usd_total',
    type: 'counter',
    help:
      'What use covered by a flat-rate plan would have cost at list prices, in US dollars since the ledger began. ' +
      'No money is spent by it, and it is not part of claude_estimated_cost_usd_total.',
    unit: 'usd',
    labels: USAGE_LABELS,
    collector: 'cost',
    scale: 'pico',
    read: (snapshot) => snapshot.counters.map((row) => [row.labels, row.planPico] as const),
  }),
  metric({
    name: 'claude_estimated_cost_reversed_usd_total',
    type: 'counter',
    help:
      'US dollars that later corrections of the session logs would have taken from the estimated cost, which never ' +
      'falls: net cost is the difference of the two. Absent where nothing was corrected.',
    unit: 'usd',
    labels: USAGE_LABELS,
    collector: 'cost',
    scale: 'pico',
    read: (snapshot) =>
      snapshot.counters.filter((row) => row.reversedPico !== 0n).map((row) => [row.labels, row.reversedPico] as const),
  }),
  metric({
    name: 'claude_unlogged_cost_usd_total',
    type: 'counter',
    help:
      "Cost in US dollars, by the agent's own estimate, of calls that stand on no log line. Not part of " +
      'claude_estimated_cost_usd_total.',
    unit: 'usd',
    labels: ['source', 'project', 'model'],
    collector: 'cost',
    scale: 'pico',
    read: (snapshot) => snapshot.unlogged.map((row) => [row, row.costPico] as const),
  }),
]
