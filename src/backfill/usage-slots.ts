export interface SlotReaderOptions<Row> {
  /** Where the first chunk ends is counted from here, epoch milliseconds; rows from before are part of it. */
  readonly start: number
  readonly chunkMs: number
  /** Rows of quarters of an hour that begin within the range, from inclusive, to exclusive. */
  readonly read: (from: number, to: number) => Promise<readonly Row[]>
}

/** Reads what happened per quarter of an hour in chunks, so that years of it are never in memory at once. */
export class SlotReader<Row extends { readonly slot: number }> {
  readonly #options: SlotReaderOptions<Row>
  /** What begins before this was read. */
  #readTo = Number.MIN_SAFE_INTEGER
  /** Ascending; those from `#next` on were not taken. */
  #rows: readonly Row[] = []
  #next = 0

  constructor(options: SlotReaderOptions<Row>) {
    this.#options = options
  }

  /** Rows of quarters that begin before an instant and were not taken yet, ascending, in parts. */
  async *take(before: number): AsyncGenerator<readonly Row[]> {
    for (;;) {
      const end = this.#endOf(before)
      const rows = this.#rows.slice(this.#next, end)
      this.#next = end
      yield rows
      if (this.#next < this.#rows.length || this.#readTo >= before) return
      await this.#readChunk()
    }
  }

  /** The same, which stay to be taken: for looking ahead by little. */
  async peek(before: number): Promise<readonly Row[]> {
    while (this.#readTo < before) await this.#readChunk()
    return this.#rows.slice(this.#next, this.#endOf(before))
  }

  async #readChunk(): Promise<void> {
    const { start, chunkMs, read } = this.#options
    const to = Math.max(start, this.#readTo) + chunkMs
    const rows = [...(await read(this.#readTo, to))].sort((a, b) => a.slot - b.slot)
    this.#rows = [...this.#rows.slice(this.#next), ...rows]
    this.#next = 0
    this.#readTo = to
  }

  #endOf(before: number): number {
    let end = this.#next
    while ((this.#rows[end]?.slot ?? before) < before) end += 1
    return end
  }
}
