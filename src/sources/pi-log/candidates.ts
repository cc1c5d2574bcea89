/**
 * Keys and words of the entries that have to be read: usage, headers, model changes, and answers that may lack usage.
 * Tested without the colon behind a key, because spaces are legal there.
 */
const WORDS = ['usage', 'session', 'assistant', 'model_change', 'model-snapshot']
const NEEDLES = WORDS.map((word) => Buffer.from(`"${word}"`))
const IN_TEXT = new RegExp(`"(?:${WORDS.join('|')})"`)

/** Whether an entry may matter, without parsing it. */
export function isCandidate(text: string): boolean {
  return IN_TEXT.test(text)
}

/** The same test for the lines of a block, asked in ascending order: every word is searched for once per block. */
export class CandidateSearch {
  readonly #block: Buffer
  readonly #needles: readonly Buffer[]
  readonly #next: number[]

  constructor(block: Buffer, needles: readonly Buffer[] = NEEDLES) {
    this.#block = block
    this.#needles = needles
    this.#next = needles.map(() => -1)
  }

  /** Whether one of the words stands in `[start, end)`. */
  isIn(start: number, end: number): boolean {
    return this.#needles.some((needle, index) => this.#nextFrom(start, needle, index) < end)
  }

  #nextFrom(start: number, needle: Buffer, index: number): number {
    const known = this.#next[index] ?? -1
    if (known >= start) return known
    const found = this.#block.indexOf(needle, start)
    const next = found === -1 ? Number.POSITIVE_INFINITY : found
    this.#next[index] = next
    return next
  }
}
