import { type CountCheck, readCount } from '../lib/counts.ts'
import { readDollars } from '../lib/dollars.ts'
import { asObject } from '../lib/json.ts'
import { label } from '../lib/label.ts'
import type { ModelTotal } from './line.ts'

/** A session uses a handful of models. */
const MODELS_LIMIT = 64

/** Reads `modelUsage` of a `cost-state` line. Its keys keep the `[1m]` of the requested model; equal models are added. */
export function parseTotals(modelUsage: unknown, check: CountCheck): readonly ModelTotal[] {
  const totals = new Map<string, ModelTotal>()
  for (const [key, value] of Object.entries(asObject(modelUsage) ?? {}).slice(0, MODELS_LIMIT)) {
    const usage = asObject(value)
    const model = label(key).replace(/\[1m\]$/i, '')
    if (usage === null || model === '') continue
    const total = {
      model,
      input: readCount(usage['inputTokens'], check),
      output: readCount(usage['outputTokens'], check),
      cacheRead: readCount(usage['cacheReadInputTokens'], check),
      cacheWrite: readCount(usage['cacheCreationInputTokens'], check),
      webSearches: readCount(usage['webSearchRequests'], check),
      costPico: readDollars(usage['costUSD'], check) ?? 0n,
    }
    const other = totals.get(model)
    totals.set(model, other === undefined ? total : add(total, other))
  }
  return [...totals.values()]
}

function add(one: ModelTotal, other: ModelTotal): ModelTotal {
  return {
    model: one.model,
    input: one.input + other.input,
    output: one.output + other.output,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    webSearches: one.webSearches + other.webSearches,
    costPico: one.costPico + other.costPico,
  }
}
