import type { Overview } from '../../overview/overview.ts'
import { count, nothing, ratio, tokensInTable, usd } from '../figures.ts'
import { type Html, html } from '../html.ts'
import type { Column } from '../table.ts'

export type ListName = 'agents' | 'models' | 'projects' | 'sessions'
type Totals = Overview['agents']['totals']
type UsageRow = NonNullable<Totals>

/** What every list has of its rows. Plan value has a column where a plan was used. */
export function usageColumns(list: ListName, totals: Totals): Column<UsageRow>[] {
  const path = (index: number, field: string) => `${list}.rows[${index}].${field}`
  const plan: Column<UsageRow>[] = [
    {
      header: 'Plan value',
      isNumber: true,
      // Most rows are of no plan, and need no telling where their 0 is from.
      cell: ({ planValueUsd }, index) => usd(planValueUsd, planValueUsd === 0 ? null : path(index, 'planValueUsd')),
    },
  ]
  return [
    {
      header: 'Estimated',
      isNumber: true,
      cell: ({ estimatedCostUsd }, index) => usd(estimatedCostUsd, path(index, 'estimatedCostUsd')),
    },
    ...((totals?.planValueUsd ?? 0) > 0 ? plan : []),
    {
      header: 'Tokens',
      isNumber: true,
      cell: (row, index) => tokensInTable(row.tokens.total, path(index, 'tokens.total')),
    },
  ]
}

export function requestsColumn(list: ListName): Column<UsageRow> {
  return {
    header: 'Requests',
    isNumber: true,
    cell: ({ requests }, index) => count(requests, `${list}.rows[${index}].requests`),
  }
}

export const CACHE_HITS: Column<UsageRow> = {
  header: 'Cache hits',
  isNumber: true,
  cell: ({ cacheHitRatio }) => (cacheHitRatio === null ? nothing('no prompt') : ratio(cacheHitRatio, null)),
}

export function shareColumn(totals: Totals): Column<UsageRow> {
  return { header: 'Share', isNumber: true, cell: (row) => shareOf(row, totals) }
}

/** Of the cost of all rows, plan value included; of the tokens where nothing has a price. */
function shareOf(row: UsageRow, totals: Totals): Html {
  if (totals === null) return nothing('the sum of all is not known')
  const all = totals.estimatedCostUsd + totals.planValueUsd
  const share =
    all > 0 ? (row.estimatedCostUsd + row.planValueUsd) / all : row.tokens.total / Math.max(1, totals.tokens.total)
  const width = Number((Math.min(1, Math.max(0, share)) * 100).toFixed(1))
  return html`<svg aria-hidden="true"><rect width="${width}%"/></svg>${ratio(share, null)}`
}
