import type { RecordedCost } from '../../core/usage.ts'
import { type CountCheck, readCount } from '../lib/counts.ts'
import { asObject, type JsonObject } from '../lib/json.ts'
import { readCost } from './cost.ts'

/** What a usage object says, whichever spelling it uses. Counts are integers from 0 to 2^53 - 1. */
export interface Usage {
  /** Without anything read from or written to the cache. */
  readonly input: number
  /** Reasoning included. */
  readonly output: number
  readonly cacheRead: number
  /** One-hour writes included. */
  readonly cacheWrite: number
  readonly cacheWrite1h: number
  readonly reasoning: number
  /** Tokens that only the total knows. */
  readonly unsplit: number
  readonly cost: RecordedCost | null
}

// Other spellings than pi's own are those that OpenClaw's reader accepts (openclaw/openclaw src/agents/usage.ts).
const INPUT = ['input', 'inputTokens', 'input_tokens', 'promptTokens', 'prompt_tokens']
const OUTPUT = ['output', 'outputTokens', 'output_tokens', 'completionTokens', 'completion_tokens']
const CACHE_READ = ['cacheRead', 'cache_read', 'cache_read_input_tokens']
const CACHE_WRITE = ['cacheWrite', 'cache_write', 'cache_creation_input_tokens']
const TOTAL = ['totalTokens', 'total', 'total_tokens']
const REASONING = ['reasoning', 'reasoningTokens']

/** A usage object as counts; what cannot be a count is 0 and marks the check. */
export function readUsage(usage: JsonObject, check: CountCheck): Usage {
  const { input, cacheRead } = readPrompt(usage, check)
  const output = readCount(first(usage, OUTPUT), check)
  const cacheWrite1h = readCount(usage['cacheWrite1h'], check)
  const cacheWrite = readCount(first(usage, CACHE_WRITE), check) || cacheWrite1h
  const total = readCount(first(usage, TOTAL), check)
  return {
    input,
    output,
    cacheRead,
    cacheWrite,
    cacheWrite1h: Math.min(cacheWrite1h, cacheWrite),
    reasoning: readCount(first(usage, REASONING), check),
    unsplit: Math.max(0, total - (input + output + cacheRead + cacheWrite)),
    cost: readCost(usage['cost'], check),
  }
}

/** True when nobody reported a token. */
export function isEmpty(usage: Usage): boolean {
  return usage.input + usage.output + usage.cacheRead + usage.cacheWrite + usage.unsplit === 0
}

/**
 * `cached_tokens` and its nested forms are a part of the prompt count beside them (OpenAI's meaning), while `input` and
 * Anthropic's `input_tokens` beside `cache_read_input_tokens` leave cached tokens out.
 */
function readPrompt(usage: JsonObject, check: CountCheck): { input: number; cacheRead: number } {
  const apart = first(usage, CACHE_READ)
  const cacheRead = readCount(apart ?? cachedTokens(usage), check)
  const prompt = first(usage, INPUT)
  const includesCached = (apart ?? null) === null && (usage['input'] ?? null) === null && typeof prompt === 'number'
  // A provider that subtracts the cached tokens twice reports a negative count, which is none.
  return { input: readCount(includesCached ? prompt - cacheRead : prompt, check), cacheRead }
}

function cachedTokens(usage: JsonObject): unknown {
  return (
    usage['cached_tokens'] ??
    asObject(usage['input_tokens_details'])?.['cached_tokens'] ??
    asObject(usage['prompt_tokens_details'])?.['cached_tokens']
  )
}

function first(usage: JsonObject, names: readonly string[]): unknown {
  for (const name of names) {
    const value = usage[name]
    if (value !== undefined && value !== null) return value
  }
  return undefined
}
