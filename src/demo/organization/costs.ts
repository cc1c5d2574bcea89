import { PICO_PER_USD } from '../../core/money.ts'
import type { ApiLabels } from '../../core/organization.ts'
import { DAY_MS, HOUR_MS } from '../../core/time.ts'
import { TOKEN_CLASSES, type TokenClass, type TokenCounts } from '../../core/usage.ts'
import type { Pricing } from '../../pricing/pricing.ts'
import type { ItemsBetween } from '../by-day.ts'
import { createRandom } from '../world/random.ts'
import { KEYS, WORKSPACES } from './names.ts'
import type { DemoRequest } from './requests.ts'

/** A line of the bill. */
export interface DemoCost {
  /** Epoch milliseconds. */
  readonly time: number
  readonly labels: ApiLabels
  readonly costType: string
  /** A TokenClass, or `none`. */
  readonly tokenType: string
  /** Pico-dollars, before discount. */
  readonly listPico: bigint
  /** Pico-dollars, after discount. */
  readonly amountPico: bigint
}

/** What a bill is made of. */
export interface Billable {
  readonly requestsBetween: ItemsBetween<DemoRequest>
  /** What the provider charges. */
  readonly pricing: Pricing
  /** When the world begins, epoch milliseconds. */
  readonly since: number
}

/** Percent of the list price that a workspace pays; 100 where none is named. */
const PAID_PERCENT: ReadonlyMap<string, bigint> = new Map([[WORKSPACES.production, 90n]])

/** How long the bill is behind what happens, milliseconds. */
const BILL_DELAY_MS = 3 * HOUR_MS
/** Costs are posted within this time, late ones included: after it, only corrections change a day. Milliseconds. */
export const POSTING_MS = 2 * DAY_MS
/** The share of requests that are posted later than the others, and by how many hours. */
const LATE_SHARE = 1 / 12
const LATE_HOURS = [6, 44] as const

/** Every so many days, some of what a service was billed is taken back. */
const CORRECTION_EVERY_DAYS = 9
const CORRECTION_DAY = 4
const CORRECTION_HOUR = 10
const CORRECTION_PICO = (-17n * PICO_PER_USD) / 4n

const CONTAINER_HOUR_PICO = PICO_PER_USD / 20n
const NO_TOKENS: TokenCounts = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 }

const COUNT_OF: Readonly<Record<TokenClass, keyof TokenCounts>> = {
  input: 'input',
  cache_write_5m: 'cacheWrite5m',
  cache_write_1h: 'cacheWrite1h',
  cache_read: 'cacheRead',
  output: 'output',
}

/** Until when the bill is complete but for late postings, epoch milliseconds: a whole hour. */
export function billedUntil(now: number): number {
  return Math.floor((now - BILL_DELAY_MS) / HOUR_MS) * HOUR_MS
}

/**
 * The lines of the bill for what was asked from inclusive, to exclusive, as it stands at `now`. Epoch milliseconds.
 */
export function costsBetween(
  { requestsBetween, pricing, since }: Billable,
  from: number,
  to: number,
  now: number,
): DemoCost[] {
  const until = billedUntil(now)
  const end = Math.min(to, until)
  const posted = requestsBetween(from, end).filter(({ time, id }) => time + lateness(id) < until)
  return [...posted.flatMap((request) => costsOf(request, pricing)), ...corrections(since, from, end, now)]
}

/** Milliseconds. */
function lateness(id: string): number {
  const random = createRandom(`late ${id}`)
  return random.chance(LATE_SHARE) ? random.within(LATE_HOURS) * HOUR_MS : 0
}

/** Everything a request is billed for. Tokens of the priority tier are paid by contract and stand on no bill. */
function costsOf(request: DemoRequest, pricing: Pricing): DemoCost[] {
  const { time, labels, tokens, webSearches, containerHours } = request
  const query = {
    source: 'claude-code',
    model: labels.model,
    time,
    terms: { speed: 'standard', usInference: false, tier: labels.serviceTier === 'batch' ? 'batch' : 'standard' },
    recorded: null,
  } as const
  const costs: DemoCost[] = []
  const rate = labels.serviceTier === 'priority' ? null : pricing.price({ ...query, tokens, webSearches: 0 }).rate
  for (const tokenType of rate === null ? [] : TOKEN_CLASSES) {
    const count = tokens[COUNT_OF[tokenType]]
    const price = rate?.pico[tokenType] ?? null
    if (count === 0 || price === null) continue
    costs.push({ time, labels, costType: 'tokens', tokenType, ...billed(labels, BigInt(count) * BigInt(price)) })
  }
  if (webSearches > 0) {
    const fee = BigInt(pricing.price({ ...query, tokens: NO_TOKENS, webSearches }).cost)
    costs.push(feeOf(request, 'web_search', fee))
  }
  if (containerHours > 0) {
    costs.push(feeOf(request, 'code_execution', BigInt(containerHours) * CONTAINER_HOUR_PICO))
  }
  return costs
}

/** What is not of tokens is billed without model, tier and window. */
function feeOf({ time, labels }: DemoRequest, costType: string, listPico: bigint): DemoCost {
  const plain = { ...labels, model: 'none', serviceTier: 'none', contextWindow: 'none' }
  return { time, labels: plain, costType, tokenType: 'none', ...billed(labels, listPico) }
}

function billed({ workspaceId }: ApiLabels, listPico: bigint): Pick<DemoCost, 'listPico' | 'amountPico'> {
  return { listPico, amountPico: (listPico * (PAID_PERCENT.get(workspaceId) ?? 100n)) / 100n }
}

/** Money that was given back for a day on which a service was at fault; known when its costs have settled. */
function corrections(since: number, from: number, to: number, now: number): DemoCost[] {
  const found: DemoCost[] = []
  for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day++) {
    const time = day * DAY_MS + CORRECTION_HOUR * HOUR_MS
    const isDue = day % CORRECTION_EVERY_DAYS === CORRECTION_DAY && time + POSTING_MS <= now
    if (!isDue || time < Math.max(from, since) || time >= to) continue
    found.push({
      time,
      labels: {
        workspaceId: WORKSPACES.production,
        apiKeyId: KEYS.chat,
        model: 'claude-sonnet-5-5',
        serviceTier: 'standard',
        contextWindow: '0-200k',
      },
      costType: 'tokens',
      tokenType: 'output',
      listPico: CORRECTION_PICO,
      amountPico: CORRECTION_PICO,
    })
  }
  return found
}
