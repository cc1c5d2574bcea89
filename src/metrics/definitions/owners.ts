import type { OwnerLabels, OwnerTotals } from '../../view/owners/part.ts'
import { type Collector, type MetricDefinition, metric } from '../definition.ts'
import { tokenSampler } from './labels.ts'

const LABELS = ['owner', 'team', 'cost_center'] as const
const RULES =
  'By the rules under `owners` of the configuration, which bound the number of series; what no rule takes has the labels ' +
  '"unallocated". Absent without rules.'
const MONTH = 'since the first of the month in the time zone of the configuration'

const ownerTokens = tokenSampler<OwnerLabels>()

/** Who is charged for what, this month. */
export const ownerDefinitions = [
  amount(
    'claude_owner_estimated_cost_month_to_date_usd',
    'cost',
    `US dollars at list price of use that is paid per token, ${MONTH}. ${RULES}`,
    (row) => row.estimatedPico,
  ),
  amount(
    'claude_owner_plan_value_month_to_date_usd',
    'cost',
    `US dollars at list price of use that a flat-rate plan covers, ${MONTH}; no cost. ${RULES}`,
    (row) => row.planPico,
  ),
  amount(
    'claude_owner_billed_cost_month_to_date_usd',
    'billing',
    'US dollars the provider bills, since the first of the month in UTC. Another view of partly the same use as the ' +
      'estimate, never to be added to it. Absent where the bill of an organization is not known from the first of the ' +
      `month on. ${RULES}`,
    (row) => row.billedPico,
  ),
  metric({
    name: 'claude_owner_tokens_month_to_date',
    type: 'gauge',
    help: `Tokens of session logs, ${MONTH}, by class. ${RULES}`,
    unit: 'tokens',
    labels: [...LABELS, 'token_type'],
    collector: 'usage',
    read: ({ owners }) => ownerTokens(owners.monthToDate.map(({ labels, tokens }) => [labels, tokens] as const)),
  }),
]

function amount(
  name: string,
  collector: Collector,
  help: string,
  pico: (row: OwnerTotals) => bigint | null,
): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help,
    unit: 'usd',
    labels: LABELS,
    collector,
    scale: 'pico',
    read: ({ owners }) =>
      owners.monthToDate.flatMap((row) => {
        const value = pico(row)
        return value === null ? [] : [[row.labels, value] as const]
      }),
  })
}
