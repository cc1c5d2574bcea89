import { accumulate, amountOf, FIRST_TOKEN_CLASS, MEASURE, type Measures, zeroMeasures } from '../core/measures.ts'
import type { ActiveSession, Changed, LabelRow, Ledger, UnloggedRow } from '../ledger/ledger.ts'
import { type ActiveRow, activeRows } from './active.ts'
import { labelsKey, labelValue, OTHER, usageLabels } from './labels.ts'
import type { CounterRow, Snapshot, TokenTotals, UsageLabels, WindowRow } from './snapshot.ts'
import { type WindowSums, Windows } from './windows.ts'

export interface UsageViewOptions {
  readonly timeZone: string
  readonly now: () => number
  /** Series over all families that may exist; label sets beyond it are counted under `other`. */
  readonly seriesLimit: number
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

/** A label set as shown, with its sums since the ledger began. */
interface Series {
  readonly labels: UsageLabels
  readonly values: Measures
  readonly reversed: Measures
  planPico: bigint
  /** Pico-dollars of metered use that corrections would have taken away. */
  reversedPico: bigint
  /** Shown at 0 before this instant. */
  zeroUntil: number
  isExposed: boolean
}

/** Series a label set takes: five token classes and six other counters, and in each window five classes and two sums. */
const SERIES_PER_LABEL_SET = 11
const SERIES_PER_WINDOW_ROW = 7

/** The sums behind the usage families, in memory. Loaded from the ledger once, then changed by what it commits. */
export class UsageView {
  readonly #options: UsageViewOptions
  readonly #labels = new Map<number, LabelRow>()
  readonly #seriesOfLabel = new Map<number, Series>()
  readonly #series = new Map<string, Series>()
  /** Counters of labels that are not exposed yet. */
  readonly #hidden = new Map<number, { published: Measures; reversed: Measures }>()
  readonly #windows: Windows<Series>
  readonly #sessions = new Map<number, number>()
  readonly #newest = new Map<string, { slot: number; source: string; agent: string; model: string }>()
  readonly #newlyFolded: number[] = []
  #unlogged: readonly UnloggedRow[] = []
  /** When a series that is shown at 0 is due to show its value. */
  #nextChange = Number.POSITIVE_INFINITY
  #active: readonly ActiveRow[] = []

  constructor(options: UsageViewOptions) {
    this.#options = options
    this.#windows = new Windows(options.timeZone, options.now())
  }

  async load(ledger: Ledger): Promise<void> {
    const { now, timeZone } = this.#options
    const oldest = Windows.oldest(now(), timeZone)
    this.#addLabels(await ledger.labels())
    this.apply({
      labels: [],
      counters: await ledger.counters(),
      rollup: await ledger.slots(oldest),
      sessions: await ledger.sessionStarts(),
      tallies: [],
      claims: false,
    })
    this.#unlogged = await ledger.unlogged()
  }

