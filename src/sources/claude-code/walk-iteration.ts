import type { TokenCounts } from '../../core/usage.ts'
import { divideCacheWrites } from './cache-writes.ts'
import { END_OF_OBJECT, type JsonCursor } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { asIs, RecentText } from './recent-text.ts'
import { NO_SPLIT, walkSplit } from './walk-counts.ts'

/** Stands for a count that the iteration does not have. */
const ABSENT = -1

const KEY = {
  input_tokens: 0,
  output_tokens: 1,
  cache_creation_input_tokens: 2,
  cache_read_input_tokens: 3,
  cache_creation: 4,
  type: 5,
  model: 6,
} as const
const KEYS = new KeyTable(KEY)

/** Reads the one `message` iteration that nearly every response has. */
export class IterationWalker {
  readonly #type = new RecentText(asIs)
  #input = ABSENT
  #output = ABSENT
  #cacheWrite = ABSENT
  #cacheRead = ABSENT
  #split = NO_SPLIT

  /** False where there is no iteration; anything but a single one of type `message` fails. */
  walkOnly(cursor: JsonCursor): boolean {
    if (!cursor.enterArray() || cursor.leaveArray()) return false
    this.#walkEntry(cursor)
    if (!cursor.leaveArray()) cursor.fail()
    return true
  }

  #walkEntry(cursor: JsonCursor): void {
    this.#input = ABSENT
    this.#output = ABSENT
    this.#cacheWrite = ABSENT
    this.#cacheRead = ABSENT
    this.#split = NO_SPLIT
    let type = ''
    if (!cursor.enterObject()) cursor.fail()
    for (let key = cursor.nextKey(KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(KEYS)) {
      switch (key) {
        case KEY.input_tokens:
          this.#input = cursor.count(ABSENT)
          break
        case KEY.output_tokens:
          this.#output = cursor.count(ABSENT)
          break
        case KEY.cache_creation_input_tokens:
          this.#cacheWrite = cursor.count(ABSENT)
          break
        case KEY.cache_read_input_tokens:
          this.#cacheRead = cursor.count(ABSENT)
          break
        case KEY.cache_creation:
          this.#split = walkSplit(cursor)
          break
        case KEY.type:
          type = cursor.text(this.#type)
          break
        case KEY.model:
          cursor.fail()
          break
        default:
          cursor.skip()
      }
    }
    if (type !== 'message') cursor.fail()
  }

  /** Whether the iteration has the counts of the response, as far as it has them. */
  equals(tokens: TokenCounts): boolean {
    return (
      isSameOrAbsent(this.#input, tokens.input) &&
      isSameOrAbsent(this.#output, tokens.output) &&
      isSameOrAbsent(this.#cacheRead, tokens.cacheRead) &&
      this.#hasWrites(tokens)
    )
  }

  #hasWrites({ cacheWrite5m, cacheWrite1h }: TokenCounts): boolean {
    const { fiveMinutes, oneHour } = this.#split
    if (fiveMinutes === 0 && oneHour === 0) return isSameOrAbsent(this.#cacheWrite, cacheWrite5m + cacheWrite1h)
    const writes = divideCacheWrites(Math.max(0, this.#cacheWrite), fiveMinutes, oneHour)
    return writes.fiveMinutes === cacheWrite5m && writes.oneHour === cacheWrite1h
  }
}

function isSameOrAbsent(count: number, expected: number): boolean {
  return count === ABSENT || count === expected
}
