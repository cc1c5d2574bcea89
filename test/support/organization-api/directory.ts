import type { Context, Endpoint } from './context.ts'
import { ApiFailure, badRequest } from './failure.ts'
import { allowOnly, cents, iso, limitOf, pageOf } from './query.ts'
import { API_KEYS, ORGANIZATION, WORKSPACES } from './streams.ts'
import { sumTruth } from './truth-sums.ts'

const CREATED = '2026-01-05T09:00:00Z'
const MODELS = ['claude-opus-4-8', 'claude-sonnet-4-6', 'claude-haiku-4-5']

/** `GET /v1/organizations/me` */
export const me: Endpoint = () => ({ ...ORGANIZATION, type: 'organization' })

/** `GET /v1/organizations/workspaces` */
export const workspaces: Endpoint = (url, context) => {
  allowOnly(url, ['limit', 'after_id', 'before_id', 'include_archived', 'include_default', 'ids[]'])
  const on = (name: string): boolean => url.searchParams.get(name) === 'true'
  const ids = url.searchParams.getAll('ids[]')
  const shown = WORKSPACES.filter(
    ({ id, name, archived }) =>
      (!archived || on('include_archived')) &&
      (name !== 'Default' || on('include_default')) &&
      (ids.length === 0 || ids.includes(id)),
  )
  return idPage(
    url,
    context,
    shown.map(({ id, name, archived }) => ({
      type: 'workspace',
      id,
      name,
      archived_at: archived ? '2026-06-01T12:00:00Z' : null,
      created_at: CREATED,
      display_color: '#6C5BB9',
      compartment_id: 'cmpt_01Example',
      data_residency: { allowed_inference_geos: 'unrestricted', default_inference_geo: 'global', workspace_geo: 'us' },
      external_key_id: null,
      tags: {},
      user_profile_id: null,
    })),
  )
}

/** `GET /v1/organizations/api_keys` */
export const apiKeys: Endpoint = (url, context) => {
  allowOnly(url, ['limit', 'after_id', 'before_id', 'status', 'workspace_id', 'created_by_user_id'])
  const status = url.searchParams.get('status')
  return idPage(
    url,
    context,
    API_KEYS.filter((key) => status === null || key.status === status).map(({ id, name, status, workspaceId }) => ({
      type: 'api_key',
      id,
      name,
      status,
      created_at: CREATED,
      created_by: { id: 'user_01Example', type: 'user' },
      expires_at: null,
      partial_key_hint: 'sk-ant-api03-R2D...igAA',
      principal: null,
      ...(isOld(context)
        ? { workspace_id: workspaceId === WORKSPACES[0].id ? null : workspaceId }
        : {
            scope: workspaceId === null ? { type: 'organization' } : { type: 'workspace', workspace_id: workspaceId },
          }),
    })),
  )
}

/** `GET /v1/organizations/rate_limits` */
export const rateLimits: Endpoint = (url, context) => {
  allowOnly(url, ['limit', 'page', 'model', 'group_type'])
  const model = url.searchParams.get('model')
  if (model !== null && !MODELS.includes(model)) throw new ApiFailure(404, `model: ${model} not found`)
  const type = url.searchParams.get('group_type')
  return cursorPage(
    url,
    context,
    RATE_LIMITS.filter((limit) => type === null || limit.group.type === type)
      .filter((limit) => model === null || limit.models?.includes(model))
      .map(({ id, group, models, limits }) => ({
        type: 'rate_limit',
        ...(isOld(context) ? { group_type: group.type } : { id, group }),
        models,
        limits,
      })),
  )
}

/** `GET /v1/organizations/workspaces/{id}/rate_limits` */
export function workspaceRateLimits(id: string): Endpoint {
  return (url, context) => {
    allowOnly(url, ['limit', 'page', 'group_type', 'include_inherited'])
    const workspace = WORKSPACES.find((one) => one.id === id)
    if (workspace === undefined) throw new ApiFailure(404, `workspace: ${id} not found`)
    const overridden = workspace.name === 'Shop'
    const inherited = url.searchParams.get('include_inherited') === 'true'
    const shown = RATE_LIMITS.filter((_, index) => inherited || (overridden && index === 0))
    return cursorPage(
      url,
      context,
      shown.map(({ id: rateLimitId, group, models, limits }, index) => ({
        type: 'workspace_rate_limit',
        ...(isOld(context) ? { group_type: group.type } : { rate_limit_id: rateLimitId, group }),
        workspace_id: id,
        models,
        limits: limits.map(({ type, value }) => {
          const own = overridden && index === 0
          return {
            type,
            value: own ? value / 4 : value,
            org_limit: value,
            source: { type: own ? 'workspace' : 'organization' },
          }
        }),
      })),
    )
  }
}

