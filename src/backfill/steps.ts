import type { MetricDefinition } from '../metrics/definition.ts'
import { valueText } from '../metrics/render/value.ts'

export type Value = number | bigint

const FIRST_CAPACITY = 4

/**
 * A series as a step function: each value holds from its instant to the next one, null where there is none. Years of
 * many series are kept at once, so that a step takes two floats: whole numbers beyond their reach, and what is no
 * number, stand aside.
 */
export class Steps {
  readonly #scale: NonNullable<MetricDefinition['scale']> | 'one'
  #times = new Float64Array(FIRST_CAPACITY)
  /** NaN: look aside. */
  #values = new Float64Array(FIRST_CAPACITY)
  #aside: Map<number, Value | null> | null = null
  #length = 0
  /** The value that holds now. */
  last: Value | null = null

  constructor(scale: MetricDefinition['scale']) {
    this.#scale = scale ?? 'one'
  }

  get length(): number {
    return this.#length
  }

  /** From the instant on, epoch milliseconds; instants are given in ascending order. */
  add(instant: number, value: Value | null): void {
    if (this.#length === this.#times.length) this.#resize(this.#length * 2)
    const index = this.#length++
    const float = this.#floatOf(value)
    this.#times[index] = instant
    this.#values[index] = float
    if (Number.isNaN(float)) {
      this.#aside ??= new Map()
      this.#aside.set(index, value)
    }
    this.last = value
  }

  /** When the step begins, epoch milliseconds; after the last one: never. */
  instantAt(index: number): number {
    return index < this.#length ? (this.#times[index] ?? Number.NaN) : Number.POSITIVE_INFINITY
  }

  /** The value of the step as the exposition formats write it. */
  textAt(index: number): string | null {
    const float = this.#values[index] ?? Number.NaN
    if (!Number.isNaN(float)) return valueText(this.#scale === 'pico' ? BigInt(float) : float, this.#scale)
    const value = this.#aside?.get(index) ?? null
    return value === null ? null : valueText(value, this.#scale)
  }

  /** Forgets all steps but the last one. */
  keepLast(): void {
    if (this.#length <= 1) return
    const instant = this.instantAt(this.#length - 1)
    this.#aside = null
    this.#length = 0
    this.#times = new Float64Array(FIRST_CAPACITY)
    this.#values = new Float64Array(FIRST_CAPACITY)
    this.add(instant, this.last)
  }

  /** NaN where a float, read back on this scale, would be anything but the value. */
  #floatOf(value: Value | null): number {
    if (value === null) return Number.NaN
    if (typeof value === 'number') return this.#scale === 'one' ? value : Number.NaN
    const float = Number(value)
    return Number.isSafeInteger(float) ? float : Number.NaN
  }

  #resize(capacity: number): void {
    const times = new Float64Array(capacity)
    const values = new Float64Array(capacity)
    times.set(this.#times)
    values.set(this.#values)
    this.#times = times
    this.#values = values
  }
}
