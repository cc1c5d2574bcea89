import { accumulate, MEASURE, type Measures, zeroMeasures } from '../core/measures.ts'
import type { ActiveSession, Changed, LabelRow, Ledger, UnloggedRow } from '../ledger/ledger.ts'
import type { MachineRow } from '../ledger/machines.ts'
import { type ActiveRow, activeRows } from './active.ts'
import { labelValue } from './labels.ts'
import type { Snapshot } from './snapshot.ts'
import { counterRow, hasCounterRow, sourceRow, unpricedRows } from './usage/counter-rows.ts'
import { type MachineLabelMode, withLogs } from './usage/machine-label.ts'
import { SERIES_PER_LABEL_SET, SERIES_PER_WINDOW_ROW, type Series, UsageSeries } from './usage/series.ts'
import { sessionRows } from './usage/session-rows.ts'
import { unloggedRows } from './usage/unlogged-rows.ts'
import { windowRows } from './usage/window-rows.ts'
import { type WindowName, Windows } from './windows.ts'

export interface UsageViewOptions {
  readonly timeZone: string
  readonly now: () => number
  /** Series over all families that may exist; label sets beyond it are counted under `other`. */
  readonly seriesLimit: number
  /** Whether machines are told apart; `auto` unless given: from the moment a second one is known on. */
  readonly machineLabel?: MachineLabelMode
}

export type UsagePart = Pick<
  Snapshot,
  | 'counters'
  | 'today'
  | 'last7Days'
  | 'monthToDate'
  | 'unpriced'
  | 'unlogged'
  | 'perSource'
  | 'sessionsStarted'
  | 'active'
  | 'modelInUse'
>

/** The sums behind the usage families, in memory. Loaded from the ledger once, then changed by what it commits. */
export class UsageView {
  readonly #options: UsageViewOptions
  readonly #series: UsageSeries
  readonly #windows: Windows<Series>
  readonly #sessions = new Map<number, number>()
  readonly #newest = new Map<string, NewestModel>()
  #unlogged: readonly UnloggedRow[] = []
  /** When a series that is shown at 0 is due to show its value. */
  #nextChange = Number.POSITIVE_INFINITY
  #active: readonly ActiveRow[] = []
  /** True when all label sets are others than in the last snapshot. */
  #isRelabeled = false

