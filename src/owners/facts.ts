import { DEFAULT_WORKSPACE } from '../core/organization.ts'
import type { OwnerFacts } from '../core/owner.ts'
import type { StoredDirectory } from '../ledger/organization.ts'

/** What the bill says where there is no workspace or key, or none is told. */
const NOBODY: ReadonlySet<string> = new Set(['', 'none', 'unknown'])

interface BilledLabels {
  readonly organization: string
  readonly workspaceId: string
  readonly apiKeyId: string
}

export function usageFacts(label: {
  readonly source: string
  readonly agent: string
  readonly project: string
  readonly machine: string
}): OwnerFacts {
  const { source, agent, project, machine } = label
  return { source: [source], agent: [agent], project: [project], machine: [machine] }
}

/** Makes a function that knows workspaces and keys by their ids and by the names the directories have for them now. */
export function billedFacts(directories: readonly StoredDirectory[]): (labels: BilledLabels) => OwnerFacts {
  const names = new Map<string, string>()
  for (const { organization, workspaces, apiKeys } of directories) {
    for (const { id, name } of [...workspaces, ...apiKeys]) names.set(JSON.stringify([organization, id]), name)
  }
  const valuesOf = (organization: string, id: string) => {
    if (NOBODY.has(id)) return []
    const name = names.get(JSON.stringify([organization, id]))
    return name === undefined ? [id] : [id, name]
  }
  return ({ organization, workspaceId, apiKeyId }) => ({
    organization: [organization],
    workspace:
      workspaceId === DEFAULT_WORKSPACE.id
        ? [workspaceId, DEFAULT_WORKSPACE.name]
        : valuesOf(organization, workspaceId),
    api_key: valuesOf(organization, apiKeyId),
  })
}

/** True for cost of the organisation as a whole: of no workspace and no key. */
export function isOrganizationWide({ workspaceId, apiKeyId }: BilledLabels): boolean {
  return NOBODY.has(workspaceId) && NOBODY.has(apiKeyId)
}
