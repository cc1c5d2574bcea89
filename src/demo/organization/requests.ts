import type { ApiLabels } from '../../core/organization.ts'
import type { TokenCounts } from '../../core/usage.ts'
import type { Pricing } from '../../pricing/pricing.ts'
import { byDay, type ItemsBetween } from '../by-day.ts'
import { createRandom } from '../world/random.ts'
import type { DemoCall, DemoWorld } from '../world.ts'
import { serviceRequestsBetween } from './services.ts'

/** One request as the provider sees it. */
export interface DemoRequest {
  /** Epoch milliseconds. */
  readonly time: number
  readonly id: string
  readonly labels: ApiLabels
  readonly tokens: TokenCounts
  readonly webSearches: number
  /** Hours of containers for code execution. */
  readonly containerHours: number
}

/** Prompts of more tokens are of the longer context window. */
const LONG_PROMPT_TOKENS = 200_000

/** The share of calls that have another beside them that no log tells of: a title, a summary, a retry. */
const UNLOGGED_SHARE = 1 / 8
/** What such a call uses, in percent of the other: with the above, 3 % of everything. */
const UNLOGGED_PERCENT = 24

/**
 * All that the organisation is asked, in no particular order, from inclusive, to exclusive: what the logs of this machine
 * tell, what they leave out, and what other machines do. Nothing lies before the world begins.
 */
export function createRequests(world: DemoWorld, pricing: Pricing): ItemsBetween<DemoRequest> {
  return byDay((from, to) => {
    const requests = serviceRequestsBetween(world.from, Math.max(from, world.from), to)
    for (const call of world.callsBetween(from, to)) {
      const logged = requestOf(call, pricing)
      if (logged === null) continue
      requests.push(logged)
      if (createRandom(`unlogged ${call.id}`).chance(UNLOGGED_SHARE)) requests.push(beside(logged))
    }
    return requests
  })
}

function requestOf(call: DemoCall, pricing: Pricing): DemoRequest | null {
  const { time, id, model, tokens, webSearches, billedTo } = call
  if (billedTo === null) return null
  const prompt = tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead
  const labels = {
    ...billedTo,
    model: pricing.name(model).model,
    serviceTier: 'standard',
    contextWindow: prompt > LONG_PROMPT_TOKENS ? '200k-1M' : '0-200k',
  }
  return { time, id, labels, tokens, webSearches, containerHours: 0 }
}

function beside({ time, id, labels, tokens }: DemoRequest): DemoRequest {
  const part = (count: number) => Math.floor((count * UNLOGGED_PERCENT) / 100)
  return {
    time,
    id: `${id} unlogged`,
    labels,
    tokens: {
      input: part(tokens.input),
      cacheWrite5m: part(tokens.cacheWrite5m),
      cacheWrite1h: part(tokens.cacheWrite1h),
      cacheRead: part(tokens.cacheRead),
      output: part(tokens.output),
    },
    webSearches: 0,
    containerHours: 0,
  }
}
