import type { ApiUsageLabels, ApiUsageTotals, OrganizationFigures } from '../../view/organization/part.ts'
import { addTokens } from '../../view/organization/usage-rows.ts'
import type { Snapshot } from '../../view/snapshot.ts'
import { type MetricDefinition, metric } from '../definition.ts'
import { foldSmallest, otherLabels } from './fold.ts'
import { tokenSampler } from './labels.ts'
import { MONTH_UTC, ofOrganizations, RESTATED, TODAY_UTC } from './organization-rows.ts'

const LABELS = ['organization', 'workspace_id', 'api_key_id', 'model', 'service_tier', 'context_window'] as const

type Window = (figures: OrganizationFigures) => readonly ApiUsageTotals[] | null
const today: Window = (figures) => figures.usageToday
const monthToDate: Window = (figures) => figures.usageMonthToDate

const sampleTokens = tokenSampler<ApiUsageLabels>()

/** Use of the API by the provider's own count. */
export const apiUsageDefinitions = [
  tokens('claude_api_tokens_today', TODAY_UTC, today),
  tokens('claude_api_tokens_month_to_date', MONTH_UTC, monthToDate),
  requests('claude_api_requests_today', TODAY_UTC, today),
  requests('claude_api_requests_month_to_date', MONTH_UTC, monthToDate),
]

function tokens(name: string, window: string, rows: Window): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `Tokens the organization used over the API ${window}, whatever program sent them. ${RESTATED}`,
    unit: 'tokens',
    labels: [...LABELS, 'token_type'],
    collector: 'api',
    read: (snapshot) => sampleTokens(usageRows(snapshot, rows).map((row) => [row.labels, row.tokens])),
  })
}

function requests(name: string, window: string, rows: Window): MetricDefinition {
  return metric({
    name,
    type: 'gauge',
    help: `Requests the organization sent over the API ${window}; absent where the API has no count. ${RESTATED}`,
    unit: 'requests',
    labels: LABELS,
    collector: 'api',
    read: (snapshot) =>
      usageRows(snapshot, rows).flatMap((row) => (row.requests === null ? [] : [[row.labels, row.requests] as const])),
  })
}

function usageRows(snapshot: Snapshot, rows: Window): readonly ApiUsageTotals[] {
  return foldSmallest(ofOrganizations(snapshot, rows), {
    limit: snapshot.series.limit,
    organization: (row) => row.labels.organization,
    size: (row) => row.tokens.reduce((sum, count) => sum + count, 0n),
    fold: (_, [first, ...others]) => ({ ...others.reduce(add, first), labels: otherLabels(first.labels) }),
  })
}

function add(a: ApiUsageTotals, b: ApiUsageTotals): ApiUsageTotals {
  return {
    labels: a.labels,
    tokens: addTokens(a.tokens, b.tokens),
    requests: a.requests === null || b.requests === null ? null : a.requests + b.requests,
  }
}
