import { budgetsOf } from '../../config/budgets.ts'
import type { Config } from '../../config/config.ts'
import { SOURCE_NAMES } from '../../core/usage.ts'
import type { LabelRow, Ledger } from '../../ledger/ledger.ts'

/** Every name the ledger and the configuration know, by the name of the label it is shown under. */
export interface KnownNames {
  readonly byLabel: ReadonlyMap<string, readonly string[]>
  readonly branches: readonly string[]
  readonly modelIds: readonly string[]
  readonly logPaths: readonly string[]
  readonly sessions: number
}

const NO_LEDGER: KnownNames = { byLabel: new Map(), branches: [], modelIds: [], logPaths: [], sessions: 0 }

/** @param ledger null where there is none */
export async function readNames(ledger: Ledger | null, config: Config): Promise<KnownNames> {
  const budgets = budgetsOf(config)
  const settings = new Map([
    ['budget', sorted(budgets.map(({ name }) => name))],
    ['owner', sorted(budgets.map(({ owner }) => owner ?? '').filter(Boolean))],
  ])
  if (ledger === null) return { ...NO_LEDGER, byLabel: settings }
  const labels = await ledger.labels()
  const column = (name: 'source' | 'agent' | 'project' | 'provider' | 'model' | 'branch' | 'modelId' | 'machine') =>
    sorted(labels.map((row: LabelRow) => row[name]))
  const machines = await ledger.machines()
  const organizations = await organizationNames(ledger)
  const paths = await Promise.all(SOURCE_NAMES.map((source) => ledger.streams(source)))
  const always = { from: 0, to: Number.MAX_SAFE_INTEGER }
  return {
    byLabel: new Map([
      ...settings,
      ...(['source', 'agent', 'project', 'provider', 'model'] as const).map((name) => [name, column(name)] as const),
      ['machine', sorted([...labels.map(({ machine }) => machine), ...machines.map(({ name }) => name)])] as const,
      ...organizations,
    ]),
    branches: column('branch'),
    modelIds: column('modelId'),
    logPaths: sorted(paths.flat().map(({ path }) => path)),
    sessions: (await ledger.sessions(always)).length,
  }
}

async function organizationNames(ledger: Ledger): Promise<(readonly [string, readonly string[]])[]> {
  const directories = await ledger.directories()
  const people = await ledger.claudeCode({ from: 0, to: Number.MAX_SAFE_INTEGER })
  const workspaces = directories.flatMap((directory) => directory.workspaces)
  const keys = directories.flatMap((directory) => directory.apiKeys)
  return [
    ['organization', sorted(await ledger.organizations())],
    ['organization_id', sorted(directories.map(({ id }) => id))],
    ['organization_name', sorted(directories.map(({ name }) => name))],
    ['workspace_id', sorted(workspaces.map(({ id }) => id))],
    ['workspace_name', sorted(workspaces.map(({ name }) => name))],
    ['api_key_id', sorted(keys.map(({ id }) => id))],
    ['api_key_name', sorted(keys.map(({ name }) => name))],
    ['actor', sorted(people.map(({ actor }) => actor))],
  ]
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].filter((value) => value !== '').sort()
}
