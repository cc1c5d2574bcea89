import { matchesScope } from '../../budgets/scope.ts'
import { type Budget, isOfOrganization } from '../../core/budget.ts'
import type { LabelRow, RollupChange } from '../../ledger/ledger.ts'
import { labelValue } from '../labels.ts'
import { addSessionRow, type MeasuredSeries, newSeries, seriesKey } from './measured-series.ts'

interface Measured {
  readonly budget: Budget
  readonly series: MeasuredSeries
}

/** What session logs come to for each budget over them, per quarter of an hour. */
export class SessionAmounts {
  readonly #measured = new Map<string, Measured>()
  readonly #none = newSeries()
  readonly #labels = new Map<number, LabelRow>()
  /** What each label counts towards, found out when it is first met. */
  readonly #measuredOfLabel = new Map<number, readonly Measured[]>()

  constructor(budgets: readonly Budget[]) {
    for (const budget of budgets) {
      const key = seriesKey(budget)
      if (isOfOrganization(budget.basis) || this.#measured.has(key)) continue
      this.#measured.set(key, { budget, series: newSeries() })
    }
  }

  get isEmpty(): boolean {
    return this.#measured.size === 0
  }

  addLabels(labels: readonly LabelRow[]): void {
    if (this.isEmpty) return
    for (const label of labels) if (!this.#labels.has(label.id)) this.#labels.set(label.id, label)
  }

  add(rows: readonly RollupChange[]): void {
    for (const { slot, label: id, values } of rows) {
      const label = this.#labels.get(id)
      if (label === undefined) continue
      for (const { budget, series } of this.#ofLabel(label)) addSessionRow(series, budget, slot, values, label.billing)
    }
  }

  /** Empty for a budget that was not given. */
  series(budget: Budget): MeasuredSeries {
    return this.#measured.get(seriesKey(budget))?.series ?? this.#none
  }

  forgetBefore(instant: number): void {
    for (const { series } of this.#measured.values()) {
      series.amounts.forgetBefore(instant)
      series.unpriced.forgetBefore(instant)
    }
  }

  #ofLabel(label: LabelRow): readonly Measured[] {
    const known = this.#measuredOfLabel.get(label.id)
    if (known !== undefined) return known
    const found = [...this.#measured.values()].filter(({ budget }) => isInScope(budget, label))
    this.#measuredOfLabel.set(label.id, found)
    return found
  }
}

/**
 * By the values as they are shown, but never by `other`: a budget counts label sets beyond the series limit, too. Models
 * also by their ids as logged, which would otherwise match nothing without a word.
 */
function isInScope(
  { scope }: Budget,
  { source, agent, project, provider, model, modelId, machine }: LabelRow,
): boolean {
  return matchesScope(scope, {
    source: [source],
    agent: [labelValue(agent)],
    project: [labelValue(project)],
    provider: [labelValue(provider)],
    model: [labelValue(model), labelValue(modelId)],
    machine: [labelValue(machine)],
  })
}