  apply({ labels, counters, rollup, sessions }: Changed): void {
    this.#addLabels(labels)
    for (const { label, published, reversed } of counters) this.#addCounter(label, published, reversed)
    for (const { slot, label, values } of rollup) {
      const row = this.#labels.get(label)
      const series = this.#seriesOfLabel.get(label)
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
    this.#active = activeRows(sessions, this.#labels, this.#active)
  }

  /** A label as it is shown: folded from the moment it had to be. */
  label(id: number): LabelRow | undefined {
    return this.#labels.get(id)
  }

  get hasActive(): boolean {
    return this.#active.some(({ sessions }) => sessions > 0)
  }

  /** Labels that were folded under `other` for want of room, to be remembered by the ledger. */
  takeNewlyFolded(): readonly number[] {
    return this.#newlyFolded.splice(0)
  }

  get foldedLabelSets(): number {
    let folded = 0
    for (const { folded: isFolded } of this.#labels.values()) if (isFolded) folded += 1
    return folded
  }

  /** True when time alone has changed what is to be shown. */
  isDue(): boolean {
    const now = this.#options.now()
    const moved = this.#windows.moveTo(now)
    return moved || now >= this.#nextChange
  }

  snapshot(): UsagePart {
    const now = this.#options.now()
    this.#windows.moveTo(now)
    const isShown = (zeroUntil: number) => now >= zeroUntil
    this.#nextChange = Number.POSITIVE_INFINITY
    for (const { zeroUntil } of [...this.#series.values(), ...this.#unlogged]) {
      if (zeroUntil > now) this.#nextChange = Math.min(this.#nextChange, zeroUntil)
    }
    const visible = [...this.#series.values()].filter(({ isExposed, labels }) => isExposed && labels.model !== 'none')
    const allowed = this.#options.seriesLimit - visible.length * SERIES_PER_LABEL_SET
    const rowsPerWindow = Math.max(1, Math.floor(allowed / (3 * SERIES_PER_WINDOW_ROW)))
    const windowRows = (sums: ReadonlyMap<Series, WindowSums>) => toWindowRows(sums, rowsPerWindow)
    return {
      counters: visible.map((series) => toCounterRow(series, isShown(series.zeroUntil))),
      today: windowRows(this.#windows.sums('today')),
      last7Days: windowRows(this.#windows.sums('last7Days')),
      monthToDate: windowRows(this.#windows.sums('monthToDate')),
      unpriced: this.#unpriced(isShown),
      unlogged: this.#unloggedRows(isShown),
      perSource: this.#perSource(),
      sessionsStarted: this.#sessionsStarted(isShown),
      active: this.#active,
      modelInUse: [...this.#newest.values()].map(({ source, agent, model }) => ({ source, agent, model })),
    }
  }

  #addLabels(rows: readonly LabelRow[]): void {
    for (const row of rows) {
      const known = this.#labels.get(row.id)
      const isFolded = known?.folded ?? (row.folded || this.#mustFold(row))
      if (isFolded && !row.folded && known === undefined) this.#newlyFolded.push(row.id)
      const label = isFolded === row.folded ? row : { ...row, folded: isFolded }
      this.#labels.set(row.id, label)
      const series = this.#seriesFor(label)
      this.#seriesOfLabel.set(row.id, series)
      if (!row.exposed || known?.exposed) continue
      // The first of its labels to be shown decides when the series stops being shown at 0.
      series.zeroUntil = series.isExposed ? Math.min(series.zeroUntil, row.zeroUntil) : row.zeroUntil
      series.isExposed = true
      const hidden = this.#hidden.get(row.id)
      this.#hidden.delete(row.id)
      if (hidden) this.#addCounter(row.id, hidden.published, hidden.reversed)
    }
  }

  #mustFold(row: LabelRow): boolean {
    if (this.#series.has(labelsKey(usageLabels(row)))) return false
    const rows = (['today', 'last7Days', 'monthToDate'] as const).reduce(
      (n, name) => n + this.#windows.sums(name).size,
      0,
    )
    const series = this.#series.size * SERIES_PER_LABEL_SET + rows * SERIES_PER_WINDOW_ROW
    return series + SERIES_PER_LABEL_SET + 3 * SERIES_PER_WINDOW_ROW > this.#options.seriesLimit
  }

  #seriesFor(label: LabelRow): Series {
    const labels = usageLabels(label)
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

  #addCounter(labelId: number, published: Measures, reversed: Measures): void {
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

  #noteModel({ source, agent, model }: LabelRow, slot: number): void {
    if (model === 'none' || model === 'unknown') return
    const key = `${source}\n${agent}`
    const newest = this.#newest.get(key)
    if (newest === undefined || slot >= newest.slot) {
      this.#newest.set(key, { slot, source, agent: labelValue(agent), model: labelValue(model) })
    }
  }

  #unpriced(isShown: (zeroUntil: number) => boolean): UsagePart['unpriced'] {
    const rows = new Map<string, { provider: string; model: string; tokens: bigint }>()
    for (const { labels, values, zeroUntil, isExposed } of this.#series.values()) {
      const tokens = BigInt(values[MEASURE.unpriced] ?? 0)
      if (!isExposed || tokens === 0n) continue
      const { provider, model } = labels
      const key = JSON.stringify([provider, model])
      const row = rows.get(key) ?? { provider, model, tokens: 0n }
      rows.set(key, row)
      if (isShown(zeroUntil)) row.tokens += tokens
    }
    return [...rows.values()]
  }

  #unloggedRows(isShown: (zeroUntil: number) => boolean): UsagePart['unlogged'] {
    const rows = new Map<string, { source: string; project: string; model: string; sums: bigint[]; costPico: bigint }>()
    for (const row of this.#unlogged) {
      const project = labelValue(row.project)
      const model = labelValue(row.model)
      const key = JSON.stringify([row.source, project, model])
      const sum = rows.get(key) ?? { source: row.source, project, model, sums: [0n, 0n, 0n, 0n, 0n], costPico: 0n }
      rows.set(key, sum)
      if (!isShown(row.zeroUntil)) continue
      // The agent's total does not split cache writes by lifetime: like any unsplit write they count as 5 minutes.
      const tokens = [row.input, row.cacheWrite, 0n, row.cacheRead, row.output]
      sum.sums = sum.sums.map((value, index) => value + (tokens[index] ?? 0n))
      sum.costPico += row.costPico
    }
    return [...rows.values()].map(({ sums, ...row }) => ({ ...row, tokens: sums as unknown as TokenTotals }))
  }

  #perSource(): UsagePart['perSource'] {
    const bySource = new Map<string, Measures>()
    for (const { labels, values, isExposed } of this.#series.values()) {
      if (!isExposed) continue
      bySource.set(labels.source, accumulate(bySource.get(labels.source) ?? zeroMeasures(), values))
    }
    return [...bySource].map(([source, values]) => ({
      source,
      unfinal: BigInt(values[MEASURE.unfinal] ?? 0),
      noUsage: BigInt(values[MEASURE.no_usage] ?? 0),
      errors: BigInt(values[MEASURE.errors] ?? 0),
      unreconciled: BigInt(values[MEASURE.unreconciled] ?? 0),
      unsplitTokens: BigInt(values[MEASURE.unsplit] ?? 0),
    }))
  }

  #sessionsStarted(isShown: (zeroUntil: number) => boolean): UsagePart['sessionsStarted'] {
    const rows = new Map<string, { source: string; agent: string; project: string; sessions: bigint; shown: boolean }>()
    for (const [label, count] of this.#sessions) {
      const series = this.#seriesOfLabel.get(label)
      if (series === undefined || !series.isExposed) continue
      const { source, agent, project } = series.labels
      const key = JSON.stringify([source, agent, project])
      const row = rows.get(key) ?? { source, agent, project, sessions: 0n, shown: false }
      rows.set(key, row)
      row.sessions += BigInt(count)
      row.shown ||= isShown(series.zeroUntil)
    }
    return [...rows.values()].map(({ shown, sessions, ...row }) => ({ ...row, sessions: shown ? sessions : 0n }))
  }
}

function toCounterRow({ labels, values, reversed, planPico, reversedPico }: Series, isShown: boolean): CounterRow {
  if (!isShown) return { ...toCounterRow({ ...NO_SERIES, labels }, true) }
  return {
    labels,
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

const NO_SERIES = {
  values: zeroMeasures(),
  reversed: zeroMeasures(),
  planPico: 0n,
  reversedPico: 0n,
  zeroUntil: 0,
  isExposed: true,
}

/** The rows of a window; beyond `limit` the smallest are one row per source under `other`. */
function toWindowRows(sums: ReadonlyMap<Series, WindowSums>, limit: number): WindowRow[] {
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
  const labels = { source: row.labels.source, agent: OTHER, project: OTHER, provider: OTHER, model: OTHER }
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

function tokensOf(values: Measures): TokenTotals {
  const at = (offset: number) => BigInt(values[FIRST_TOKEN_CLASS + offset] ?? 0)
  return [at(0), at(1), at(2), at(3), at(4)]
}
