import { END_OF_OBJECT, type JsonCursor } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { COUNT, type CountSlot, type LineFields, TEXT } from './line-fields.ts'
import { walkIterations } from './walk-iterations.ts'

const KEY = {
  input_tokens: 0,
  output_tokens: 1,
  cache_creation_input_tokens: 2,
  cache_read_input_tokens: 3,
  cache_creation: 4,
  server_tool_use: 5,
  output_tokens_details: 6,
  service_tier: 7,
  inference_geo: 8,
  speed: 9,
  iterations: 10,
} as const
const KEYS = new KeyTable(KEY)

/** Reads a usage object with the cursor in front of it. */
export function walkUsage(cursor: JsonCursor, fields: LineFields): void {
  if (!cursor.enterObject()) return
  fields.hasUsage = true
  for (let key = cursor.nextKey(KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(KEYS)) {
    switch (key) {
      case KEY.input_tokens:
        cursor.count(COUNT.input)
        break
      case KEY.output_tokens:
        cursor.count(COUNT.output)
        break
      case KEY.cache_creation_input_tokens:
        cursor.count(COUNT.cacheWrite)
        break
      case KEY.cache_read_input_tokens:
        cursor.count(COUNT.cacheRead)
        break
      case KEY.cache_creation:
        walkSplit(cursor, COUNT.fiveMinutes, COUNT.oneHour)
        break
      case KEY.server_tool_use:
        walkCount(cursor, SEARCH_KEYS, COUNT.webSearches)
        break
      case KEY.output_tokens_details:
        walkCount(cursor, THINKING_KEYS, COUNT.reasoning)
        break
      case KEY.service_tier:
        cursor.text(TEXT.tier)
        break
      case KEY.inference_geo:
        cursor.text(TEXT.geography)
        break
      case KEY.speed:
        cursor.text(TEXT.speed)
        break
      case KEY.iterations:
        walkIterations(cursor, fields)
        break
      default:
        cursor.skip()
    }
  }
}

const SEARCH_KEYS = new KeyTable({ web_search_requests: 0 })
const THINKING_KEYS = new KeyTable({ thinking_tokens: 0 })

/** Reads the one count that is wanted from an object. */
function walkCount(cursor: JsonCursor, keys: KeyTable, slot: CountSlot): void {
  if (!cursor.enterObject()) return
  for (let key = cursor.nextKey(keys); key !== END_OF_OBJECT; key = cursor.nextKey(keys)) {
    if (key === 0) cursor.count(slot)
    else cursor.skip()
  }
}

const SPLIT_KEY = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1 } as const
const SPLIT_KEYS = new KeyTable(SPLIT_KEY)

/** Reads a `cache_creation` object. */
export function walkSplit(cursor: JsonCursor, fiveMinutes: CountSlot, oneHour: CountSlot): void {
  if (!cursor.enterObject()) return
  for (let key = cursor.nextKey(SPLIT_KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(SPLIT_KEYS)) {
    if (key === SPLIT_KEY.ephemeral_5m_input_tokens) cursor.count(fiveMinutes)
    else if (key === SPLIT_KEY.ephemeral_1h_input_tokens) cursor.count(oneHour)
    else cursor.skip()
  }
}
