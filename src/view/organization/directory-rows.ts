import { DEFAULT_WORKSPACE } from '../../core/organization.ts'
import type { StoredDirectory } from '../../ledger/organization.ts'
import { labelValue } from '../labels.ts'
import type { ApiKeyInfo, DirectoryPart, RateLimitRow, SpendLimitRow, WorkspaceInfo } from './part.ts'

/**
 * Names and limits as label sets, each id once: two rows for one id would break every join with them. `workspaceIds`
 * are those that use or cost occurred in.
 */
export function directoryRows(
  organization: string,
  directory: StoredDirectory | undefined,
  workspaceIds: Iterable<string>,
): DirectoryPart {
  const workspaces = (directory?.workspaces ?? []).map(
    ({ id, name, status }): WorkspaceInfo => ({
      organization,
      workspace_id: labelValue(id),
      workspace_name: labelValue(name),
      status: labelValue(status),
    }),
  )
  if (new Set(workspaceIds).has(DEFAULT_WORKSPACE.id)) workspaces.push(defaultWorkspace(organization))
  const apiKeys = (directory?.apiKeys ?? []).map(
    ({ id, name, status, workspaceId }): ApiKeyInfo => ({
      organization,
      api_key_id: labelValue(id),
      api_key_name: labelValue(name),
      workspace_id: labelValue(workspaceId),
      status: labelValue(status),
    }),
  )
  return {
    info:
      directory === undefined
        ? null
        : {
            organization,
            organization_id: labelValue(directory.id),
            organization_name: labelValue(directory.name),
          },
    workspaces: unique(workspaces, (row) => [row.workspace_id]),
    apiKeys: unique(apiKeys, (row) => [row.api_key_id]),
    rateLimits: directory === undefined ? [] : rateLimitRows(directory),
    spendLimits: directory === undefined ? [] : spendLimitRows(directory),
  }
}

function defaultWorkspace(organization: string): WorkspaceInfo {
  const { id, name } = DEFAULT_WORKSPACE
  return { organization, workspace_id: id, workspace_name: name, status: 'active' }
}

function rateLimitRows({ organization, rateLimits }: StoredDirectory): RateLimitRow[] {
  const rows = rateLimits.map(({ workspaceId, group, limiter, value }) => ({
    labels: {
      organization,
      workspace_id: labelValue(workspaceId),
      group: labelValue(group),
      limiter: labelValue(limiter),
    },
    value,
  }))
  return unique(rows, ({ labels }) => [labels.workspace_id, labels.group, labels.limiter])
}

function spendLimitRows({ organization, spendLimits }: StoredDirectory): SpendLimitRow[] {
  const rows = (spendLimits ?? []).map(({ id, scope, scopeId, period, limitPico, spentPico }) => ({
    labels: {
      organization,
      spend_limit_id: labelValue(id),
      scope: labelValue(scope),
      scope_id: labelValue(scopeId),
      period: labelValue(period),
    },
    limitPico,
    spentPico,
  }))
  return unique(rows, ({ labels }) => [labels.spend_limit_id])
}

/** The first row of each key. */
function unique<Row>(rows: readonly Row[], key: (row: Row) => readonly string[]): Row[] {
  const first = new Map<string, Row>()
  for (const row of rows) {
    const text = JSON.stringify(key(row))
    if (!first.has(text)) first.set(text, row)
  }
  return [...first.values()]
}
