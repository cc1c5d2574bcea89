import { matchesScope } from '../../budgets/scope.ts'
import type { BudgetScope } from '../../core/budget.ts'
import { DEFAULT_WORKSPACE } from '../../core/organization.ts'
import type { ApiLabel } from '../../ledger/budgets.ts'
import type { StoredDirectory } from '../../ledger/organization.ts'
import { labelValue } from '../labels.ts'

/** Ids that mean something without a directory. */
const ID = /^(?:(?:wrkspc|apikey)_.*|none|default|\*)$/

/** What of the organisations' reports is in scope. */
export interface OrganizationScope {
  /** The organisations in it. */
  readonly organizations: readonly string[]
  /** Whether every name in it is known, so that nothing is missed because of a name. */
  readonly isNamed: boolean
  readonly matches: (label: ApiLabel) => boolean
}

/** Workspaces and keys match by id or by the name the directory has for them now. Only of these organisations. */
export function organizationScope(
  scope: BudgetScope,
  organizations: readonly string[],
  directories: readonly StoredDirectory[],
): OrganizationScope {
  const { organization: patterns } = scope
  const inScope = organizations.filter(
    (name) => patterns === undefined || matchesScope({ organization: patterns }, { organization: [name] }),
  )
  const known = directories.filter(({ organization }) => inScope.includes(organization))
  return {
    organizations: inScope,
    isNamed: areNamesKnown(scope, inScope, known),
    matches: matcher(scope, new Set(inScope), known),
  }
}

/** A name that was changed, or is not read yet, would count as nothing spent. */
function areNamesKnown(
  { workspace = [], api_key: apiKey = [] }: BudgetScope,
  organizations: readonly string[],
  directories: readonly StoredDirectory[],
): boolean {
  const names = [...workspace, ...apiKey].filter((pattern) => !ID.test(pattern))
  if (names.length === 0) return true
  const known = new Set<string>([DEFAULT_WORKSPACE.name])
  for (const { workspaces, apiKeys } of directories) {
    for (const { id, name } of [...workspaces, ...apiKeys]) known.add(labelValue(id)).add(labelValue(name))
  }
  return directories.length >= organizations.length && names.every((name) => name.includes('*') || known.has(name))
}

function matcher(
  scope: BudgetScope,
  organizations: ReadonlySet<string>,
  directories: readonly StoredDirectory[],
): (label: ApiLabel) => boolean {
  const names = new Map<string, string>()
  for (const { organization, workspaces, apiKeys } of directories) {
    for (const { id, name } of [...workspaces, ...apiKeys]) names.set(`${organization}\n${id}`, name)
  }
  const nameOf = (organization: string, id: string) => names.get(`${organization}\n${id}`) ?? id
  return ({ organization, workspace, apiKey, model }) =>
    organizations.has(organization) &&
    matchesScope(scope, {
      organization: [organization],
      workspace: [
        workspace,
        workspace === DEFAULT_WORKSPACE.id ? DEFAULT_WORKSPACE.name : nameOf(organization, workspace),
      ].map(labelValue),
      api_key: [apiKey, nameOf(organization, apiKey)].map(labelValue),
      model: [labelValue(model)],
    })
}
