import { ApiProblem } from './problem.ts'

/** One piece of work at a time; what comes while too many wait is turned away. */
export class Turns {
  readonly #maxWaiting: number
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  /** Throws ApiProblem when too many wait already. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#maxWaiting) {
      throw new ApiProblem(503, 'Too many questions wait for an answer already: ask again in a moment.', {
        retryAfterSeconds: 1,
      })
    }
    this.#waiting += 1
    const result = this.#last.then(work).finally(() => {
      this.#waiting -= 1
    })
    this.#last = result.catch(() => {})
    return result
  }
}
