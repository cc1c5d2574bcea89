import type { ApiDimension, BilledSum } from '../../ledger/organization.ts'
import { labelValue } from '../labels.ts'
import type { BilledLabels, BilledTotals } from './part.ts'
import type { UtcWindowName, UtcWindows } from './utc-windows.ts'
import { WindowedSums } from './windowed-sums.ts'

/** Dimensions of the billed rows, in the order of their labels. */
export const BILLED_DIMENSIONS: readonly ApiDimension[] = [
  'organization',
  'workspace',
  'api_key',
  'model',
  'cost_type',
  'token_type',
]

export interface BilledRows {
  labelSets(organization: string): readonly BilledLabels[]
  rows(organization: string, window: UtcWindowName): readonly BilledTotals[]
}

/** Billed cost per label set and window, from sums by BILLED_DIMENSIONS and the edges of the windows. */
export function billedRows(sums: readonly BilledSum[], windows: UtcWindows): BilledRows {
  const windowed = new WindowedSums(sums, windows, {
    labels: labelsOf,
    value: (sum) => sum.amountPico,
    add: (a, b) => a + b,
    zero: () => 0n,
  })
  return {
    labelSets: (organization) => windowed.labelSets(organization),
    rows: (organization, window) => windowed.rows(organization, window).map(([labels, pico]) => ({ labels, pico })),
  }
}

function labelsOf({ group }: BilledSum): BilledLabels {
  const [organization = '', workspace = '', apiKey = '', model = '', costType = '', tokenType = ''] = group
  return {
    organization,
    workspace_id: labelValue(workspace),
    api_key_id: labelValue(apiKey),
    model: labelValue(model),
    cost_type: labelValue(costType),
    token_type: labelValue(tokenType),
  }
}
