import * as z from 'zod/mini'
import type { ApiKeyName, Directory, RateLimit, SpendLimit, WorkspaceName } from '../../core/organization.ts'
import { SyncError, type SyncFailure } from '../../core/sync-run.ts'
import type { Source } from './buckets.ts'
import { idPageOf, pageOf, readPages } from './pages.ts'
import { spendLimitOf, spendLimitRow } from './spend-limit.ts'
import { count, mergeRows, text, word } from './wire.ts'

const IDS_PER_PAGE = 1000

const organization = z.object({ id: word, name: text })

const workspace = z.object({ id: word, name: text, archived_at: z.nullish(z.string()) })

const apiKey = z.object({
  id: word,
  name: z.nullish(text),
  status: word,
  scope: z.nullish(z.object({ workspace_id: z.nullish(word) })),
})

const rateLimit = z.object({
  group: z.object({ type: word, display_name: z.nullish(word) }),
  limits: z.array(z.object({ type: word, value: count })),
})

/** Names and limits of the organisation. What it cannot see is empty; only `me` must answer. Rejects with SyncError. */
export async function readDirectory(source: Source): Promise<Directory> {
  const { transport, events, signal } = source
  const { id, name } = await transport.get({ path: 'me', query: {}, body: organization }, events, signal)
  return {
    id,
    name,
    workspaces: (await orElse(() => workspaces(source), ['permission', 'unsupported'])) ?? [],
    apiKeys: (await orElse(() => apiKeys(source), ['permission', 'unsupported'])) ?? [],
    rateLimits: (await orElse(() => rateLimits(source), ['permission', 'unsupported'])) ?? [],
    spendLimits: await orElse(() => spendLimits(source), ['permission', 'unsupported', 'bad_request']),
  }
}

async function orElse<T>(read: () => Promise<T>, invisible: readonly SyncFailure[]): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof SyncError && invisible.includes(error.reason)) return null
    throw error
  }
}

async function workspaces({ transport, events, signal }: Source): Promise<WorkspaceName[]> {
  const query = { include_archived: true, include_default: true, limit: IDS_PER_PAGE }
  const endpoint = { path: 'workspaces', query, body: idPageOf(workspace) }
  const rows: WorkspaceName[] = []
  for await (const page of readPages(transport, endpoint, 'after_id', events, signal)) {
    for (const { id, name, archived_at: archived } of page.data) {
      rows.push({ id, name, status: archived == null ? 'active' : 'archived' })
    }
  }
  return unique(rows)
}

async function apiKeys({ transport, events, signal }: Source): Promise<ApiKeyName[]> {
  const endpoint = { path: 'api_keys', query: { limit: IDS_PER_PAGE }, body: idPageOf(apiKey) }
  const rows: ApiKeyName[] = []
  for await (const page of readPages(transport, endpoint, 'after_id', events, signal)) {
    for (const { id, name, status, scope } of page.data) {
      rows.push({ id, name: name ?? '', status, workspaceId: scope?.workspace_id ?? 'none' })
    }
  }
  return unique(rows)
}

async function rateLimits({ transport, events, signal }: Source): Promise<RateLimit[]> {
  const endpoint = { path: 'rate_limits', query: {}, body: pageOf(rateLimit) }
  const rows: RateLimit[] = []
  for await (const page of readPages(transport, endpoint, 'page', events, signal)) {
    for (const { group, limits } of page.data) {
      const name = group.display_name ?? group.type
      for (const { type, value } of limits) rows.push({ workspaceId: 'none', group: name, limiter: type, value })
    }
  }
  // Two groups of one display name: the tighter limit is the one that is met first.
  const key = (row: RateLimit) => JSON.stringify([row.group, row.limiter])
  return mergeRows(rows, key, (a, b) => (b.value < a.value ? b : a))
}

async function spendLimits({ transport, events, signal }: Source): Promise<SpendLimit[]> {
  const headers = { 'anthropic-beta': 'spend-limit-reads-2026-09-26' }
  const endpoint = { path: 'spend_limits', query: {}, headers, body: pageOf(spendLimitRow) }
  const rows: SpendLimit[] = []
  for await (const page of readPages(transport, endpoint, 'page', events, signal)) {
    rows.push(...page.data.flatMap(spendLimitOf))
  }
  return unique(rows)
}

function unique<Row extends { readonly id: string }>(rows: readonly Row[]): Row[] {
  return mergeRows(
    rows,
    ({ id }) => id,
    (_, later) => later,
  )
}
