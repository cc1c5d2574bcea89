import { type Context, type Endpoint, visible } from './context.ts'
import { badRequest } from './failure.ts'
import {
  allowOnly,
  cents,
  choice,
  compare,
  groupsOf,
  instant,
  iso,
  limitOf,
  type PageOf,
  pageOf,
  requiredInstant,
} from './query.ts'
import { groupBy, tokenFields, tokenType, totalOf } from './slices.ts'
import { DEFAULT_WORKSPACE } from './streams.ts'
import { TOKEN_KINDS, type TruthRecord } from './truth.ts'

const DAY_MS = 86_400_000
const WIDTHS: Readonly<Record<string, number>> = { '1m': 60_000, '1h': 3_600_000, '1d': DAY_MS }

/** Dimensions that this organisation has no use of are null even where they are grouped. */
const DIMENSIONS: Readonly<Record<string, (slice: TruthRecord) => string | null>> = {
  ...Object.fromEntries(
    (
      'actor actor_type agent_id claude_tag_category claude_tag_user_id deployment_id environment_id ' +
      'organization_id rbac_group_id session_id slack_channel_id speed user_profile_id'
    )
      .split(' ')
      .map((name) => [name, () => null]),
  ),
  api_key_id: (slice) => slice.apiKeyId,
  context_window: (slice) => slice.contextWindow,
  inference_geo: (slice) => slice.inferenceGeo,
  model: (slice) => slice.model,
  product: (slice) =>
    slice.apiKeyId === null ? 'claude_console' : slice.serviceTier === 'batch' ? 'message_batches_api' : 'messages_api',
  service_tier: (slice) => slice.serviceTier,
  workspace_id: (slice) => slice.workspaceId ?? DEFAULT_WORKSPACE,
}

const FILTERED = ['api_key_id', 'context_window', 'inference_geo', 'model', 'product', 'service_tier', 'workspace_id']
const PARAMETERS = [
  ...['starting_at', 'ending_at', 'time_bucket_width', 'group_by[]', 'order_by', 'order', 'limit', 'page'],
  ...FILTERED.map((name) => `${name}s[]`),
]

interface Group {
  readonly from: number
  readonly to: number
  readonly slices: readonly TruthRecord[]
  readonly key: string
}

/** `GET /v1/organizations/analytics/usage` */
export const analyticsUsage: Endpoint = (url, context) => {
  const groups = groupsOf(url, Object.keys(DIMENSIONS))
  const orders = ['total_tokens', 'output_tokens', 'uncached_input_tokens', 'requests', 'time'] as const
  const order = choice(url, 'order_by', orders, 'total_tokens')
  const page = ranked(url, context, groups, order === 'time', (slices) => {
    const total = totalOf(slices)
    if (order === 'output_tokens') return total.tokens.output
    if (order === 'uncached_input_tokens') return total.tokens.input
    return order === 'requests' ? total.requests : allTokens(slices)
  })
  const rows = page.items.map(({ from, to, slices }) => ({
    starting_at: iso(from),
    ending_at: iso(to),
    group: groupOf(slices[0], groups),
    usage: {
      ...tokenFields(totalOf(slices)),
      requests: totalOf(slices).requests,
      total_tokens: allTokens(slices),
    },
  }))
  return report(rows, page, context)
}

/** `GET /v1/organizations/analytics/cost` */
export const analyticsCost: Endpoint = (url, context) => {
  const groups = groupsOf(url, Object.keys(DIMENSIONS), ['cost_type', 'token_type'])
  const order = choice(url, 'order_by', ['amount', 'list_amount', 'time'], 'amount')
  const page = ranked(url, context, groups, order === 'time', (slices) => {
    const total = totalOf(slices)
    return order === 'list_amount' ? total.listPico : total.amountPico
  })
  const byCostType = groups.includes('cost_type')
  const byTokenType = groups.includes('token_type')
  const rows = page.items.flatMap(({ from, to, slices }) => {
    const lines = groupBy(
      slices.flatMap((slice) => slice.costs),
      (cost) => `${byCostType && cost.kind === null} ${byTokenType && cost.kind}`,
    )
    return [...lines.values()].map((costs) => ({
      starting_at: iso(from),
      ending_at: iso(to),
      group: {
        ...groupOf(slices[0], groups),
        cost_type: byCostType ? (costs[0]?.kind === null ? 'web_search' : 'tokens') : null,
        token_type: byTokenType ? tokenType(costs[0]?.kind ?? null) : null,
      },
      cost: {
        amount: cents(costs.reduce((sum, cost) => sum + cost.amountPico, 0n)),
        list_amount: cents(costs.reduce((sum, cost) => sum + cost.listPico, 0n)),
        currency: 'USD',
        requests: byCostType || byTokenType ? null : totalOf(slices).requests,
      },
    }))
  })
  return report(rows, page, context)
}

