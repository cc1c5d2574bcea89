import type { ServiceTerms, TokenCounts } from '../../core/usage.ts'
import { divideCacheWrites } from './cache-writes.ts'
import { END_OF_OBJECT, type JsonCursor } from './json-cursor.ts'
import { KeyTable } from './key-table.ts'
import { asIs, RecentText } from './recent-text.ts'
import { serviceTerms } from './terms.ts'
import { NO_SPLIT, walkCount, walkSplit } from './walk-counts.ts'
import { IterationWalker } from './walk-iteration.ts'

/** A usage object whose `iterations` add nothing to its counts. */
export interface WalkedUsage {
  readonly tokens: TokenCounts
  readonly webSearches: number
  readonly reasoning: number
  readonly terms: ServiceTerms
}

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
const SEARCH_KEYS = new KeyTable({ web_search_requests: 0 })
const THINKING_KEYS = new KeyTable({ thinking_tokens: 0 })

/** Reads `message.usage` with a cursor in front of it; null where the cursor failed or only the parser can tell. */
export class UsageWalker {
  readonly #speed = new RecentText(asIs)
  readonly #geography = new RecentText(asIs)
  readonly #tier = new RecentText(asIs)
  readonly #iteration = new IterationWalker()

  walk(cursor: JsonCursor): WalkedUsage | null {
    if (!cursor.enterObject()) return null
    let input = 0
    let output = 0
    let cacheWrite = 0
    let cacheRead = 0
    let split = NO_SPLIT
    let webSearches = 0
    let reasoning = 0
    let speed = ''
    let geography = ''
    let tier = ''
    let hasIteration = false
    for (let key = cursor.nextKey(KEYS); key !== END_OF_OBJECT; key = cursor.nextKey(KEYS)) {
      switch (key) {
        case KEY.input_tokens:
          input = cursor.count(0)
          break
        case KEY.output_tokens:
          output = cursor.count(0)
          break
        case KEY.cache_creation_input_tokens:
          cacheWrite = cursor.count(0)
          break
        case KEY.cache_read_input_tokens:
          cacheRead = cursor.count(0)
          break
        case KEY.cache_creation:
          split = walkSplit(cursor)
          break
        case KEY.server_tool_use:
          webSearches = walkCount(cursor, SEARCH_KEYS)
          break
        case KEY.output_tokens_details:
          reasoning = walkCount(cursor, THINKING_KEYS)
          break
        case KEY.service_tier:
          tier = cursor.text(this.#tier)
          break
        case KEY.inference_geo:
          geography = cursor.text(this.#geography)
          break
        case KEY.speed:
          speed = cursor.text(this.#speed)
          break
        case KEY.iterations:
          hasIteration = this.#iteration.walkOnly(cursor)
          break
        default:
          cursor.skip()
      }
    }
    if (cursor.failed) return null
    const writes = divideCacheWrites(cacheWrite, split.fiveMinutes, split.oneHour)
    const tokens = {
      input,
      cacheWrite5m: writes.fiveMinutes,
      cacheWrite1h: writes.oneHour,
      cacheRead,
      output,
    }
    if (hasIteration && !this.#iteration.equals(tokens)) return null
    return { tokens, webSearches, reasoning, terms: serviceTerms(speed, geography, tier) }
  }
}
