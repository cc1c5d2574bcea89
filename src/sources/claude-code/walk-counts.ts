import type { CacheWrites } from './cache-writes.ts'
import { END_OF_OBJECT, type JsonCursor } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'

const SPLIT_KEY = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1 } as const
const SPLIT_KEYS = new KeyTable(SPLIT_KEY)
export const NO_SPLIT: CacheWrites = { fiveMinutes: 0, oneHour: 0 }

/** Reads a `cache_creation` object. */
export function walkSplit(cursor: JsonCursor): CacheWrites {
  if (!cursor.enterObject()) return NO_SPLIT
  let fiveMinutes = 0
  let oneHour = 0
  for (let key = cursor.nextKey(SPLIT_KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(SPLIT_KEYS)) {
    if (key === SPLIT_KEY.ephemeral_5m_input_tokens) fiveMinutes = cursor.count(0)
    else if (key === SPLIT_KEY.ephemeral_1h_input_tokens) oneHour = cursor.count(0)
    else cursor.skip()
  }
  return { fiveMinutes, oneHour }
}

/** The one count that is wanted from an object. */
export function walkCount(cursor: JsonCursor, keys: KeyTable): number {
  if (!cursor.enterObject()) return 0
  let count = 0
  for (let key = cursor.nextKey(keys); key !== END_OF_OBJECT; key = cursor.nextKey(keys)) {
    if (key === 0) count = cursor.count(0)
    else cursor.skip()
  }
  return count
}