function report(rows: readonly unknown[], page: PageOf<Group>, context: Context): Record<string, unknown> {
  return {
    data: rows,
    has_more: page.next !== null,
    next_page: page.next,
    data_refreshed_at: iso(refreshedAt(context)),
  }
}

function refreshedAt(context: Context): number {
  return Math.floor((context.now - context.analyticsDelayMs) / 60_000) * 60_000
}

function ranked(
  url: URL,
  context: Context,
  groups: readonly string[],
  byTime: boolean,
  rank: (slices: readonly TruthRecord[]) => number | bigint,
): PageOf<Group> {
  allowOnly(url, PARAMETERS)
  const direction = choice(url, 'order', ['asc', 'desc'], 'desc') === 'asc' ? 1 : -1
  const limit = Math.min(limitOf(url, 20, 1000), context.pageSize)
  const { from, to, width } = rangeOf(url, context.now)
  const slices = visible(context, from, to, refreshedAt(context)).filter((slice) => passes(url, slice))
  const startOf = (slice: TruthRecord): number => (width === null ? from : Math.floor(slice.start / width) * width)
  const keyed = groupBy(slices, (slice) =>
    JSON.stringify([startOf(slice), ...groups.map((name) => DIMENSIONS[name]?.(slice))]),
  )
  const all = [...keyed].map(([key, group]) => {
    const start = group[0] === undefined ? from : startOf(group[0])
    const row: Group = { from: start, to: width === null ? to : start + width, slices: group, key }
    return { row, rank: byTime ? start : rank(group) }
  })
  all.sort((a, b) => direction * compare(a.rank, b.rank) || compare(a.row.key, b.row.key))
  return pageOf(
    url,
    all.map(({ row }) => row),
    limit,
  )
}

function rangeOf(url: URL, now: number): { from: number; to: number; width: number | null } {
  const name = choice(url, 'time_bucket_width', ['1m', '1h', '1d', ''], '')
  const width = name === '' ? null : (WIDTHS[name] ?? null)
  const snap = (at: number): number => Math.floor(at / (width ?? 3_600_000)) * (width ?? 3_600_000)
  const from = snap(requiredInstant(url, 'starting_at'))
  const ending = instant(url, 'ending_at')
  if (ending === undefined && width !== null) throw badRequest('ending_at: required with time_bucket_width')
  const to = snap(ending ?? Math.min(now, from + 31 * DAY_MS))
  if (to <= from) throw badRequest('Invalid date range: ending date must be after starting date')
  if (to - from > 31 * DAY_MS) throw badRequest('Invalid date range: at most 31 days per query')
  if (name === '1m' && to - from > DAY_MS) throw badRequest('Invalid date range: at most 24 hours with 1m buckets')
  if (from < Date.UTC(2026, 0, 1)) throw badRequest('starting_at: data is not available before 2026-01-01')
  if (from < Math.floor(now / DAY_MS) * DAY_MS - 365 * DAY_MS) {
    throw badRequest('starting_at: must be within the last 365 days')
  }
  return { from, to, width }
}

function passes(url: URL, slice: TruthRecord): boolean {
  return FILTERED.every((name) => {
    const wanted = url.searchParams.getAll(`${name}s[]`)
    return wanted.length === 0 || wanted.includes(DIMENSIONS[name]?.(slice) ?? '')
  })
}

function groupOf(slice: TruthRecord | undefined, groups: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(DIMENSIONS).map(([name, value]) => [
      name,
      slice !== undefined && groups.includes(name) ? value(slice) : null,
    ]),
  )
}

function allTokens(slices: readonly TruthRecord[]): number {
  const { tokens } = totalOf(slices)
  return TOKEN_KINDS.reduce((sum, kind) => sum + tokens[kind], 0)
}
