import { type CountCheck, readCount } from '../lib/counts.ts'
import { asObject, type JsonObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'
import { type CacheWrites, divideCacheWrites } from './cache-writes.ts'

/** One entry of `usage.iterations`. A count is null where the entry does not have it. */
export interface IterationEntry {
  readonly model: string
  /** True for work that is billed on top of the response's own counts. */
  readonly isExtra: boolean
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead: number | null
  readonly cacheWrite: number | null
  readonly split: CacheWrites | null
}

/** Null where the value is no entry of a known type. */
export function readIterationEntry(value: unknown, responseModel: string, check: CountCheck): IterationEntry | null {
  const json = asObject(value)
  const model = json === null ? '' : entryModel(json, responseModel)
  if (json === null || model === '') return null
  const type = json['type']
  const total = optionalCount(json['cache_creation_input_tokens'], check)
  const split = readSplit(asObject(json['cache_creation']), check)
  return {
    model,
    isExtra: type === 'compaction' || type === 'advisor_message',
    input: optionalCount(json['input_tokens'], check),
    output: optionalCount(json['output_tokens'], check),
    cacheRead: optionalCount(json['cache_read_input_tokens'], check),
    cacheWrite: split !== null && !total ? split.fiveMinutes + split.oneHour : total,
    split: split === null ? null : divideCacheWrites(total ?? 0, split.fiveMinutes, split.oneHour),
  }
}

function entryModel(json: JsonObject, responseModel: string): string {
  switch (json['type']) {
    case 'message':
    case 'fallback_message':
      return label(json['model']) || responseModel
    case 'compaction':
      return responseModel
    case 'advisor_message':
      return label(json['model']) || 'unknown'
    default:
      return ''
  }
}

function optionalCount(value: unknown, check: CountCheck): number | null {
  return value === undefined || value === null ? null : readCount(value, check)
}

/** Null where there is no split, or one of zeros, which says nothing. */
function readSplit(json: JsonObject | null, check: CountCheck): CacheWrites | null {
  const fiveMinutes = readCount(json?.['ephemeral_5m_input_tokens'], check)
  const oneHour = readCount(json?.['ephemeral_1h_input_tokens'], check)
  return fiveMinutes === 0 && oneHour === 0 ? null : { fiveMinutes, oneHour }
}
