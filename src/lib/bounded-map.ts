/** A cache that forgets everything when it is full: simple, and rare enough not to matter. */
export class BoundedMap<K, V> {
  readonly #map = new Map<K, V>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  set(key: K, value: V): void {
    if (this.#map.size >= this.#limit) this.#map.clear()
    this.#map.set(key, value)
  }

  clear(): void {
    this.#map.clear()
  }
}
