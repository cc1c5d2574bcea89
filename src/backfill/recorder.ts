import type { MetricDefinition } from '../metrics/definition.ts'
import { escapeQuoted } from '../metrics/render/labels.ts'
import type { Snapshot } from '../view/snapshot.ts'
import { RecordedFamily } from './recorded-family.ts'

/** The labels that the scrape of the live target adds. */
export interface TargetLabels {
  readonly job: string
  readonly instance: string
}

export interface RecorderOptions {
  readonly families: readonly MetricDefinition[]
  /** What snapshots show where no part of the past says anything. */
  readonly empty: Snapshot
  readonly target: TargetLabels
}

/**
 * Turns snapshots of the past into steps per series. Counters that are not given keep their value, gauges that are not
 * given end. A part that is the same object as the instant before shows the same.
 */
export class Recorder {
  readonly #empty: Snapshot
  readonly families: readonly RecordedFamily[]

  constructor({ families, empty, target }: RecorderOptions) {
    const targetLabels = `instance="${escapeQuoted(target.instance)}",job="${escapeQuoted(target.job)}"`
    this.#empty = empty
    this.families = families.map((definition) => new RecordedFamily(definition, targetLabels))
  }

  /** Series met so far. */
  get series(): number {
    return this.families.reduce((sum, family) => sum + family.size, 0)
  }

  /**
   * Takes what is shown from this instant on, epoch milliseconds, ascending. Throws where two parts speak of the same, or
   * a series is given twice.
   */
  record(instant: number, parts: readonly Partial<Snapshot>[]): void {
    const shown: Partial<Snapshot> = {}
    for (const part of parts) {
      const twice = Object.keys(part).find((key) => key in shown)
      if (twice !== undefined) throw new Error(`two parts of the past tell of ${twice}`)
      Object.assign(shown, part)
    }
    const snapshot = { ...this.#empty, ...shown, at: instant }
    for (const family of this.families) family.record(instant, snapshot)
  }

  /** Forgets the past but for the values that hold now. */
  keepLast(): void {
    for (const family of this.families) for (const { steps } of family.series()) steps.keepLast()
  }
}
