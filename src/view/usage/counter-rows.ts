import { amountOf, FIRST_TOKEN_CLASS, MEASURE, type Measures, zeroMeasures } from '../../core/measures.ts'
import type { CounterRow, Snapshot, TokenTotals } from '../snapshot.ts'
import type { Series } from './series.ts'

/** Whether what is shown at 0 until an instant shows its value now. */
export type IsShown = (zeroUntil: number) => boolean

export type UnpricedRow = Snapshot['unpriced'][number]
export type SourceRow = Snapshot['perSource'][number]

/** Usage that has a row of its own. What has no model, such as failed calls, is only counted per source. */
export function hasCounterRow({ isExposed, labels }: Series): boolean {
  return isExposed && labels.model !== 'none'
}

export function counterRow(series: Series, isShown: IsShown): CounterRow {
  const { values, reversed, planPico, reversedPico } = isShown(series.zeroUntil) ? series : NOTHING
  return {
    labels: series.labels,
    tokens: tokensOf(values),
    requests: BigInt(values[MEASURE.requests] ?? 0),
    estimatedPico: amountOf(values, 'cost_usd') - planPico,
    planPico,
    cacheReadSavingsPico: amountOf(values, 'saved_usd'),
    cacheWritePremiumPico: amountOf(values, 'premium_usd'),
    webSearches: BigInt(values[MEASURE.web_searches] ?? 0),
    reversedTokens: tokensOf(reversed),
    reversedPico,
  }
}

const NOTHING = { values: zeroMeasures(), reversed: zeroMeasures(), planPico: 0n, reversedPico: 0n }

/** Tokens without a price per provider and model; label sets that have none make no row. */
export function unpricedRows(series: Iterable<Series>, isShown: IsShown): UnpricedRow[] {
  const rows = new Map<string, { provider: string; model: string; tokens: bigint }>()
  for (const { labels, values, zeroUntil, isExposed } of series) {
    const tokens = BigInt(values[MEASURE.unpriced] ?? 0)
    if (!isExposed || tokens === 0n) continue
    const { provider, model } = labels
    const key = unpricedKey(labels)
    const row = rows.get(key) ?? { provider, model, tokens: 0n }
    rows.set(key, row)
    if (isShown(zeroUntil)) row.tokens += tokens
  }
  return [...rows.values()]
}

/** Unambiguous text for the labels of a row of tokens without a price. */
export function unpricedKey({ provider, model }: { readonly provider: string; readonly model: string }): string {
  return JSON.stringify([provider, model])
}

/** What is counted of a whole source. */
export function sourceRow(source: string, values: Measures): SourceRow {
  return {
    source,
    unfinal: BigInt(values[MEASURE.unfinal] ?? 0),
    noUsage: BigInt(values[MEASURE.no_usage] ?? 0),
    errors: BigInt(values[MEASURE.errors] ?? 0),
    unreconciled: BigInt(values[MEASURE.unreconciled] ?? 0),
    unsplitTokens: BigInt(values[MEASURE.unsplit] ?? 0),
  }
}

/** Tokens per class in the order of TOKEN_CLASSES. */
export function tokensOf(values: Measures): TokenTotals {
  const at = (offset: number) => BigInt(values[FIRST_TOKEN_CLASS + offset] ?? 0)
  return [at(0), at(1), at(2), at(3), at(4)]
}
