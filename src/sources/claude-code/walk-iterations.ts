import type { TokenCounts } from '../../core/usage.ts'
import { divideCacheWrites } from './cache-writes.ts'
import { END_OF_OBJECT, type JsonCursor } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { ABSENT, COUNT, type CountSlot, type LineFields, TEXT } from './line-fields.ts'
import { walkSplit } from './walk-usage.ts'

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

/** Reads the one `message` iteration that nearly every response has; anything else is for the parser. */
export function walkIterations(cursor: JsonCursor, fields: LineFields): void {
  if (!cursor.enterArray() || cursor.leaveArray()) return
  fields.hasIteration = true
  if (!cursor.enterObject()) cursor.fail()
  for (let key = cursor.nextKey(KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(KEYS)) {
    switch (key) {
      case KEY.input_tokens:
        cursor.count(COUNT.iterationInput)
        break
      case KEY.output_tokens:
        cursor.count(COUNT.iterationOutput)
        break
      case KEY.cache_creation_input_tokens:
        cursor.count(COUNT.iterationCacheWrite)
        break
      case KEY.cache_read_input_tokens:
        cursor.count(COUNT.iterationCacheRead)
        break
      case KEY.cache_creation:
        walkSplit(cursor, COUNT.iterationFiveMinutes, COUNT.iterationOneHour)
        break
      case KEY.type:
        cursor.text(TEXT.iterationType)
        break
      case KEY.model:
        cursor.fail()
        break
      default:
        cursor.skip()
    }
  }
  if (fields.texts[TEXT.iterationType] !== 'message' || !cursor.leaveArray()) cursor.fail()
}

/** Whether the iteration has the counts of the response, as far as it has them. */
export function isWholeResponse({ counts }: LineFields, tokens: TokenCounts): boolean {
  const matches = (slot: CountSlot, expected: number) => counts[slot] === ABSENT || counts[slot] === expected
  const fiveMinutes = counts[COUNT.iterationFiveMinutes] ?? 0
  const oneHour = counts[COUNT.iterationOneHour] ?? 0
  const hasSplit = fiveMinutes > 0 || oneHour > 0
  const writes = divideCacheWrites(Math.max(0, counts[COUNT.iterationCacheWrite] ?? 0), fiveMinutes, oneHour)
  return (
    matches(COUNT.iterationInput, tokens.input) &&
    matches(COUNT.iterationOutput, tokens.output) &&
    matches(COUNT.iterationCacheRead, tokens.cacheRead) &&
    (hasSplit
      ? writes.fiveMinutes === tokens.cacheWrite5m && writes.oneHour === tokens.cacheWrite1h
      : matches(COUNT.iterationCacheWrite, tokens.cacheWrite5m + tokens.cacheWrite1h))
  )
}
