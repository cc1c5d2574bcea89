import { accumulate, amountOf, type Measures, zeroMeasures } from '../../core/measures.ts'
import type { LabelRow } from '../../ledger/ledger.ts'
import { labelsKey, usageLabels } from '../labels.ts'
import type { UsageLabels } from '../snapshot.ts'
import { MachineLabel, type MachineLabelMode } from './machine-label.ts'

/** A label set as shown, with its sums since the ledger began. */
export interface Series {
  /** Another object when machines are told apart from some moment on. */
  labels: UsageLabels
  readonly values: Measures
  readonly reversed: Measures
  planPico: bigint
  /** Pico-dollars of metered use that corrections would have taken away. */
  reversedPico: bigint
  /** Shown at 0 before this instant. */
  zeroUntil: number
  isExposed: boolean
}

export interface UsageSeriesOptions {
  /** Series over all families that may exist; label sets beyond it are counted under `other`. */
  readonly seriesLimit: number
  /** Rows of all windows, which take series too. */
  readonly windowRows: () => number
  /** Whether machines are told apart; `auto` unless given. */
  readonly machineLabel?: MachineLabelMode
}

/** Series a label set takes: five token classes and six other counters, and in each window five classes and two sums. */
export const SERIES_PER_LABEL_SET = 11
export const SERIES_PER_WINDOW_ROW = 7
const WINDOWS = 3

/** The ledger's labels as they are shown: which label set each belongs to, and the counters of the label sets. */
export class UsageSeries {
  readonly #options: UsageSeriesOptions
  readonly #machineLabel: MachineLabel
  readonly #labels = new Map<number, LabelRow>()
  readonly #seriesOfLabel = new Map<number, Series>()
  #series = new Map<string, Series>()
  /** Counters of labels that are not exposed yet. */
  readonly #hidden = new Map<number, { published: Measures; reversed: Measures }>()
  readonly #newlyFolded: number[] = []

  constructor(options: UsageSeriesOptions) {
    this.#options = options
    this.#machineLabel = new MachineLabel(options.machineLabel ?? 'auto')
  }

  get showsMachine(): boolean {
    return this.#machineLabel.isShown
  }

  /** By id, as they are shown: folded from the moment they had to be. */
  get labels(): ReadonlyMap<number, LabelRow> {
    return this.#labels
  }

  all(): IterableIterator<Series> {
    return this.#series.values()
  }

  ofLabel(id: number): Series | undefined {
    return this.#seriesOfLabel.get(id)
  }

  /** Labels that were folded under `other` for want of room, to be remembered by the ledger. */
  takeNewlyFolded(): readonly number[] {
    return this.#newlyFolded.splice(0)
  }

  /** True when all label sets have other labels from now on. */
  noteMachines(machines: Iterable<{ readonly machine: string }>): boolean {
    if (!this.#machineLabel.note(machines)) return false
    this.#relabel()
    return true
  }

  /** True when all label sets have other labels from now on. */
  addLabels(rows: readonly LabelRow[]): boolean {
    const isRelabeled = this.noteMachines(rows)
    for (const row of rows) {
      const known = this.#labels.get(row.id)
      const isFolded = known?.folded ?? (row.folded || this.#mustFold(row))
      if (isFolded && !row.folded && known === undefined) this.#newlyFolded.push(row.id)
      const label = isFolded === row.folded ? row : { ...row, folded: isFolded }
      this.#labels.set(row.id, label)
      const series = this.#seriesOfLabel.get(row.id) ?? this.#seriesFor(label)
      this.#seriesOfLabel.set(row.id, series)
      if (!row.exposed || known?.exposed) continue
      // The first of its labels to be shown decides when the series stops being shown at 0.
      series.zeroUntil = series.isExposed ? Math.min(series.zeroUntil, row.zeroUntil) : row.zeroUntil
      series.isExposed = true
      const hidden = this.#hidden.get(row.id)
      this.#hidden.delete(row.id)
      if (hidden) this.addCounter(row.id, hidden.published, hidden.reversed)
    }
    return isRelabeled
  }

  addCounter(labelId: number, published: Measures, reversed: Measures): void {
    const label = this.#labels.get(labelId)
    const series = this.#seriesOfLabel.get(labelId)
    if (label === undefined || series === undefined) return
    if (!label.exposed) {
      const hidden = this.#hidden.get(labelId) ?? { published: zeroMeasures(), reversed: zeroMeasures() }
      this.#hidden.set(labelId, hidden)
      accumulate(hidden.published, published)
      accumulate(hidden.reversed, reversed)
      return
    }
    accumulate(series.values, published)
    accumulate(series.reversed, reversed)
    if (label.billing === 'plan') series.planPico += amountOf(published, 'cost_usd')
    else series.reversedPico += amountOf(reversed, 'cost_usd')
  }

  #mustFold(row: LabelRow): boolean {
    if (this.#series.has(labelsKey(usageLabels(row, this.showsMachine)))) return false
    const series = this.#series.size * SERIES_PER_LABEL_SET + this.#options.windowRows() * SERIES_PER_WINDOW_ROW
    return series + SERIES_PER_LABEL_SET + WINDOWS * SERIES_PER_WINDOW_ROW > this.#options.seriesLimit
  }

  /** Until now all label sets were of one machine, so that none of them falls apart. */
  #relabel(): void {
    const relabeled = new Map<string, Series>()
    const done = new Set<Series>()
    for (const [id, series] of this.#seriesOfLabel) {
      const label = this.#labels.get(id)
      if (label === undefined || done.has(series)) continue
      series.labels = usageLabels(label, true)
      relabeled.set(labelsKey(series.labels), series)
      done.add(series)
    }
    this.#series = relabeled
  }

  #seriesFor(label: LabelRow): Series {
    const labels = usageLabels(label, this.showsMachine)
    const key = labelsKey(labels)
    let series = this.#series.get(key)
    if (series === undefined) {
      series = {
        labels,
        values: zeroMeasures(),
        reversed: zeroMeasures(),
        planPico: 0n,
        reversedPico: 0n,
        zeroUntil: 0,
        isExposed: false,
      }
      this.#series.set(key, series)
    }
    return series
  }
}
