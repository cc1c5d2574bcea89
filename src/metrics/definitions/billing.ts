import type { BilledTotals, OrganizationFigures } from '../../view/organization/part.ts'
import { type MetricDefinition, metric } from '../definition.ts'
import { foldSmallest, magnitude, otherLabels } from './fold.ts'
import { MONTH_UTC, ofOrganizations, PREVIOUS_MONTH_UTC, RESTATED, TODAY_UTC } from './organization-rows.ts'

/** What the provider bills. */
export const billingDefinitions = [
  billed('claude_billed_cost_today_usd', TODAY_UTC, (figures) => figures.billedToday),
  billed('claude_billed_cost_month_to_date_usd', MONTH_UTC, (figures) => figures.billedMonthToDate),
  billed('claude_billed_cost_previous_month_usd', PREVIOUS_MONTH_UTC, (figures) => figures.billedPreviousMonth),
]

function billed(
  name: string,
  window: string,
  rows: (figures: OrganizationFigures) => readonly BilledTotals[] | null,
): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help:
      `US dollars the provider bills for use ${window}, after discounts and before credits; negative for a ` +
      `correction. Nothing is estimated. ${RESTATED}`,
    unit: 'usd',
    labels: ['organization', 'workspace_id', 'api_key_id', 'model', 'cost_type', 'token_type'],
    collector: 'billing',
    scale: 'pico',
    read: (snapshot) =>
      foldSmallest(ofOrganizations(snapshot, rows), {
        limit: snapshot.series.limit,
        organization: (row) => row.labels.organization,
        size: (row) => magnitude(row.pico),
        fold: (_, folded) => ({
          labels: otherLabels(folded[0].labels),
          pico: folded.reduce((sum, { pico }) => sum + pico, 0n),
        }),
      }).map((row) => [row.labels, row.pico] as const),
  })
}
