import type { MetricDefinition, Sample } from '../metrics/definition.ts'
import { labelWriter } from '../metrics/render/labels.ts'
import type { Snapshot } from '../view/snapshot.ts'
import { Steps } from './steps.ts'

/** One series and its past. */
export interface RecordedSeries {
  /** As it stands at the beginning of a line: `claude_requests_total{source="pi",job="x"}`. */
  readonly text: string
  readonly steps: Steps
  /** Instant at which it was given last, epoch milliseconds. */
  givenAt: number
}

/** A metric family whose past is being recorded. */
export class RecordedFamily {
  readonly definition: MetricDefinition
  readonly #ownLabels: (labels: Readonly<Record<string, string | null>>) => string
  readonly #targetLabels: string
  readonly #series = new Map<string, RecordedSeries>()
  /** Gauges that have a value now. */
  readonly #shown = new Set<RecordedSeries>()
  /** What `read` looked at the last time, and saw. */
  readonly #seen = new Map<keyof Snapshot, unknown>()
  #sorted: readonly RecordedSeries[] = []

  /** @param targetLabels labels that every series gets besides its own, as text: `job="x",instance="y"` */
  constructor(definition: MetricDefinition, targetLabels: string) {
    this.definition = definition
    this.#ownLabels = labelWriter(definition.labels)
    this.#targetLabels = targetLabels
  }

  get size(): number {
    return this.#series.size
  }

  /** All series in the order of their text. */
  series(): readonly RecordedSeries[] {
    if (this.#sorted.length < this.#series.size) {
      this.#sorted = [...this.#series.values()].sort((a, b) => (a.text < b.text ? -1 : 1))
    }
    return this.#sorted
  }

  /** Takes what the snapshot shows from this instant on, epoch milliseconds. */
  record(instant: number, snapshot: Snapshot): void {
    if (this.#showsTheSame(snapshot)) return
    this.#seen.clear()
    for (const sample of this.definition.read(watched(snapshot, this.#seen))) this.#take(instant, sample)
    if (this.definition.type === 'gauge') this.#endMissing(instant)
  }

  /** What is read follows from what is looked at. */
  #showsTheSame(snapshot: Snapshot): boolean {
    if (this.#seen.size === 0) return false
    for (const [key, value] of this.#seen) if (snapshot[key] !== value) return false
    return true
  }

  #take(instant: number, [labels, value]: Sample<string>): void {
    const own = this.#ownLabels(labels)
    const series = this.#series.get(own) ?? this.#begin(own)
    if (series.givenAt === instant)
      throw new Error(`${series.text} is given twice at ${new Date(instant).toISOString()}`)
    series.givenAt = instant
    if (series.steps.last === value) return
    series.steps.add(instant, value)
    if (this.definition.type === 'gauge') this.#shown.add(series)
  }

  #begin(own: string): RecordedSeries {
    const labels = own === '' ? `{${this.#targetLabels}}` : `${own.slice(0, -1)},${this.#targetLabels}}`
    const text = this.definition.name + labels
    const series = { text, steps: new Steps(this.definition.scale), givenAt: Number.NaN }
    this.#series.set(own, series)
    return series
  }

  #endMissing(instant: number): void {
    for (const series of this.#shown) {
      if (series.givenAt === instant) continue
      series.steps.add(instant, null)
      this.#shown.delete(series)
    }
  }
}

/** The snapshot, noting which of its parts are looked at. */
function watched(snapshot: Snapshot, seen: Map<keyof Snapshot, unknown>): Snapshot {
  return new Proxy(snapshot, {
    get(target, key) {
      const name = key as keyof Snapshot
      const value = target[name]
      seen.set(name, value)
      return value
    },
  })
}
