import type { Directory, WorkspaceName } from '../../../core/organization.ts'
import { addChanges, NO_CHANGES, type RowChanges } from '../../../core/sync-run.ts'
import type { StoredDirectory } from '../../organization.ts'
import type { Rows } from '../rows.ts'
import { fromOptionalAmount, toOptionalAmount } from './amount.ts'
import type { Work } from './database.ts'
import { API_KEYS, RATE_LIMITS, SPEND_LIMITS, saveList, WORKSPACES } from './directory-lists.ts'

/** Makes the stored directory what it is now. Counts its entries, the organisation itself among them. */
export function saveDirectory(work: Work, organization: string, directory: Directory, readAt: number): RowChanges {
  const { workspaces, apiKeys, rateLimits, spendLimits } = directory
  return [
    saveOrganization(work, organization, directory, readAt),
    saveList(
      work,
      organization,
      WORKSPACES,
      workspaces.map(({ id, status, name }) => [id, status, name]),
    ),
    saveList(
      work,
      organization,
      API_KEYS,
      apiKeys.map(({ id, status, name, workspaceId }) => [id, status, name, workspaceId]),
    ),
    saveList(
      work,
      organization,
      RATE_LIMITS,
      rateLimits.map(({ workspaceId, group, limiter, value }) => [workspaceId, group, limiter, value]),
    ),
    saveList(
      work,
      organization,
      SPEND_LIMITS,
      (spendLimits ?? []).map(({ id, scope, scopeId, period, limitPico, spentPico }) => [
        id,
        scope,
        scopeId,
        period,
        ...toOptionalAmount(limitPico),
        ...toOptionalAmount(spentPico),
      ]),
    ),
  ].reduce(addChanges)
}

function saveOrganization(
  { rows, run }: Work,
  organization: string,
  { id, name, spendLimits }: Directory,
  readAt: number,
): RowChanges {
  const old = rows.one('SELECT id, name FROM organization WHERE organization = ?', organization)
  run(
    `INSERT INTO organization(organization, id, name, sees_spend_limits, read_at) VALUES(?, ?, ?, ?, ?)
     ON CONFLICT(organization) DO UPDATE SET id = excluded.id, name = excluded.name,
       sees_spend_limits = excluded.sees_spend_limits, read_at = excluded.read_at`,
    organization,
    id,
    name,
    spendLimits === null ? 0 : 1,
    readAt,
  )
  const one = { ...NO_CHANGES, fetched: 1 }
  if (old === undefined) return { ...one, added: 1 }
  return old[0] === id && old[1] === name ? { ...one, unchanged: 1 } : { ...one, changed: 1 }
}

/** Directories of all organisations, sorted, and so are their lists. */
export function readDirectories(rows: Rows): StoredDirectory[] {
  return rows
    .all('SELECT organization, id, name, sees_spend_limits, read_at FROM organization')
    .map(([name, id, title, seesSpendLimits, readAt]) => {
      const organization = String(name)
      return {
        organization,
        id: String(id),
        name: String(title),
        readAt: Number(readAt),
        workspaces: readWorkspaces(rows, organization),
        apiKeys: readApiKeys(rows, organization),
        rateLimits: readRateLimits(rows, organization),
        spendLimits: Number(seesSpendLimits) === 1 ? readSpendLimits(rows, organization) : null,
      }
    })
    .sort((a, b) => (a.organization < b.organization ? -1 : 1))
}

function readWorkspaces(rows: Rows, organization: string): WorkspaceName[] {
  return rows
    .all('SELECT id, name, status FROM workspace WHERE organization = ? ORDER BY id', organization)
    .map(([id, name, status]) => ({
      id: String(id),
      name: String(name),
      status: String(status) as WorkspaceName['status'],
    }))
}

function readApiKeys(rows: Rows, organization: string) {
  return rows
    .all('SELECT id, name, status, workspace_id FROM api_key WHERE organization = ? ORDER BY id', organization)
    .map(([id, name, status, workspace]) => ({
      id: String(id),
      name: String(name),
      status: String(status),
      workspaceId: String(workspace),
    }))
}

function readRateLimits(rows: Rows, organization: string) {
  return rows
    .all(
      `SELECT workspace_id, applies_to, limiter, value FROM rate_limit WHERE organization = ?
       ORDER BY workspace_id, applies_to, limiter`,
      organization,
    )
    .map(([workspace, group, limiter, value]) => ({
      workspaceId: String(workspace),
      group: String(group),
      limiter: String(limiter),
      value: Number(value),
    }))
}

function readSpendLimits(rows: Rows, organization: string) {
  return rows
    .all(
      `SELECT id, scope, scope_id, period, limit_usd, limit_pico, spent_usd, spent_pico FROM spend_limit
       WHERE organization = ? ORDER BY id`,
      organization,
    )
    .map(([id, scope, scopeId, period, limitUsd, limitPico, spentUsd, spentPico]) => ({
      id: String(id),
      scope: String(scope),
      scopeId: String(scopeId),
      period: String(period),
      limitPico: fromOptionalAmount(limitUsd, limitPico),
      spentPico: fromOptionalAmount(spentUsd, spentPico),
    }))
}
