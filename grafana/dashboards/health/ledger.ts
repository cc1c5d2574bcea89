import { COLORS } from '../../lib/colors.ts'
import { barsPanel, dashed, seriesPanel } from '../../lib/panels.ts'
import type { Select } from '../../lib/select.ts'
import { failuresByReason } from './reasons.ts'

const QUARTER = { width: 6, height: 7 } as const

export function ledgerSize(select: Select) {
  return seriesPanel({
    ...QUARTER,
    id: 30,
    title: 'Size of the ledger',
    description: 'Size of the ledger on disk.',
    unit: 'bytes',
    min: 0,
    queries: [
      {
        refId: 'A',
        expr: `max by (instance) (${select('claude_exporter_ledger_size_bytes')})`,
        legend: '{{instance}}',
      },
    ],
  })
}

export function ledgerErrors(select: Select) {
  return failuresByReason(select, {
    id: 31,
    title: 'Failed transactions, by reason',
    description: 'Transactions of the ledger that failed and are tried again.',
    width: 6,
    family: 'claude_exporter_ledger_errors_total',
  })
}

export function series(select: Select) {
  return barsPanel({
    ...QUARTER,
    id: 32,
    title: 'Series, largest families',
    description: "Series served now by the largest families, without the exporter's own.",
    unit: 'count',
    decimals: 0,
    min: 0,
    color: COLORS.money,
    names: 'above',
    queries: [
      {
        refId: 'A',
        expr: `topk(5, sum by (family) (${select('claude_exporter_series')}))`,
        legend: '{{family}}',
      },
    ],
  })
}

export function seriesLimit(select: Select) {
  return seriesPanel({
    ...QUARTER,
    id: 33,
    title: 'Series against the limit',
    description:
      'Series of all families, the most that session families may have, and label sets that are counted under "other" ' +
      'since then because of it.',
    unit: 'count',
    min: 0,
    overrides: [dashed('/^limit/', COLORS.limit)],
    queries: [
      { refId: 'A', expr: `sum(${select('claude_exporter_series')})`, legend: 'series' },
      { refId: 'B', expr: `max(${select('claude_exporter_series_limit')})`, legend: 'limit' },
      {
        refId: 'C',
        expr: `sum(increase(${select('claude_exporter_series_folded_total')}[$__rate_interval]))`,
        legend: 'folded',
      },
    ],
  })
}
