import type { ServiceTerms, UsagePart } from '../../core/usage.ts'
import { type CountCheck, readCount } from '../lib/counts.ts'
import { asObject, type JsonObject } from '../lib/json.ts'
import { divideCacheWrites } from './cache-writes.ts'
import { divideResponse } from './iterations.ts'
import { serviceTerms } from './terms.ts'

/** What `message.usage` says. */
export interface ResponseUsage {
  /** Never empty; the first part belongs to the model of the response. */
  readonly parts: readonly UsagePart[]
  readonly isReconciled: boolean
  /** Of the response as a whole, without what `iterations` add. */
  readonly output: number
  readonly total: number
  /** Thinking tokens, a part of the output. */
  readonly reasoning: number
  readonly terms: ServiceTerms
}

/** Reads a usage object of the Messages API (https://docs.claude.com/en/api/messages). */
export function parseUsage(usage: JsonObject, model: string, check: CountCheck): ResponseUsage {
  const split = asObject(usage['cache_creation'])
  const writes = divideCacheWrites(
    readCount(usage['cache_creation_input_tokens'], check),
    readCount(split?.['ephemeral_5m_input_tokens'], check),
    readCount(split?.['ephemeral_1h_input_tokens'], check),
  )
  const tokens = {
    input: readCount(usage['input_tokens'], check),
    cacheWrite5m: writes.fiveMinutes,
    cacheWrite1h: writes.oneHour,
    cacheRead: readCount(usage['cache_read_input_tokens'], check),
    output: readCount(usage['output_tokens'], check),
  }
  const webSearches = readCount(asObject(usage['server_tool_use'])?.['web_search_requests'], check)
  return {
    ...divideResponse({ model, tokens, webSearches }, usage['iterations'], check),
    output: tokens.output,
    total: tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead + tokens.output,
    reasoning: readCount(asObject(usage['output_tokens_details'])?.['thinking_tokens'], check),
    terms: serviceTerms(usage['speed'], usage['inference_geo'], usage['service_tier']),
  }
}
