export interface Repeatable<T> {
  /** To be gone through any number of times, each time from the first value. */
  readonly values: AsyncIterable<T>
  /** Tells the origin that nobody wants more of it. */
  end(): Promise<void>
}

/** Values that come once, kept as they come. */
export function repeatable<T>(origin: Iterable<T> | AsyncIterable<T>): Repeatable<T> {
  const iterator = Symbol.asyncIterator in origin ? origin[Symbol.asyncIterator]() : origin[Symbol.iterator]()
  const steps: Promise<IteratorResult<T>>[] = []
  async function* values() {
    for (let index = 0; ; index++) {
      // A step that failed fails every time.
      const step = steps[index] ?? (async () => iterator.next())()
      steps[index] = step
      const { done, value } = await step
      if (done) return
      yield value as T
    }
  }
  return {
    values: { [Symbol.asyncIterator]: values },
    end: async () => {
      await iterator.return?.()
    },
  }
}
