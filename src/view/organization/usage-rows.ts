import type { ApiDimension, ApiUsageSum } from '../../ledger/organization.ts'
import { labelValue } from '../labels.ts'
import type { TokenTotals } from '../snapshot.ts'
import type { ApiUsageLabels, ApiUsageTotals } from './part.ts'
import type { UtcWindowName, UtcWindows } from './utc-windows.ts'
import { WindowedSums } from './windowed-sums.ts'

/** Dimensions of the usage rows, in the order of their labels. */
export const USAGE_DIMENSIONS: readonly ApiDimension[] = [
  'organization',
  'workspace',
  'api_key',
  'model',
  'service_tier',
  'context_window',
]

type Value = Omit<ApiUsageTotals, 'labels'>

export interface UsageRows {
  labelSets(organization: string): readonly ApiUsageLabels[]
  rows(organization: string, window: UtcWindowName): readonly ApiUsageTotals[]
}

/** Usage per label set and window, from sums by USAGE_DIMENSIONS and the edges of the windows. */
export function usageRows(sums: readonly ApiUsageSum[], windows: UtcWindows): UsageRows {
  const windowed = new WindowedSums(sums, windows, { labels: labelsOf, value: usageOf, add, zero })
  return {
    labelSets: (organization) => windowed.labelSets(organization),
    rows: (organization, window) =>
      windowed.rows(organization, window).map(([labels, value]) => ({ labels, ...value })),
  }
}

function labelsOf({ group }: ApiUsageSum): ApiUsageLabels {
  const [organization = '', workspace = '', apiKey = '', model = '', tier = '', contextWindow = ''] = group
  return {
    organization,
    workspace_id: labelValue(workspace),
    api_key_id: labelValue(apiKey),
    model: labelValue(model),
    service_tier: labelValue(tier),
    context_window: labelValue(contextWindow),
  }
}

function usageOf({ input, cacheWrite5m, cacheWrite1h, cacheRead, output, requests }: ApiUsageSum): Value {
  return { tokens: [input, cacheWrite5m, cacheWrite1h, cacheRead, output], requests }
}

function zero(elsewhere: Value): Value {
  return { tokens: [0n, 0n, 0n, 0n, 0n], requests: elsewhere.requests === null ? null : 0n }
}

/** Unknown as soon as one of the two is. */
function add(a: Value, b: Value): Value {
  return {
    tokens: addTokens(a.tokens, b.tokens),
    requests: a.requests === null || b.requests === null ? null : a.requests + b.requests,
  }
}

export function addTokens(a: TokenTotals, b: TokenTotals): TokenTotals {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]]
}
