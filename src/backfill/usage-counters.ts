import {
  accumulate,
  amountOf,
  isZero,
  MEASURE,
  type Measure,
  type Measures,
  setAmount,
  zeroMeasures,
} from '../core/measures.ts'
import type { CounterChange, LabelRow, RollupChange } from '../ledger/ledger.ts'
import type { CounterRow } from '../view/snapshot.ts'
import {
  counterRow,
  hasCounterRow,
  type IsShown,
  type SourceRow,
  sourceRow,
  type UnpricedRow,
  unpricedKey,
  unpricedRows,
} from '../view/usage/counter-rows.ts'
import type { Series, UsageSeries } from '../view/usage/series.ts'
import { ChangedRows } from './usage-changes.ts'

/** A provider's model without a price, and the label sets it is part of. */
interface UnpricedModel {
  readonly provider: string
  readonly model: string
  readonly series: Set<Series>
}

interface LabelSums {
  readonly label: LabelRow
  readonly series: Series
  /** What is shown now. */
  readonly published: Measures
  /** What was reversed, and what was used so far. */
  readonly used: Measures
  /** The part of it that is published. */
  shown: Measures
}

/**
 * The counters of past instants: what corrections reversed and what was used by then, never above what is shown now. What
 * does not begin at 0 is given from the first instant on, because `increase()` guesses what may have been before the first
 * sample of such a series.
 */
export class PastCounters {
  readonly #series: UsageSeries
  readonly #isShown: IsShown
  readonly #sums = new Map<number, LabelSums>()
  readonly #perSource = new Map<string, Measures>()
  readonly #counterRows: ChangedRows<Series, CounterRow>
  readonly #sourceRows: ChangedRows<string, SourceRow>
  readonly #unpriced = new Map<string, UnpricedModel>()
  readonly #unpricedRows: ChangedRows<UnpricedModel, UnpricedRow>

  /** The series must know all labels, and no counters yet. */
  constructor(series: UsageSeries, counters: readonly CounterChange[], isShown: IsShown) {
    this.#series = series
    this.#isShown = isShown
    const counterOf = new Map(counters.map((counter) => [counter.label, counter]))
    for (const label of series.labels.values()) this.#addLabel(label, counterOf.get(label.id))
    const visible = [...series.all()].filter(hasCounterRow)
    this.#counterRows = new ChangedRows(visible, (row) => counterRow(row, isShown))
    this.#sourceRows = new ChangedRows(this.#perSource.keys(), (source) =>
      sourceRow(source, this.#perSource.get(source) ?? zeroMeasures()),
    )
    this.#unpricedRows = new ChangedRows(this.#unpriced.values(), ({ provider, model, series: ofModel }) => {
      const [row] = unpricedRows(ofModel, isShown)
      return row ?? { provider, model, tokens: 0n }
    })
    for (const sums of this.#sums.values()) if (!isZero(sums.shown)) this.#changeRows(sums.series, sums.shown)
  }

  add(row: RollupChange): void {
    this.begin(row)
    const sums = this.#sums.get(row.label)
    if (sums === undefined) return
    accumulate(sums.used, row.values)
    this.#raise(sums, smaller(sums.used, sums.published))
  }

  /** Something that is not to be added yet. */
  begin({ label, values }: RollupChange): void {
    const sums = this.#sums.get(label)
    if (sums === undefined || isZero(values)) return
    this.#counterRows.begin(sums.series)
    this.#sourceRows.begin(sums.series.labels.source)
    const unpriced = this.#unpricedOf(sums.series)
    if (values[MEASURE.unpriced] && unpriced) this.#unpricedRows.begin(unpriced)
  }

  beginAll(): void {
    this.#counterRows.beginAll()
    this.#sourceRows.beginAll()
    this.#unpricedRows.beginAll()
  }

  /** Adds what is missing from what is shown now. */
  finish(): void {
    for (const sums of this.#sums.values()) this.#raise(sums, sums.published)
    this.beginAll()
  }

  take(): { counters: readonly CounterRow[]; perSource: readonly SourceRow[]; unpriced: readonly UnpricedRow[] } {
    return {
      counters: this.#counterRows.take(),
      perSource: this.#sourceRows.take(),
      unpriced: this.#unpricedRows.take(),
    }
  }

  #addLabel(label: LabelRow, counter: CounterChange | undefined): void {
    const series = this.#series.ofLabel(label.id)
    if (!label.exposed || series === undefined) return
    const { published, reversed } = counter ?? { published: zeroMeasures(), reversed: zeroMeasures() }
    const shown = smaller(reversed, published)
    this.#sums.set(label.id, {
      label,
      series,
      published: smaller(published, published),
      used: [...reversed],
      shown,
    })
    this.#series.addCounter(label.id, shown, reversed)
    this.#addToSource(series, shown)
    if (!published[MEASURE.unpriced]) return
    const { provider, model } = series.labels
    const unpriced = this.#unpricedOf(series) ?? { provider, model, series: new Set() }
    this.#unpriced.set(unpricedKey(series.labels), unpriced)
    unpriced.series.add(series)
  }

  #unpricedOf({ labels }: Series): UnpricedModel | undefined {
    return this.#unpriced.get(unpricedKey(labels))
  }

  #raise(sums: LabelSums, next: Measures): void {
    const { label, series } = sums
    const rise = accumulate([...next], sums.shown, -1)
    if (isZero(rise)) return
    sums.shown = next
    this.#series.addCounter(label.id, rise, zeroMeasures())
    this.#addToSource(series, rise)
    this.#changeRows(series, rise)
  }

  #changeRows(series: Series, rise: Measures): void {
    if (SOURCE_MEASURES.some((name) => rise[MEASURE[name]])) this.#sourceRows.change(series.labels.source)
    if (!this.#isShown(series.zeroUntil)) return
    this.#counterRows.change(series)
    const unpriced = this.#unpricedOf(series)
    if (rise[MEASURE.unpriced] && unpriced) this.#unpricedRows.change(unpriced)
  }

  #addToSource({ labels: { source } }: Series, values: Measures): void {
    this.#perSource.set(source, accumulate(this.#perSource.get(source) ?? zeroMeasures(), values))
  }
}

/** What is told per source. */
const SOURCE_MEASURES: readonly Measure[] = ['unfinal', 'no_usage', 'errors', 'unreconciled', 'unsplit']

/** The smaller of each figure. An amount of money is one figure, in whole dollars and a rest of less than one. */
function smaller(a: Measures, b: Measures): Measures {
  const result = a.map((value, index) => {
    const other = b[index] ?? 0
    return value < other ? value : other
  })
  for (const name of ['cost_usd', 'saved_usd', 'premium_usd'] as const) {
    const amounts = [amountOf(a, name), amountOf(b, name)] as const
    setAmount(result, name, amounts[0] < amounts[1] ? amounts[0] : amounts[1])
  }
  return result
}
