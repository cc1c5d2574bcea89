import type { Directory } from '../../../core/organization.ts'
import { addChanges, NO_CHANGES, type RowChanges } from '../../../core/sync-run.ts'
import { toOptionalAmount } from '../amount.ts'
import type { Db } from '../store.ts'
import { API_KEYS, RATE_LIMITS, SPEND_LIMITS, saveList, WORKSPACES } from './directory-lists.ts'

/** Makes the stored directory what it is now. Counts its entries, the organisation itself among them. */
export async function saveDirectory(
  db: Db,
  organization: string,
  directory: Directory,
  readAt: number,
): Promise<RowChanges> {
  const { workspaces, apiKeys, rateLimits, spendLimits } = directory
  const lists = [
    { list: WORKSPACES, entries: workspaces.map(({ id, status, name }) => [id, status, name]) },
    { list: API_KEYS, entries: apiKeys.map(({ id, status, name, workspaceId }) => [id, status, name, workspaceId]) },
    {
      list: RATE_LIMITS,
      entries: rateLimits.map(({ workspaceId, group, limiter, value }) => [workspaceId, group, limiter, value]),
    },
    {
      list: SPEND_LIMITS,
      entries: (spendLimits ?? []).map(({ id, scope, scopeId, period, limitPico, spentPico }) => [
        id,
        scope,
        scopeId,
        period,
        ...toOptionalAmount(limitPico),
        ...toOptionalAmount(spentPico),
      ]),
    },
  ]
  let changes = await saveOrganization(db, organization, directory, readAt)
  for (const { list, entries } of lists) changes = addChanges(changes, await saveList(db, organization, list, entries))
  return changes
}

async function saveOrganization(
  db: Db,
  organization: string,
  { id, name, spendLimits }: Directory,
  readAt: number,
): Promise<RowChanges> {
  const old = await db.one('SELECT id, name FROM organization WHERE organization = ?', organization)
  await db.run(
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
