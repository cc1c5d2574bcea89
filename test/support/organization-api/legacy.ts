import { type Context, type Endpoint, visible } from './context.ts'
import { badRequest } from './failure.ts'
import { allowOnly, cents, choice, groupsOf, instant, iso, limitOf, pageOf, requiredInstant } from './query.ts'
import { groupBy, tokenFields, tokenType, totalOf } from './slices.ts'
import type { CostPart, TokenKind, TruthRecord } from './truth.ts'

const WIDTHS = { '1m': 60_000, '1h': 3_600_000, '1d': 86_400_000 } as const
const LIMITS = { '1m': [60, 1440], '1h': [24, 168], '1d': [7, 31] } as const
const RANGE = ['starting_at', 'ending_at', 'bucket_width', 'limit', 'page', 'group_by[]']

type Dimensions = Readonly<Record<string, (slice: TruthRecord) => string | null>>

const DIMENSIONS: Dimensions = {
  account_id: () => null,
  api_key_id: (slice) => slice.apiKeyId,
  context_window: (slice) => slice.contextWindow,
  inference_geo: (slice) => slice.inferenceGeo ?? 'not_available',
  model: (slice) => slice.model,
  service_account_id: () => null,
  service_tier: (slice) => slice.serviceTier,
  workspace_id: (slice) => slice.workspaceId,
}

const FILTERS: Dimensions = {
  'api_key_ids[]': (slice) => slice.apiKeyId,
  'workspace_ids[]': (slice) => slice.workspaceId,
  'models[]': (slice) => slice.model,
  'context_window[]': (slice) => slice.contextWindow,
  'service_tiers[]': (slice) => slice.serviceTier,
  'inference_geos[]': (slice) => slice.inferenceGeo ?? 'not_available',
}

/** `GET /v1/organizations/usage_report/messages` */
export const legacyUsage: Endpoint = (url, context) => {
  allowOnly(url, [...RANGE, ...Object.keys(FILTERS)])
  const groups = groupsOf(url, Object.keys(DIMENSIONS))
  return buckets(url, context, choice(url, 'bucket_width', ['1m', '1h', '1d'], '1d'), (slices) => {
    const kept = slices.filter((slice) => passes(url, slice))
    return [...groupBy(kept, (slice) => keyOf(slice, groups)).values()].map((group) => ({
      ...tokenFields(totalOf(group)),
      ...dimensionsOf(group[0], groups),
    }))
  })
}

/** `GET /v1/organizations/cost_report` */
export const legacyCost: Endpoint = (url, context) => {
  allowOnly(url, RANGE)
  const groups = groupsOf(url, ['workspace_id', 'description'])
  return buckets(url, context, choice(url, 'bucket_width', ['1d'], '1d'), (slices) => {
    const lines = slices.flatMap((slice) => slice.costs.map((cost) => ({ slice, cost })))
    const described = groups.includes('description')
    const byWorkspace = groups.includes('workspace_id')
    const grouped = groupBy(lines, ({ slice, cost }) =>
      JSON.stringify([byWorkspace && slice.workspaceId, described && description(slice, cost)]),
    )
    return [...grouped.values()].map((group) => ({
      amount: cents(group.reduce((sum, { cost }) => sum + cost.amountPico, 0n)),
      currency: 'USD',
      workspace_id: byWorkspace ? (group[0]?.slice.workspaceId ?? null) : null,
      ...costFields(described ? group[0] : undefined),
    }))
  })
}

function buckets(
  url: URL,
  context: Context,
  width: keyof typeof WIDTHS,
  results: (slices: readonly TruthRecord[]) => readonly unknown[],
): Record<string, unknown> {
  const ms = WIDTHS[width]
  const snap = (at: number): number => Math.floor(at / ms) * ms
  const [fallback, maximum] = LIMITS[width]
  const limit = Math.min(limitOf(url, fallback, maximum), context.pageSize)
  const from = snap(requiredInstant(url, 'starting_at'))
  const to = snap(instant(url, 'ending_at') ?? context.now)
  if (to <= from) throw badRequest('Invalid date range: ending date must be after starting date')
  const starts: number[] = []
  for (let at = from; at < to && at <= context.now; at += ms) starts.push(at)
  const { items, next } = pageOf(url, starts, limit)
  const first = items[0] ?? to
  const slices = visible(context, first, first + items.length * ms, context.now - context.legacyDelayMs)
  const byBucket = groupBy(slices, (slice) => String(snap(slice.start)))
  return {
    data: items.map((at) => ({
      starting_at: iso(at),
      ending_at: iso(at + ms),
      results: results(byBucket.get(String(at)) ?? []),
    })),
    has_more: next !== null,
    next_page: next,
  }
}

function passes(url: URL, slice: TruthRecord): boolean {
  return Object.entries(FILTERS).every(([name, value]) => {
    const wanted = url.searchParams.getAll(name)
    return wanted.length === 0 || wanted.includes(value(slice) ?? '')
  })
}

function keyOf(slice: TruthRecord, groups: readonly string[]): string {
  return JSON.stringify(groups.map((group) => DIMENSIONS[group]?.(slice)))
}

function dimensionsOf(slice: TruthRecord | undefined, groups: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(DIMENSIONS).map(([name, value]) => [
      name,
      slice !== undefined && groups.includes(name) ? value(slice) : null,
    ]),
  )
}

function costFields(line: { slice: TruthRecord; cost: CostPart } | undefined): Record<string, string | null> {
  const ofTokens = line !== undefined && line.cost.kind !== null ? line : undefined
  return {
    description: line === undefined ? null : description(line.slice, line.cost),
    cost_type: line === undefined ? null : ofTokens === undefined ? 'web_search' : 'tokens',
    token_type: tokenType(ofTokens?.cost.kind ?? null),
    model: ofTokens?.slice.model ?? null,
    service_tier: ofTokens?.slice.serviceTier ?? null,
    context_window: ofTokens?.slice.contextWindow ?? null,
    inference_geo: ofTokens === undefined ? null : (ofTokens.slice.inferenceGeo ?? 'not_available'),
  }
}

function description(slice: TruthRecord, cost: CostPart): string {
  if (cost.kind === null) return 'Web Search Usage'
  const model = slice.model
    .replace(/-(\d+)-(\d+)$/, ' $1.$2')
    .split(/[- ]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
  const extras = [
    slice.serviceTier === 'batch' ? ', Batch' : '',
    slice.contextWindow === '0-200k' ? '' : ', Long Context',
    slice.inferenceGeo === 'us' ? ', US Inference' : '',
  ]
  return `${model} Usage - ${TOKEN_WORDS[cost.kind]}${extras.join('')}`
}

const TOKEN_WORDS: Readonly<Record<TokenKind, string>> = {
  input: 'Input Tokens',
  cacheWrite5m: 'Input Tokens, Cache Write (5m)',
  cacheWrite1h: 'Input Tokens, Cache Write (1h)',
  cacheRead: 'Input Tokens, Cache Hit',
  output: 'Output Tokens',
}
