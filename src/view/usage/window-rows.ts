import { amountOf, MEASURE } from '../../core/measures.ts'
import { labelsKey, otherLabels } from '../labels.ts'
import type { TokenTotals, UsageLabels, WindowRow } from '../snapshot.ts'
import type { WindowSums } from '../windows.ts'
import { tokensOf } from './counter-rows.ts'
import type { Series } from './series.ts'

/** The rows of a window; beyond `limit` the smallest are one row per source under `other`. */
export function windowRows(sums: ReadonlyMap<Series, WindowSums>, limit: number): WindowRow[] {
  let rows = [...sums]
    .filter(([{ labels }]) => labels.model !== 'none')
    .map(([{ labels }, sum]) => toWindowRow(labels, sum))
  if (rows.length > limit) {
    const total = (row: WindowRow) => row.tokens.reduce((sum, tokens) => sum + tokens, 0n)
    rows.sort((a, b) => Number(total(b) - total(a)))
    const rest = rows.slice(limit)
    rows = rows.slice(0, limit)
    for (const row of rest) mergeInto(rows, row)
  }
  return rows
}

function mergeInto(rows: WindowRow[], row: WindowRow): void {
  const labels = otherLabels(row.labels.source, row.labels.machine !== null)
  const index = rows.findIndex((other) => labelsKey(other.labels) === labelsKey(labels))
  const other = rows[index]
  if (other === undefined) {
    rows.push({ ...row, labels })
    return
  }
  rows[index] = {
    labels: other.labels,
    tokens: other.tokens.map((value, at) => value + (row.tokens[at] ?? 0n)) as unknown as TokenTotals,
    requests: other.requests + row.requests,
    estimatedPico: other.estimatedPico + row.estimatedPico,
    planPico: other.planPico + row.planPico,
  }
}

function toWindowRow(labels: UsageLabels, { values, planPico }: WindowSums): WindowRow {
  return {
    labels,
    tokens: tokensOf(values),
    requests: BigInt(values[MEASURE.requests] ?? 0),
    estimatedPico: amountOf(values, 'cost_usd') - planPico,
    planPico,
  }
}
