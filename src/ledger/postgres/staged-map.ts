import { BoundedMap } from '../../lib/bounded-map.ts'

/** What is known for good, and what a transaction found out that may yet come to nothing. */
export class StagedMap<K, V> {
  readonly #limit: number
  #kept: BoundedMap<K, V>
  readonly #staged = new Map<K, V>()

  constructor(limit: number) {
    this.#limit = limit
    this.#kept = new BoundedMap(limit)
  }

  get(key: K): V | undefined {
    return this.#staged.get(key) ?? this.#kept.get(key)
  }

  set(key: K, value: V): void {
    this.#staged.set(key, value)
  }

  commit(): void {
    for (const [key, value] of this.#staged) this.#kept.set(key, value)
    this.#staged.clear()
  }

  rollback(): void {
    this.#staged.clear()
  }

  forget(): void {
    this.#staged.clear()
    this.#kept = new BoundedMap(this.#limit)
  }
}
