import type { WorkspaceName } from '../../../core/organization.ts'
import type { StoredDirectory } from '../../organization.ts'
import { fromOptionalAmount } from '../amount.ts'
import type { Rows } from '../store.ts'
import { compareTextLists, compareTexts } from '../text.ts'

/** Directories of all organisations, sorted, and so are their lists. */
export async function readDirectories(rows: Rows): Promise<StoredDirectory[]> {
  const workspaces = await readWorkspaces(rows)
  const apiKeys = await readApiKeys(rows)
  const rateLimits = await readRateLimits(rows)
  const spendLimits = await readSpendLimits(rows)
  const found = await rows.all('SELECT organization, id, name, sees_spend_limits, read_at FROM organization')
  return found
    .map(([name, id, title, seesSpendLimits, readAt]) => {
      const organization = String(name)
      return {
        organization,
        id: String(id),
        name: String(title),
        readAt: Number(readAt),
        workspaces: workspaces(organization),
        apiKeys: apiKeys(organization),
        rateLimits: rateLimits(organization),
        spendLimits: Number(seesSpendLimits) === 1 ? spendLimits(organization) : null,
      }
    })
    .sort((a, b) => compareTexts(a.organization, b.organization))
}

type ByOrganization<T> = (organization: string) => readonly T[]

async function readWorkspaces(rows: Rows): Promise<ByOrganization<WorkspaceName>> {
  const found = await rows.all('SELECT organization, id, name, status FROM workspace')
  const entries = found.map(([organization, id, name, status]) => ({
    organization: String(organization),
    entry: { id: String(id), name: String(name), status: String(status) as WorkspaceName['status'] },
  }))
  return grouped(entries, ({ id }) => [id])
}

async function readApiKeys(rows: Rows) {
  const found = await rows.all('SELECT organization, id, name, status, workspace_id FROM api_key')
  const entries = found.map(([organization, id, name, status, workspace]) => ({
    organization: String(organization),
    entry: { id: String(id), name: String(name), status: String(status), workspaceId: String(workspace) },
  }))
  return grouped(entries, ({ id }) => [id])
}

async function readRateLimits(rows: Rows) {
  const found = await rows.all('SELECT organization, workspace_id, applies_to, limiter, value FROM rate_limit')
  const entries = found.map(([organization, workspace, group, limiter, value]) => ({
    organization: String(organization),
    entry: { workspaceId: String(workspace), group: String(group), limiter: String(limiter), value: Number(value) },
  }))
  return grouped(entries, ({ workspaceId, group, limiter }) => [workspaceId, group, limiter])
}

async function readSpendLimits(rows: Rows) {
  const found = await rows.all(
    `SELECT organization, id, scope, scope_id, period, limit_usd, limit_pico, spent_usd, spent_pico FROM spend_limit`,
  )
  const entries = found.map(([organization, id, scope, scopeId, period, ...amounts]) => ({
    organization: String(organization),
    entry: {
      id: String(id),
      scope: String(scope),
      scopeId: String(scopeId),
      period: String(period),
      limitPico: fromOptionalAmount(amounts[0], amounts[1]),
      spentPico: fromOptionalAmount(amounts[2], amounts[3]),
    },
  }))
  return grouped(entries, ({ id }) => [id])
}

function grouped<T>(
  entries: readonly { readonly organization: string; readonly entry: T }[],
  sortBy: (entry: T) => readonly string[],
): ByOrganization<T> {
  const groups = new Map<string, T[]>()
  for (const { organization, entry } of entries) {
    const group = groups.get(organization) ?? []
    groups.set(organization, group)
    group.push(entry)
  }
  for (const group of groups.values()) group.sort((a, b) => compareTextLists(sortBy(a), sortBy(b)))
  return (organization) => groups.get(organization) ?? []
}
