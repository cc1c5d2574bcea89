import { isInWindow, type UtcWindowName, type UtcWindows, windowEdges } from './utc-windows.ts'

/** A sum of one part of time, as the ledger gives it. */
interface Sum {
  /** Index into the edges of the windows. */
  readonly slot: number
}

export interface SumKind<Row extends Sum, Labels extends { readonly organization: string }, Value> {
  readonly labels: (row: Row) => Labels
  readonly value: (row: Row) => Value
  readonly add: (a: Value, b: Value) => Value
  /** What a label set has in a window without any sum, given one of its sums elsewhere. */
  readonly zero: (elsewhere: Value) => Value
}

interface LabelSet<Labels, Value> {
  readonly labels: Labels
  readonly bySlot: Map<number, Value>
}

/** Sums per label set, from which the rows of each organisation and window are made. */
export class WindowedSums<Row extends Sum, Labels extends { readonly organization: string }, Value> {
  readonly #kind: SumKind<Row, Labels, Value>
  readonly #windows: UtcWindows
  readonly #edges: readonly number[]
  readonly #sets = new Map<string, LabelSet<Labels, Value>>()

  constructor(rows: readonly Row[], windows: UtcWindows, kind: SumKind<Row, Labels, Value>) {
    this.#kind = kind
    this.#windows = windows
    this.#edges = windowEdges(windows)
    for (const row of rows) this.#add(row)
  }

  /** Every label set of the organisation that occurred in any window. */
  labelSets(organization: string): readonly Labels[] {
    return [...this.#sets.values()].map(({ labels }) => labels).filter((labels) => labels.organization === organization)
  }

  rows(organization: string, window: UtcWindowName): readonly (readonly [Labels, Value])[] {
    const slots = [...this.#edges.keys()].filter((slot) => this.#isIn(slot, window))
    const rows: (readonly [Labels, Value])[] = []
    for (const { labels, bySlot } of this.#sets.values()) {
      if (labels.organization !== organization) continue
      const [first, ...others] = slots.map((slot) => bySlot.get(slot)).filter((value) => value !== undefined)
      const [elsewhere] = bySlot.values()
      if (first !== undefined) rows.push([labels, others.reduce(this.#kind.add, first)])
      else if (elsewhere !== undefined) rows.push([labels, this.#kind.zero(elsewhere)])
    }
    return rows
  }

  #isIn(slot: number, window: UtcWindowName): boolean {
    const edge = this.#edges[slot]
    // The last edge only ends the part before it.
    return edge !== undefined && slot < this.#edges.length - 1 && isInWindow(edge, window, this.#windows)
  }

  #add(row: Row): void {
    const labels = this.#kind.labels(row)
    const key = JSON.stringify(Object.values(labels))
    const set = this.#sets.get(key) ?? { labels, bySlot: new Map<number, Value>() }
    this.#sets.set(key, set)
    const before = set.bySlot.get(row.slot)
    const value = this.#kind.value(row)
    set.bySlot.set(row.slot, before === undefined ? value : this.#kind.add(before, value))
  }
}