/** `GET /v1/organizations/spend_limits` */
export const spendLimits: Endpoint = (url, context) => {
  allowOnly(url, ['limit', 'page', 'scope_types[]', 'scope_type[]', 'period[]'])
  if (context.spendLimits === 'none') throw notForThisType()
  return cursorPage(url, context, [
    spendLimit('spl_01Tier', { type: 'usage_tier' }, '20000000'),
    spendLimit('spl_01Organization', { type: 'organization' }, '5000000'),
    spendLimit('spl_01Shop', { type: 'workspace', workspace_id: WORKSPACES[1].id }, '150000'),
    spendLimit('spl_01Research', { type: 'workspace', workspace_id: WORKSPACES[2].id }, null),
  ])
}

/** `GET /v1/organizations/spend_limits/effective` */
export const effectiveSpend: Endpoint = (url, context) => {
  allowOnly(url, ['limit', 'page', 'period[]', 'user_ids[]'])
  if (context.spendLimits !== 'effective') throw notForThisType()
  if (url.searchParams.getAll('user_ids[]').length > 100) throw badRequest('user_ids: at most 100 ids')
  const date = new Date(context.now)
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  const spent = sumTruth(context.truth, { from: month, to: context.now }).amountPico
  const user = {
    type: 'user_actor',
    user_id: 'user_01Ada',
    email_address: 'ada@example.com',
    name: 'Ada',
    deleted: false,
  }
  return cursorPage(url, context, [
    {
      actor: user,
      spend_limit_id: 'spl_01Ada',
      scope: { type: 'user', user_id: user.user_id },
      source: { type: 'organization' },
      amount: '50000',
      currency: 'USD',
      period: 'monthly',
      // The service gives at most three places here.
      period_to_date_spend: cents((spent / 10_000_000n) * 10_000_000n),
    },
  ])
}

export function notForThisType(): ApiFailure {
  return new ApiFailure(400, 'This endpoint is not available to this organization', 'organization_type_not_supported')
}

function idPage(url: URL, context: Context, all: readonly { readonly id: string }[]): Record<string, unknown> {
  const limit = Math.min(limitOf(url, 20, 1000), context.pageSize)
  const after = url.searchParams.get('after_id')
  const index = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1
  if (after !== null && index === 0) throw badRequest('after_id: not found')
  const data = all.slice(index, index + limit)
  return {
    data,
    has_more: index + limit < all.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  }
}

function cursorPage(url: URL, context: Context, all: readonly unknown[]): Record<string, unknown> {
  const { items, next } = pageOf(url, all, Math.min(limitOf(url, 100, 1000), context.pageSize))
  return { data: items, next_page: next }
}

function isOld(context: Context): boolean {
  return context.version < '2026-10-21'
}

function spendLimit(id: string, scope: unknown, amount: string | null): unknown {
  const dates = { created_at: CREATED, updated_at: iso(Date.parse(CREATED)) }
  return { type: 'spend_limit', id, scope, amount, currency: 'USD', period: 'monthly', is_enabled: true, ...dates }
}

const RATE_LIMITS = [
  {
    id: 'rlmt_01Opus',
    group: { id: 'rlg_01Opus', type: 'model_group', display_name: 'Claude Opus 4.x' },
    models: ['claude-opus-4-8'],
    limits: [
      { type: 'requests_per_minute', value: 4000 },
      { type: 'input_tokens_per_minute_cache_aware', value: 2_000_000 },
      { type: 'output_tokens_per_minute', value: 400_000 },
    ],
  },
  {
    id: 'rlmt_01Haiku',
    group: { id: 'rlg_01Haiku', type: 'model_group', display_name: 'Claude Haiku 4.x' },
    models: ['claude-haiku-4-5'],
    limits: [{ type: 'requests_per_minute', value: 4000 }],
  },
  {
    id: 'rlmt_01Batch',
    group: { id: 'rlg_01Batch', type: 'batch' },
    models: null,
    limits: [{ type: 'requests_per_minute', value: 1000 }],
  },
]
