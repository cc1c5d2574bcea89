import * as z from 'zod/mini'
import type { BilledCostRow } from '../../core/organization.ts'
import { SyncError } from '../../core/sync-run.ts'
import type { RangeQuery, Reading } from './admin-api.ts'
import { readAnalytics, readLegacy, type Source } from './buckets.ts'
import { DIMENSIONS, labelKey, labelsOf, tokenTypeOf } from './labels.ts'
import { wireLabels } from './usage.ts'
import { cents, mergeRows, text, time, usd, word } from './wire.ts'

const costDimensions = { ...wireLabels, cost_type: z.nullish(word), token_type: z.nullish(word) }

const legacyRow = z.object({ amount: cents, currency: usd, description: z.nullish(text), ...costDimensions })

const analyticsRow = z.object({
  starting_at: time,
  ending_at: time,
  group: z.object(costDimensions),
  cost: z.object({ amount: cents, list_amount: z.nullish(cents), currency: usd }),
})

/** What was billed for a range, all pages. Rejects with SyncError. */
export async function readCost(source: Source, query: RangeQuery): Promise<Reading<BilledCostRow>> {
  const { rows, completeTo } =
    query.generation === 'legacy' ? await legacy(source, query) : await analytics(source, query)
  return { rows: mergeRows(rows, keyOf, add), completeTo }
}

async function legacy(source: Source, query: RangeQuery): Promise<Reading<BilledCostRow>> {
  if (query.width !== '1d') throw new SyncError('bad_request', `cost_report has whole days only, not ${query.width}`)
  const report = { path: 'cost_report', groupBy: ['workspace_id', 'description'], row: legacyRow }
  const { rows, completeTo } = await readLegacy(source, query, report)
  return {
    rows: rows.map(({ start, row }) => ({
      start,
      ...labelsOf(row, 'legacy'),
      apiKeyId: 'unknown',
      costType: row.cost_type ?? 'none',
      tokenType: tokenTypeOf(row.token_type),
      description: row.description ?? '',
      amountPico: row.amount,
      listPico: null,
    })),
    completeTo,
  }
}

async function analytics(source: Source, query: RangeQuery): Promise<Reading<BilledCostRow>> {
  const report = { path: 'analytics/cost', groupBy: [...DIMENSIONS, 'cost_type', 'token_type'], row: analyticsRow }
  const { rows, completeTo } = await readAnalytics(source, query, report)
  return {
    rows: rows.map(({ start, row: { group, cost } }) => ({
      start,
      ...labelsOf(group, 'analytics'),
      costType: group.cost_type ?? 'none',
      tokenType: tokenTypeOf(group.token_type),
      description: '',
      amountPico: cost.amount,
      listPico: cost.list_amount ?? null,
    })),
    completeTo,
  }
}

function keyOf(row: BilledCostRow): string {
  return JSON.stringify([row.start, ...labelKey(row), row.costType, row.tokenType, row.description])
}

function add(a: BilledCostRow, b: BilledCostRow): BilledCostRow {
  return {
    ...a,
    amountPico: a.amountPico + b.amountPico,
    listPico: a.listPico === null || b.listPico === null ? null : a.listPico + b.listPico,
  }
}
