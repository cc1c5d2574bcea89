import type { Body } from '../lib/body.ts'

interface Kept {
  readonly version: number
  readonly at: number
  readonly answer: Promise<Body>
}

/** Answers that are kept, and bytes of the largest of them. */
const MAX_KEPT = 32
const MAX_BYTES = 1_000_000

/**
 * Answers that were made a moment ago. Whoever asks the same while one is being made gets that one. One is given again
 * while nothing has changed, and for `momentMs` whatever has.
 */
export class Answers {
  readonly #momentMs: number
  readonly #kept = new Map<string, Kept>()

  constructor(momentMs: number) {
    this.#momentMs = momentMs
  }

  get(key: string, version: number, make: () => Promise<Body>): Promise<Body> {
    const known = this.#kept.get(key)
    if (known !== undefined && (known.version === version || performance.now() - known.at < this.#momentMs)) {
      return known.answer
    }
    const answer = make()
    const kept = { version, at: performance.now(), answer }
    const forget = () => {
      if (this.#kept.get(key) === kept) this.#kept.delete(key)
    }
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    answer.then(({ bytes }) => bytes.length > MAX_BYTES && forget(), forget)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break
      this.#kept.delete(oldest)
    }
    return answer
  }
}
