import type { Amounts } from './amounts.ts'

type Entry = readonly [slot: number, amount: bigint]

/** Amounts per slot. Changes are gathered and worked in when the next question is asked. */
export class SlotSeries implements Amounts {
  /** Starts of the slots whose amount is not zero, ascending. */
  readonly #starts: number[] = []
  /** The sum up to and including each of them. */
  readonly #totals: bigint[] = []
  readonly #changes = new Map<number, bigint>()
  /** The sum of what was forgotten, which #totals still hold. */
  #base = 0n
  #from = Number.NEGATIVE_INFINITY

  /** Adds to a slot, named by its start, epoch milliseconds. A negative amount corrects an earlier one. */
  add(slot: number, amount: bigint): void {
    if (slot < this.#from) return
    this.#changes.set(slot, (this.#changes.get(slot) ?? 0n) + amount)
  }

  /** Puts these amounts in place of everything known, also of what was forgotten. A slot may occur several times. */
  replace(entries: Iterable<Entry>): void {
    this.#starts.length = 0
    this.#totals.length = 0
    this.#changes.clear()
    this.#base = 0n
    this.#from = Number.NEGATIVE_INFINITY
    for (const [slot, amount] of entries) this.add(slot, amount)
  }

  /** Forgets all slots that begin before the instant, and ignores later corrections of them. */
  forgetBefore(instant: number): void {
    this.#settle()
    const count = this.#countBefore(instant)
    this.#base = this.#totalOf(count)
    this.#starts.splice(0, count)
    this.#totals.splice(0, count)
    this.#from = Math.max(this.#from, instant)
  }

  sum(from: number, to: number): bigint {
    if (!(from < to)) return 0n
    this.#settle()
    return this.#totalOf(this.#countBefore(to)) - this.#totalOf(this.#countBefore(from))
  }

  /** Start of the first slot whose amount is not zero. */
  get first(): number | null {
    this.#settle()
    return this.#starts[0] ?? null
  }

  /** The slots whose amount is not zero, ascending. */
  entries(): readonly Entry[] {
    this.#settle()
    return this.#entriesFrom(0)
  }

  /** Works in the changes, from the first slot that changed. */
  #settle(): void {
    if (this.#changes.size === 0) return
    const changes = [...this.#changes].sort(([a], [b]) => a - b)
    this.#changes.clear()
    const kept = this.#countBefore(changes[0]?.[0] ?? 0)
    const later = this.#entriesFrom(kept)
    this.#starts.length = kept
    this.#totals.length = kept
    for (const [slot, amount] of merged(later, changes)) {
      if (amount === 0n) continue
      this.#totals.push(this.#totalOf(this.#totals.length) + amount)
      this.#starts.push(slot)
    }
  }

  #entriesFrom(index: number): Entry[] {
    return this.#starts
      .slice(index)
      .map((start, offset) => [start, this.#totalOf(index + offset + 1) - this.#totalOf(index + offset)])
  }

  /** How many slots begin before the instant. */
  #countBefore(instant: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) < instant) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The sum of the first slots, with what was forgotten. */
  #totalOf(count: number): bigint {
    return this.#totals[count - 1] ?? this.#base
  }
}

/** Two ascending lists as one, in which a slot of both has the sum. */
function* merged(known: readonly Entry[], changes: readonly Entry[]): Generator<Entry> {
  let next = 0
  for (const [slot, amount] of known) {
    let change = changes[next]
    for (; change !== undefined && change[0] < slot; change = changes[++next]) yield change
    if (change?.[0] === slot) next += 1
    yield [slot, change?.[0] === slot ? amount + change[1] : amount]
  }
  yield* changes.slice(next)
}
