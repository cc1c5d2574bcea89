/** The rows of a family: each is given once when it begins, and again whenever it has changed. */
export class ChangedRows<Key, Row> {
  readonly #toRow: (key: Key) => Row
  readonly #keys: ReadonlySet<Key>
  /** Those that were never given. */
  readonly #waiting: Set<Key>
  readonly #due = new Set<Key>()

  /** Keys that are not among these make no row. */
  constructor(keys: Iterable<Key>, toRow: (key: Key) => Row) {
    this.#toRow = toRow
    this.#keys = new Set(keys)
    this.#waiting = new Set(this.#keys)
  }

  begin(key: Key): void {
    if (this.#waiting.has(key)) this.#due.add(key)
  }

  beginAll(): void {
    for (const key of this.#waiting) this.#due.add(key)
  }

  change(key: Key): void {
    if (this.#keys.has(key)) this.#due.add(key)
  }

  /** The rows that are due, as they are now. The same array whenever there are none. */
  take(): readonly Row[] {
    if (this.#due.size === 0) return NONE
    const rows = [...this.#due].map((key) => this.#toRow(key))
    for (const key of this.#due) this.#waiting.delete(key)
    this.#due.clear()
    return rows
  }
}

const NONE: readonly never[] = []