  constructor(options: UsageViewOptions) {
    const { seriesLimit, timeZone, now, machineLabel = 'auto' } = options
    this.#options = options
    this.#windows = new Windows(timeZone, now())
    const windowRows = () => WINDOW_NAMES.reduce((rows, name) => rows + this.#windows.sums(name).size, 0)
    this.#series = new UsageSeries({ seriesLimit, windowRows, machineLabel })
  }

  async load(ledger: Ledger): Promise<void> {
    const { now, timeZone } = this.#options
    const oldest = Windows.oldest(now(), timeZone)
    this.setMachines(await ledger.machines())
    this.apply({
      labels: await ledger.labels(),
      counters: await ledger.counters(),
      rollup: await ledger.slots(oldest),
      sessions: await ledger.sessionStarts(),
      tallies: [],
      claims: false,
    })
    this.#unlogged = await ledger.unlogged()
  }

  /** The machines that are known; with the second one that has logs, label sets may become others. */
  setMachines(rows: readonly Pick<MachineRow, 'name' | 'newestAt'>[]): void {
    if (this.#series.noteMachines(withLogs(rows))) this.#isRelabeled = true
  }

  apply({ labels, counters, rollup, sessions }: Changed): void {
    if (this.#series.addLabels(labels)) this.#isRelabeled = true
    for (const { label, published, reversed } of counters) this.#series.addCounter(label, published, reversed)
    for (const { slot, label, values } of rollup) {
      const row = this.label(label)
      const series = this.#series.ofLabel(label)
      if (row === undefined || series === undefined) continue
      this.#windows.add(slot, series, values, row.billing === 'plan')
      if ((values[MEASURE.requests] ?? 0) > 0) this.#noteModel(row, slot)
    }
    for (const { label, sessions: count } of sessions) {
      this.#sessions.set(label, (this.#sessions.get(label) ?? 0) + count)
    }
  }

  setUnlogged(rows: readonly UnloggedRow[]): void {
    this.#unlogged = rows
  }

  setActive(sessions: readonly ActiveSession[]): void {
    this.#active = activeRows(sessions, {
      labels: this.#series.labels,
      before: this.#active,
      showsMachine: this.#series.showsMachine,
    })
  }

  /** A label as it is shown: folded from the moment it had to be. */
  label(id: number): LabelRow | undefined {
    return this.#series.labels.get(id)
  }

  get hasActive(): boolean {
    return this.#active.some(({ sessions }) => sessions > 0)
  }

  /** Labels that were folded under `other` for want of room, to be remembered by the ledger. */
  takeNewlyFolded(): readonly number[] {
    return this.#series.takeNewlyFolded()
  }

  get foldedLabelSets(): number {
    let folded = 0
    for (const { folded: isFolded } of this.#series.labels.values()) if (isFolded) folded += 1
    return folded
  }

  /** True when time alone has changed what is to be shown. */
  isDue(): boolean {
    const now = this.#options.now()
    const moved = this.#windows.moveTo(now)
    return moved || this.#isRelabeled || now >= this.#nextChange
  }

  snapshot(): UsagePart {
    const now = this.#options.now()
    this.#windows.moveTo(now)
    this.#isRelabeled = false
    const isShown = (zeroUntil: number) => now >= zeroUntil
    const all = [...this.#series.all()]
    this.#nextChange = Number.POSITIVE_INFINITY
    for (const { zeroUntil } of [...all, ...this.#unlogged]) {
      if (zeroUntil > now) this.#nextChange = Math.min(this.#nextChange, zeroUntil)
    }
    const visible = all.filter(hasCounterRow)
    const allowed = this.#options.seriesLimit - visible.length * SERIES_PER_LABEL_SET
    const rowsPerWindow = Math.max(1, Math.floor(allowed / (WINDOW_NAMES.length * SERIES_PER_WINDOW_ROW)))
    const rowsOf = (name: WindowName) => windowRows(this.#windows.sums(name), rowsPerWindow)
    return {
      counters: visible.map((series) => counterRow(series, isShown)),
      today: rowsOf('today'),
      last7Days: rowsOf('last7Days'),
      monthToDate: rowsOf('monthToDate'),
      unpriced: unpricedRows(all, isShown),
      unlogged: unloggedRows(this.#unlogged, isShown),
      perSource: perSource(all),
      sessionsStarted: sessionRows(this.#sessions, (label) => this.#series.ofLabel(label), isShown),
      active: this.#active,
      modelInUse: this.#modelInUse(),
    }
  }

  #noteModel({ source, agent, model, machine }: LabelRow, slot: number): void {
    if (model === 'none' || model === 'unknown') return
    const key = JSON.stringify([source, agent, machine])
    const newest = this.#newest.get(key)
    if (newest !== undefined && slot < newest.slot) return
    this.#newest.set(key, { slot, source, agent: labelValue(agent), model: labelValue(model), machine })
  }

  #modelInUse(): UsagePart['modelInUse'] {
    const { showsMachine } = this.#series
    const rows = new Map<string, NewestModel>()
    for (const row of this.#newest.values()) {
      const { source, agent, machine } = row
      const key = JSON.stringify([source, agent, showsMachine ? labelValue(machine) : null])
      const other = rows.get(key)
      if (other === undefined || row.slot >= other.slot) rows.set(key, row)
    }
    return [...rows.values()].map(({ source, agent, model, machine }) => ({
      source,
      agent,
      model,
      machine: showsMachine ? labelValue(machine) : null,
    }))
  }
}

/** The model that an agent used last on a machine. */
interface NewestModel {
  readonly slot: number
  readonly source: string
  /** As shown in the label. */
  readonly agent: string
  readonly model: string
  readonly machine: string
}

const WINDOW_NAMES: readonly WindowName[] = ['today', 'last7Days', 'monthToDate']

function perSource(series: readonly Series[]): UsagePart['perSource'] {
  const bySource = new Map<string, Measures>()
  for (const { labels, values, isExposed } of series) {
    if (!isExposed) continue
    bySource.set(labels.source, accumulate(bySource.get(labels.source) ?? zeroMeasures(), values))
  }
  return [...bySource].map(([source, values]) => sourceRow(source, values))
}
